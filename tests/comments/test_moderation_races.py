"""Posting, deciding, undoing, reporting and voting at once: nothing waits for itself, nothing is
lost, and when all is undone every comment is as it was written."""

import random
import threading
import time
import traceback

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from comments import verification
from comments.anchors import find_references
from comments.editing import edit, withdraw
from comments.models import (
    AwaitedNumber,
    Comment,
    Measure,
    ModerationAction,
    ModerationItem,
    Reference,
    Report,
    Vote,
)
from comments.models.ledger import undo_acts
from comments.models.moderated import decide
from comments.models.states import Actor
from comments.posting import post
from comments.refusals import Refused
from comments.thread_pages import COMMENTS, ROOTS
from tests import factories
from tests.reading import parsed, text

WORKERS = 8
ARTICLES = 3
BEFORE = 20  # comments of each article
AT_ONCE = 20  # comments of a bulk decision
UNDONE = 4  # acts that are undone together
MOST_SAID = 40  # errors that a failure shows
# What a worker does, and how often.
TURNS = {
    "write": 26,
    "vote": 16,
    "report": 8,
    "edit": 4,
    "withdraw": 2,
    "decide": 12,
    "prune": 6,
    "decide_about_many": 6,
    "undo": 10,
    "undo_many": 3,
    "measure": 3,
    "read": 4,
}
DECISIONS = ["approve", "hold", "remove", "prune", "keep"]
EXPLAINED = {"remove", "prune"}


class Worker(threading.Thread):
    """Acts at random until the time is over; remembers what was acknowledged."""

    def __init__(self, seed, articles, moderator, gate, seconds):
        super().__init__(name=f"worker {seed}")
        self.random, self.browser = random.Random(seed), Client()
        self.reader = factories.reader(f"worker {seed}")
        self.articles, self.moderator, self.gate = articles, moderator, gate
        self.seconds, self.posted, self.votes, self.errors = seconds, [], set(), []

    def run(self):
        self.gate.wait()
        end = time.monotonic() + self.seconds
        try:
            while time.monotonic() < end and len(self.errors) < MOST_SAID:
                self.take_turn()
        finally:
            connection.close()

    def take_turn(self):
        [kind] = self.random.choices(list(TURNS), TURNS.values())
        try:
            getattr(self, kind)(self.random.choice(self.articles))
        except (Refused, Comment.DoesNotExist, IndexError):
            return  # there is nothing to act about yet
        except Exception:
            self.errors.append(f"{kind}: {traceback.format_exc()}")

    def choose(self, article, **limits):
        pks = Comment.objects.filter(thread__article=article, **limits).values_list("pk", flat=True)
        return Comment.objects.get(pk=self.random.choice(list(pks)))

    def choose_acts(self, most):
        pks = list(ModerationAction.objects.undoable().values_list("pk", flat=True))
        chosen = self.random.sample(pks, min(most, len(pks)))
        return list(ModerationAction.objects.filter(pk__in=chosen).order_by("?"))

    def write(self, article):
        count = Comment.objects.filter(thread__article=article).count()
        named = self.random.randint(1, count + 3)
        parent = self.choose(article).pk if count and self.random.random() < 0.7 else None
        held = {"state": "held", "reason": "links"} if self.random.random() < 0.2 else {}
        typed = f">>{named} {self.name} {len(self.posted)}"
        comment = post(article, text=typed, parent_id=parent, reader=self.reader, **held)
        self.posted.append(comment.pk)

    def vote(self, article):
        comment = self.choose(article)
        comment.vote(reader=self.reader, value=self.random.choice([1, -1]))
        self.votes.add(comment.pk)

    def report(self, article):
        Report.objects.file(self.choose(article), reader=self.reader, reason="spam")

    def edit(self, article):
        comment = self.choose(article, reader_hash=self.reader.hash)
        named = self.random.randint(1, comment.number + 3)
        typed = f">>{named} {self.name} {self.random.random()}"
        edit(comment, reader=self.reader, text=typed, before=comment.digest)

    def withdraw(self, article):
        comment = self.choose(article, reader_hash=self.reader.hash)
        withdraw(comment, reader=self.reader, before=comment.digest)

    def decide(self, article):
        self.judge(self.choose(article), self.random.choice(["approve", "hold", "remove", "keep"]))

    def prune(self, article):
        self.judge(self.choose(article), "prune")

    def judge(self, comment, verb):
        reason = {"reason": "abuse"} if verb in EXPLAINED else {}
        seen = comment.branch_stamp if self.random.random() < 0.5 else ""
        getattr(comment, verb)(by=self.moderator, seen=seen, **reason)

    def decide_about_many(self, _article):
        pks = list(Comment.objects.values_list("pk", flat=True))
        chosen = self.random.sample(pks, min(AT_ONCE, len(pks)))
        verb = self.random.choice(DECISIONS)
        reason = "spam" if verb in EXPLAINED else ""
        many = Comment.objects.filter(pk__in=chosen).order_by("?")
        decide(many, verb, by=self.moderator, reason=reason)

    def undo(self, _article):
        [action] = self.choose_acts(1) or [None]
        if action:
            action.undo(by=self.moderator)

    def undo_many(self, _article):
        undo_acts(self.choose_acts(UNDONE), by=self.moderator)

    def measure(self, article):
        kind = self.random.choice(["lock", "slow"])
        value = "5" if kind == "slow" else ""
        Measure.take(kind, by=self.moderator, comment=self.choose(article), value=value)

    def read(self, article):
        assert self.browser.get(article.get_absolute_url()).status_code == 200


class Undoer(threading.Thread):
    """Undoes its share of the acts, in an order of its own."""

    def __init__(self, seed, pks, moderator):
        super().__init__()
        self.pks, self.moderator, self.errors = list(pks), moderator, []
        random.Random(seed).shuffle(self.pks)

    def run(self):
        try:
            for start in range(0, len(self.pks), AT_ONCE):
                few = self.pks[start : start + AT_ONCE]
                acts = list(ModerationAction.objects.filter(pk__in=few).order_by("?"))
                self.errors += undo_acts(acts, by=self.moderator).values()
        except Exception:
            self.errors.append(traceback.format_exc())
        finally:
            connection.close()


def run_all(threads, seconds):
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=seconds)
    assert not any(thread.is_alive() for thread in threads), "a thread hangs"
    errors = [error for thread in threads for error in thread.errors]
    assert not errors, f"{len(errors)} errors, such as {errors[0]}"


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("seconds", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_all_act_at_once(seconds):
    articles = [factories.article() for _number in range(ARTICLES)]
    written = {comment.pk for each in articles for comment in factories.long_thread(each, BEFORE)}
    Client().get(articles[0].get_absolute_url())  # compiles templates and queries
    moderator, gate = factories.user("moderator"), threading.Barrier(WORKERS)
    workers = [Worker(seed, articles, moderator, gate, seconds) for seed in range(WORKERS)]
    run_all(workers, seconds + 60)
    written |= {pk for worker in workers for pk in worker.posted}
    assert set(Comment.objects.values_list("pk", flat=True)) == written
    assert Vote.objects.count() == sum(len(worker.votes) for worker in workers)
    find_no_faults(articles)

    pks = list(ModerationAction.objects.undoable().values_list("pk", flat=True))
    assert pks
    run_all([Undoer(seed, pks[seed::4], moderator) for seed in range(4)], seconds * 4 + 60)
    assert not ModerationAction.objects.undoable().exists()
    find_no_faults(articles)
    for article in articles:
        check_states(article)
        check_links(article)
        check_pages(article)
    assert not Report.objects.filter(answer__actor=Actor.MODERATOR).exists()


def find_no_faults(articles):
    threads = [factories.thread_of(article) for article in articles]
    assert [fault for thread in threads for fault in verification.find_faults(thread)] == []


def check_states(article):
    """Every comment is in its first state, but for what its writer or the site did with it."""
    items = ModerationItem.objects.in_force().exclude(state="").order_by("action_id")
    items = items.filter(comment__thread__article=article).select_related("action")
    decided = {item.comment_id: (item.state, item.action.reason) for item in items}
    assert not items.filter(action__actor=Actor.MODERATOR).exists()
    for comment in Comment.objects.filter(thread__article=article):
        first = (comment.first_state, comment.first_reason)
        assert (comment.state, comment.reason) == decided.get(comment.pk, first)


def check_links(article):
    """A text links what it names that is published, and nothing that was not when it came and
    that only an act published."""
    comments = Comment.objects.filter(thread__article=article)
    by_number = {comment.number: comment for comment in comments}
    links = set(Reference.objects.filter(source__in=comments).values_list("source", "target"))
    waiting = AwaitedNumber.objects.filter(source__in=comments)
    waiting = set(waiting.values_list("source", "number"))
    for comment in comments:
        for number in find_references(comment.text):
            target = by_number.get(number)
            is_linked = target and f"#comment-{target.pk}" in comment.html
            is_awaited = (comment.pk, number) in waiting
            if target in (None, comment) or (is_awaited and target.first_state == "held"):
                assert not is_linked, f">>{comment.number} links >>{number}"
            elif target.is_published:
                assert is_linked, f">>{comment.number} does not link >>{number}"
                assert (comment.pk, target.pk) in links


def check_pages(article):
    """Each page of the thread shows what one that is rendered anew shows: every published text, if
    no tree is longer than a page."""
    comments = Comment.objects.published().filter(thread__article=article)
    texts = {str(number): text for number, text in comments.values_list("number", "text")}
    roots = factories.thread_of(article).comments.shown_roots().values_list("number", flat=True)
    shown = {}
    for number in range(1, -(-len(roots) // ROOTS) + 1):
        address = f"{article.get_absolute_url()}?page={number}"
        kept = read_thread(address)
        caches["default"].clear()
        assert read_thread(address) == kept
        shown |= kept
    assert {str(number) for number in roots} <= shown.keys()
    for number in shown.keys() & texts.keys():
        assert texts[number] in shown[number]
    if len(texts) <= COMMENTS:
        assert texts.keys() <= shown.keys()


def read_thread(address):
    """Return what a page of a thread says of each comment, by its number."""
    page = parsed(Client().get(address))
    return {each.get("data-number"): text(each) for each in page.xpath("//*[@data-number]")}
