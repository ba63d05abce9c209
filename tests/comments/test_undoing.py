"""Any sequence of acts, undone in any order, leaves everything as if nothing had been done."""

import pytest
from django.test import Client
from hypothesis import given, settings
from hypothesis import strategies as st

from comments import verification
from comments.editing import edit, withdraw
from comments.models import Comment, Measure, Mention, Report
from comments.models.ledger import undo_acts
from comments.models.moderated import decide
from comments.posting import post
from comments.refusals import Refused
from tests import factories

SIZE = 12
HELD = {9, 11}  # indexes of the comments that were held at first
REASONS = ["spam", "abuse", "privacy", "off-topic"]
DECISIONS = ["approve", "hold", "remove", "prune", "keep"]
WITH_REASON = {"remove", "prune"}
BY_WRITERS = ["write", "edit", "withdraw"]
VERSIONS = {"version", "tree_version"}  # they only rise
SHIFTED = {"lft", "rght", "tree_published"}  # by what others write
acts = st.lists(
    st.tuples(
        st.sampled_from(
            [*DECISIONS, *DECISIONS, "prune", "bulk", "note", "measure", "mention", *BY_WRITERS]
        ),
        st.integers(0, SIZE - 1),
        st.lists(st.integers(0, SIZE + 2), min_size=1, max_size=6, unique=True),
        st.sampled_from(REASONS),
        st.sampled_from(DECISIONS),
    ),
    max_size=10,
)


class Scene:
    """Two threads with IDs, reports, comments that name each other, and a mention."""

    def __init__(self):
        self.article, other = factories.article(), factories.article()
        self.moderator = factories.user(f"moderator-{self.article.pk}")
        self.comments, self.browser = [], Client()
        for index in range(SIZE):
            parent = self.comments[(index - 1) // 2] if index % 5 else None
            state = {"state": "held", "reason": "links"} if index in HELD else {}
            text = f">>{index // 2 + 1} >>12 意見 {index}" if index % 2 else f"意見 {index}"
            reader = factories.reader(str(index % 3))
            fields = {"text": text, "parent": parent, "reader": reader, **state}
            self.comments.append(factories.comment(self.article, **fields))
        self.comments += [factories.comment(other, text=f"意見 {index}") for index in range(3)]
        for index in (2, 9):
            Report.objects.create(comment=self.comments[index], reason="spam", reporter="r")
        self.mention = Mention.objects.create(
            article=self.article, title="外の頁", state="held", first_state="held"
        )
        self.threads = [factories.thread_of(article) for article in (self.article, other)]
        self.acts, self.touched = [], set()

    def describe(self):
        """Return all that acts may change."""
        names = [field.attname for field in Comment._meta.concrete_fields]
        kept = [name for name in names if name not in VERSIONS]
        rows = Comment.objects.exclude(pk__in=self.touched).order_by("pk")
        reports = Report.objects.exclude(comment__in=self.touched).order_by("pk")
        whole = {} if self.touched else self.describe_page()
        return {
            "rows": list(rows.values(*kept)),
            "reports": list(reports.values()),
            "mention": Mention.objects.values().get(pk=self.mention.pk),
            **whole,
        }

    def describe_page(self):
        page = self.browser.get(self.article.get_absolute_url()).content
        counts = [factories.thread_of(thread.article).published_count for thread in self.threads]
        return {"page": page, "counts": counts}

    def act(self, kind, index, several, reason, verb):
        comment = self.comments[index]
        said = {"by": self.moderator}
        if kind in DECISIONS:
            with_reason = {"reason": reason} if kind in WITH_REASON else {}
            self.acts.append(getattr(comment, kind)(**said, **with_reason))
        elif kind == "bulk":
            chosen = Comment.objects.filter(pk__in=[self.comments[place].pk for place in several])
            reason = reason if verb in WITH_REASON else ""
            self.acts.append(decide(chosen, verb, reason=reason, **said)[0])
        elif kind == "note":
            comment.note(self.moderator, "様子を見る")
        elif kind == "measure":
            kind = ["lock", "slow"][index % 2]
            value = "5" if kind == "slow" else ""
            self.acts.append(Measure.take(kind, by=self.moderator, comment=comment, value=value))
        elif kind == "mention":
            verb = ["approve", "hold", "remove"][index % 3]
            with_reason = {"reason": reason} if verb == "remove" else {}
            self.acts.append(getattr(self.mention, verb)(**said, **with_reason))
        else:
            self.let_write(kind, index)

    def let_write(self, kind, index):
        """Let a reader write, edit or delete; what readers do is not undone."""
        comment = Comment.objects.get(pk=self.comments[index].pk)
        reader = factories.reader(str(index % 3))
        if kind == "write":
            text = f">>{index + 1} 返事"
            self.touched.add(post(self.article, text=text, parent_id=comment.pk, reader=reader).pk)
        elif kind == "edit":
            edit(comment, reader=reader, text=f"直した {index}", before=comment.digest)
        else:
            withdraw(comment, reader=reader, before=comment.digest)
        self.touched.add(comment.pk)

    def find_faults(self):
        threads = [factories.thread_of(thread.article) for thread in self.threads]
        return [fault for thread in threads for fault in verification.find_faults(thread)]


def act_and_undo(acts, order, at_once):
    scene = Scene()
    assert scene.find_faults() == []
    before = scene.describe()
    for act in acts:
        try:
            scene.act(*act)
        except Refused:
            continue
        assert scene.find_faults() == []
    undone = [action for action in scene.acts if action]
    order.shuffle(undone)
    if at_once:
        assert undo_acts(undone, by=scene.moderator) == {}
    else:
        for action in undone:
            action.undo(by=scene.moderator)
            assert scene.find_faults() == []
    assert scene.find_faults() == []
    after = scene.describe()
    if scene.touched:  # compare the rest
        rows = [row for row in before["rows"] if row["id"] not in scene.touched]
        for row in (*rows, *after["rows"]):
            for name in SHIFTED:
                del row[name]
        reports = [row for row in before["reports"] if row["comment_id"] not in scene.touched]
        before = {"rows": rows, "reports": reports, "mention": before["mention"]}
    assert after == before


@pytest.mark.parametrize("examples", [4, pytest.param(500, marks=pytest.mark.slow)])
def test_all_undone_in_any_order_is_as_if_nothing_had_been(db, examples):
    order = st.randoms(use_true_random=False)
    given_any = given(acts=acts, order=order, at_once=st.booleans())
    settings(max_examples=examples)(given_any(act_and_undo))()
