"""Measures: modes, locks, slow branches, raid protection; what they do and how they end."""

from datetime import timedelta
from random import Random

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments import posting
from comments.models import Comment, Measure, Thread
from comments.models.states import Verb
from comments.posting import post, submit
from comments.refusals import BranchLocked, Judged, ThreadClosed, UnfitMeasure, VotingClosed
from tests import factories

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def user(db):
    return factories.moderator()


@pytest.fixture
def take(user):
    """Take a measure for some hours, or without an end."""

    def take(kind, *, hours=None, **place):
        until = timezone.now() + timedelta(hours=hours) if hours else None
        return Measure.take(kind, by=user, until=until, **place)

    return take


@pytest.fixture
def later(monkeypatch):
    """Move the clock."""
    now = timezone.now

    def later(**period):
        monkeypatch.setattr("django.utils.timezone.now", lambda: now() + timedelta(**period))

    return later


def write(article, name="reader", *, parent=None, text="それな"):
    reader = factories.reader(name)
    article = Article.objects.get(pk=article.pk)  # as every request reads it
    return submit(article, text=text, parent_id=parent and parent.pk, reader=reader)


def thread_of(article):
    return Thread.objects.get(article=article)


class TestModes:
    def test_a_closed_article_takes_neither_comments_nor_votes(self, article, take):
        comment = factories.comment(article)
        take(Verb.MODE, thread=comment.thread, value="closed")
        with pytest.raises(Judged, match="."):
            write(article)
        with pytest.raises(ThreadClosed):
            post(article, text="直接")
        comment.thread = thread_of(article)
        with pytest.raises(VotingClosed):
            comment.vote(reader=factories.reader(), value=1)
        assert not comment.accepts_replies

    def test_it_opens_by_itself_and_says_when(self, article, take, later):
        thread = factories.thread_of(article)
        take(Verb.MODE, thread=thread, value="closed", hours=2)
        with pytest.raises(Judged) as refusal:
            write(article)
        assert thread_of(article).regime.opens_at is not None
        assert refusal.value.status == 409
        later(hours=3)
        assert write(article).is_published

    def test_a_site_holds_everything_but_where_an_article_is_open(self, article, take):
        other = factories.article()
        take(Verb.MODE, value="held")
        take(Verb.MODE, thread=factories.thread_of(other), value="open")
        held = write(article)
        assert (held.state, held.reason) == ("held", "mode")
        assert write(other).is_published

    def test_only_the_first_comment_of_a_writer_is_held(self, article, user, take):
        take(Verb.MODE, thread=factories.thread_of(article), value="first")
        first = write(article)
        assert (first.state, first.reason) == ("held", "first")
        assert write(article, text="まだ").state == "held"
        first.approve(by=user)
        assert write(article, text="もう").is_published
        assert write(article, "somebody else").is_held
        Comment.objects.filter(pk=first.pk).update(reader_hash="")
        assert write(factories.article(), "somebody else").is_published

    def test_an_article_closes_some_days_after_its_publication(self, article, take, later):
        take(Verb.MODE, value="7")
        assert write(article).is_published
        later(days=8)
        with pytest.raises(Judged):
            write(article, "b")
        never = take(Verb.MODE, thread=thread_of(article), value="0")
        assert write(article, "c").is_published
        never.undo(by=None)
        take(Verb.MODE, thread=thread_of(article), value="open")
        assert write(article, "d").is_published

    def test_staff_write_where_it_is_closed_or_locked(self, article, user, take):
        comment = factories.comment(article)
        take(Verb.LOCK, comment=comment)
        take(Verb.MODE, thread=comment.thread, value="closed")
        assert post(article, text="運営より", staff=user, parent_id=comment.pk).is_published

    def test_a_thread_that_the_old_site_closed_can_be_opened(self, article, take):
        thread = factories.thread_of(article)
        Thread.objects.update(first_open=False)
        assert not thread_of(article).accepts_comments
        opened = take(Verb.MODE, thread=thread, value="open")
        assert thread_of(article).accepts_comments
        opened.undo(by=None)
        assert not thread_of(article).accepts_comments


class TestBranches:
    def test_a_locked_branch_takes_no_reply(self, article, take, later):
        top, other = factories.comment(article), factories.comment(article)
        below = factories.comment(article, parent=top)
        take(Verb.LOCK, comment=top, hours=1)
        for parent in (top, below):
            with pytest.raises(Judged) as refusal:
                write(article, parent=parent)
            assert refusal.value.verdict.reason == "locked"
            with pytest.raises(BranchLocked):
                post(article, text="直接", parent_id=parent.pk)
        assert write(article, parent=other).is_published
        later(hours=2)
        assert write(article, "b", parent=below).is_published

    def test_a_branch_that_grew_below_its_lock_is_locked(self, article, user, take):
        top = factories.comment(article)
        take(Verb.LOCK, comment=top)
        reply = post(article, text="運営より", staff=user, parent_id=top.pk)
        with pytest.raises(Judged):
            write(article, parent=reply)

    def test_one_writer_waits_in_a_slow_branch(self, article, take, later):
        top = factories.comment(article)
        below = factories.comment(article, parent=top)
        take(Verb.SLOW, comment=top, value="10")
        assert write(article, parent=top).is_published
        with pytest.raises(Judged) as refusal:
            write(article, parent=below, text="もう一言")
        assert (refusal.value.verdict.reason, refusal.value.status) == ("slow", 429)
        assert write(article, "b", parent=below).is_published
        assert write(article, text="枝の外").is_published
        later(minutes=11)
        assert write(article, parent=below, text="また").is_published


class TestRaids:
    def test_everything_is_held_until_it_ends(self, article, take, later):
        take(Verb.RAID, value="held", hours=1)
        assert write(article).reason == "mode"
        later(hours=2)
        assert write(article, "b").is_published

    def test_everybody_is_slowed_down_and_newcomers_by_their_network(self, article, take, later):
        known = factories.reader()
        post(article, text="以前から", reader=known)
        later(minutes=10)
        take(Verb.RAID, value="slow", hours=1)
        assert write(article, text="一つ").is_published
        with pytest.raises(Judged) as refusal:
            write(article, text="二つ")
        assert refusal.value.verdict.reason == "raid"
        stranger, next_one = (factories.reader(name, network="raid") for name in "ab")
        assert submit(article, text="荒らし", reader=stranger).is_published
        with pytest.raises(Judged):
            submit(article, text="荒らし 2", reader=next_one)

    def test_a_raid_needs_an_end(self, take):
        with pytest.raises(UnfitMeasure):
            take(Verb.RAID, value="held")


def test_only_the_newest_of_the_same_kind_and_place_is_read(article, user, take):
    top, other = factories.comment(article), factories.comment(article)
    places = [{"thread": top.thread}, {}]
    for _time in range(3):
        for place in places:
            take(Verb.MODE, value="held", **place)
            take(Verb.MODE, value="30", **place)
        for comment in (top, other):
            take(Verb.LOCK, comment=comment)
    brief = take(Verb.LOCK, comment=top, hours=1)
    measures = thread_of(article).regime.measures
    assert len(measures) == 7 and measures[0].action_id == brief.pk
    held = Measure.objects.filter(kind=Verb.MODE, value="held", thread=None)
    before, newest = held.order_by("-pk")[1], held.order_by("-pk")[0]
    newest.action.undo(by=user)
    assert before.action_id in {each.action_id for each in thread_of(article).regime.measures}


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        (Verb.MODE, {"value": "ajar"}),
        (Verb.MODE, {"value": "99999"}),
        (Verb.SLOW, {"value": "0"}),
        (Verb.SLOW, {"value": "٣"}),
        (Verb.LOCK, {"value": "x"}),
        (Verb.PIN, {}),
        (Verb.FEATURE, {"value": "back"}),
        (Verb.RAID, {"value": "held"}),
        (Verb.BAN, {}),
    ],
)
def test_a_measure_that_does_not_fit_is_refused(article, take, kind, fields):
    comment = factories.comment(article)
    place = {"thread": comment.thread} if kind == Verb.MODE else {"comment": comment}
    with pytest.raises(UnfitMeasure):
        take(kind, hours=1, **place, **fields)
    assert not Measure.objects.exists()


@pytest.mark.parametrize("seed", range(5))
def test_all_undone_in_any_order_is_as_at_the_beginning(article, user, take, seed):
    random = Random(seed)
    top = factories.comment(article)
    Thread.objects.update(first_open=seed % 2)
    before = describe(article, top)
    acts = []
    for _step in range(12):
        kind = random.choice([Verb.MODE, Verb.LOCK, Verb.SLOW, Verb.RAID])
        place = {"comment": top} if kind in {Verb.LOCK, Verb.SLOW} else {}
        if kind == Verb.MODE and random.random() < 0.7:
            place = {"thread": top.thread}
        values = {Verb.MODE: ["open", "first", "held", "closed", "3", "0"], Verb.SLOW: ["5", "9"]}
        values |= {Verb.LOCK: [""], Verb.RAID: ["held", "slow"]}
        acts.append(
            take(kind, hours=random.randint(1, 9), value=random.choice(values[kind]), **place)
        )
    random.shuffle(acts)
    for act in acts:
        act.undo(by=user)
    assert describe(article, top) == before
    assert not Measure.objects.in_force().exists()


def describe(article, comment):
    regime = thread_of(article).regime
    slow = regime.find_slow(comment)
    return regime.mode, regime.is_open, regime.raid, regime.find_lock(comment), slow


def test_a_post_asks_for_all_measures_at_once(article, take):
    top = factories.comment(article)
    write(article, "warm", parent=top)
    with CaptureQueriesContext(connection) as without:
        write(article, "a", parent=top, text="甲")
    take(Verb.MODE, thread=top.thread, value="held")
    take(Verb.MODE, value="closed")
    take(Verb.LOCK, comment=factories.comment(article))
    take(Verb.RAID, value="held", hours=1)
    with CaptureQueriesContext(connection) as queries:
        write(article, "b", parent=top, text="乙")
    asked = [query for query in queries if "comments_measure" in query["sql"]]
    assert len(asked) == 1  # under the lock
    assert len(queries) <= len(without)


def test_a_measure_taken_while_a_comment_is_on_its_way_counts(article, take, monkeypatch):
    """Between the judgement and the lock: what is read before the lock is read again."""
    top = factories.comment(article)
    lock = Verb.LOCK, {"comment": top}
    hold = Verb.MODE, {"thread": top.thread, "value": "held"}
    judge = posting.gather_draft_facts
    for name, (kind, fields) in (("a", hold), ("b", lock)):

        def gather(*arguments, kind=kind, fields=fields):
            facts = judge(*arguments)
            take(kind, **fields)
            return facts

        monkeypatch.setattr(posting, "gather_draft_facts", gather)
        if kind == Verb.LOCK:
            with pytest.raises(Judged):
                write(article, name, parent=top)
        else:
            assert write(article, name, parent=top).is_held
