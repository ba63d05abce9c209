"""Any sequence of what readers and moderators do, against a plain list of parents."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from comments import verification
from comments.editing import edit, withdraw
from comments.models import Comment, ModerationAction, trees
from comments.models.states import Actor
from comments.posting import post
from comments.refusals import DeletedByWriter, NotUndoable, Refused, TextErased
from comments.wiping import wipe_texts
from tests import factories

READERS = 4


class ThreadMachine(RuleBasedStateMachine):
    """``parents`` and ``votes`` are the plain model; decisions are a list, undone ones marked."""

    @initialize()
    def begin(self):
        self.article = factories.article()
        self.moderator = factories.user(f"moderator-{self.article.pk}")
        self.comments, self.parents, self.first = [], [], []
        self.votes, self.decisions = {}, []
        self.texts, self.writers, self.purged = [], [], set()

    def fold(self):
        states = list(self.first)
        for decision in self.decisions:
            if not decision["undone"]:
                for index in decision["covers"]:
                    states[index] = decision["state"]
        for index in self.purged:
            states[index] = "removed"
        return states

    def deleted_by_writers(self):
        found = [decision["covers"] for decision in self.decisions if decision.get("final")]
        return set().union(*found)

    def branch(self, top):
        covered = {top}
        for index in range(top + 1, len(self.parents)):
            if self.parents[index] in covered:
                covered.add(index)
        return covered

    def pick(self, choice):
        return choice % len(self.comments)

    @rule(choice=st.integers(0, 200), top=st.booleans(), held=st.booleans())
    def write(self, choice, top, held):
        parent = None if top or not self.comments else self.pick(choice)
        state = Comment.State.HELD if held else Comment.State.PUBLISHED
        try:
            comment = post(
                self.article,
                text=f"意見 {len(self.comments)}",
                parent_id=None if parent is None else self.comments[parent],
                reader=factories.reader(str(choice % READERS)),
                state=state,
                reason="check" if held else "",
            )
        except Refused:
            assert self.fold()[parent] != "published"
            return
        assert parent is None or self.fold()[parent] == "published"
        assert comment.number == len(self.comments) + 1
        self.comments.append(comment.pk)
        self.parents.append(parent)
        self.texts.append(comment.text)
        self.writers.append(str(choice % READERS))
        self.first.append(state)

    @precondition(lambda self: self.comments)
    @rule(choice=st.integers(0, 200), who=st.integers(0, 9), value=st.sampled_from([1, 0, -1]))
    def vote(self, choice, who, value):
        index = self.pick(choice)
        comment = Comment.objects.get(pk=self.comments[index])
        try:
            comment.vote(reader=factories.reader(str(who)), value=value)
        except Refused:
            assert self.fold()[index] != "published" or comment.is_written_by(
                factories.reader(str(who))
            )
            return
        self.votes[index, who] = value

    @precondition(lambda self: self.comments)
    @rule(choice=st.integers(0, 200), verb=st.sampled_from(["approve", "hold", "remove", "prune"]))
    def decide(self, choice, verb):
        index = self.pick(choice)
        comment = Comment.objects.get(pk=self.comments[index])
        reason = {} if verb == "approve" else {"reason": "spam"}
        try:
            action = getattr(comment, verb)(by=self.moderator, **reason)
        except DeletedByWriter:
            assert verb in {"approve", "hold"} and index in self.deleted_by_writers()
            return
        except TextErased:
            assert verb in {"approve", "hold"} and index in self.purged
            return
        assert verb in {"remove", "prune"} or index not in self.deleted_by_writers() | self.purged
        state = {"approve": "published", "hold": "held"}.get(verb, "removed")
        covers = self.branch(index) if verb == "prune" else {index}
        self.decisions.append({"action": action, "state": state, "covers": covers, "undone": False})

    @precondition(lambda self: self.comments)
    @rule(choice=st.integers(0, 200), who=st.integers(0, READERS), stale=st.booleans())
    def edit(self, choice, who, stale):
        index = self.pick(choice)
        comment = Comment.objects.get(pk=self.comments[index])
        before = comment.digest[::-1] if stale else comment.digest
        text = f">>{choice % 7 + 1} 直した {choice}"
        try:
            edit(comment, reader=factories.reader(str(who)), text=text, before=before)
        except Refused:
            comment.refresh_from_db()
            assert comment.text == self.texts[index]
            return
        assert self.writers[index] == str(who) and not stale
        assert index not in self.parents and self.fold()[index] != "removed"
        is_new, self.texts[index] = text != self.texts[index], text
        was_judged = any(index in decision["covers"] for decision in self.decisions)
        if is_new and (was_judged or self.first[index] == "held"):
            action = ModerationAction.objects.latest("pk")
            self.decisions.append(
                {"action": action, "state": "held", "covers": {index}, "undone": False}
            )

    @precondition(lambda self: self.comments)
    @rule(choice=st.integers(0, 200))
    def purge(self, choice):
        index = self.pick(choice)
        removed = Comment.objects.removed().filter(pk=self.comments[index])
        with trees.thread_write(self.article) as thread:
            count, _quoting = wipe_texts(thread, removed)
        assert count == (self.fold()[index] == "removed")
        if count:
            self.purged.add(index)
            self.texts[index] = ""

    @precondition(lambda self: self.comments)
    @rule(choice=st.integers(0, 200), who=st.integers(0, READERS))
    def delete_own(self, choice, who):
        index = self.pick(choice)
        comment = Comment.objects.get(pk=self.comments[index])
        try:
            action = withdraw(comment, reader=factories.reader(str(who)), before=comment.digest)
        except Refused:
            assert self.writers[index] != str(who)
            return
        self.decisions.append(
            {
                "action": action,
                "state": "removed",
                "covers": {index},
                "undone": False,
                "final": True,
            }
        )

    @precondition(lambda self: self.decisions)
    @rule(choice=st.integers(0, 200))
    def undo(self, choice):
        decision = self.decisions[choice % len(self.decisions)]
        try:
            decision["action"].undo(by=self.moderator)
        except DeletedByWriter:
            assert decision.get("final")
            return
        except NotUndoable:
            assert decision["action"].actor == Actor.SITE
            return
        except TextErased:
            assert decision["covers"] <= self.purged
            return
        assert not decision.get("final") and (
            decision["undone"] or not decision["covers"] <= self.purged
        )
        decision["undone"] = True

    @invariant()
    def everything_holds(self):
        if not hasattr(self, "article"):
            return
        thread = factories.thread_of(self.article)
        assert verification.find_faults(thread) == []
        rows = list(thread.comments.order_by("number"))
        index_of = {pk: index for index, pk in enumerate(self.comments)}
        assert [row.pk for row in rows] == self.comments
        assert [row.parent_id and index_of[row.parent_id] for row in rows] == self.parents
        assert [row.state for row in rows] == self.fold()
        assert [row.text for row in rows] == self.texts
        assert [row.score for row in rows] == [
            sum(value for (voted, _who), value in self.votes.items() if voted == index)
            for index in range(len(rows))
        ]
        for index, row in enumerate(rows):
            branch = Comment.objects.branch_of(row).values_list("pk", flat=True)
            assert {index_of[pk] for pk in branch} == self.branch(index)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("examples", [3, pytest.param(25, marks=pytest.mark.slow)])
def test_every_sequence_keeps_the_thread_sound(examples):
    run_state_machine_as_test(
        ThreadMachine,
        settings=settings(
            max_examples=examples,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
