"""``verify_comments`` finds each broken row, and mends it."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.models import F
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from comments import verification
from comments.models import Comment, Mention, ModerationAction, ModerationItem, Objection, Report
from comments.models.moderated import decide
from tests import factories


@pytest.fixture
def thread(article, moderator):
    """>>1 to >>4 with IDs; >>2 approved after it was held, >>3 removed, >>4 held."""
    reader = factories.reader("a")
    for number in range(1, 5):
        state = {"state": "held", "reason": "links"} if number in {2, 4} else {}
        factories.comment(article, text=f"意見 {number}", reader=reader, **state)
    second, third = Comment.objects.filter(number__in=(2, 3)).order_by("number")
    Report.objects.create(comment=third, reason="spam", reporter="r")
    Report.objects.create(comment=second, reason="spam", reporter="r")
    second.approve(by=moderator.user)
    third.remove(by=moderator.user, reason="abuse")
    objection = Objection.objects.file(third, reader=reader, text="なぜ")
    objection.keep(by=moderator.user, note="中傷です。")
    mention = Mention.objects.create(article=article, title="外の頁")
    mention.hold(by=moderator.user)
    thread = factories.thread_of(article)
    assert verification.find_faults(thread) == []
    return thread


def update(number, **fields):
    Comment.objects.filter(number=number).update(**fields)


def move_act():
    """Say that the newest act about a comment is of another thread."""
    other = factories.thread_of(factories.article())
    ModerationAction.objects.filter(verb="remove").update(thread=other)


def break_answer():
    Report.objects.filter(comment__number=3).update(answer=None, answered_at=None)


def cover(**keys):
    """Write an item with the key of a comment or of an act that does not exist."""
    known = ModerationItem.objects.filter(state="removed").get()
    ModerationItem.objects.create(**{"action": known.action, "comment": known.comment} | keys)


BREAKS = {
    "state": lambda: update(1, state="held"),
    "reason": lambda: update(3, reason="spam"),
    "reason of the published": lambda: update(1, reason="spam"),
    "date": lambda: update(3, moderated_at=timezone.now() - timedelta(days=3)),
    "date without an act": lambda: update(1, moderated_at=timezone.now()),
    "edited since": lambda: update(2, is_unseen=True),
    "first state": lambda: update(1, first_state="?"),
    "first reason": lambda: update(4, first_reason="", reason=""),
    "ordinal of the published": lambda: update(1, reader_ordinal=0),
    "ordinal of the held": lambda: update(4, reader_ordinal=9),
    "ordinal of two": lambda: update(2, reader_ordinal=1),
    "size": lambda: ModerationAction.objects.filter(verb="remove").update(size=F("size") + 1),
    "thread of an act": move_act,
    "state of an item": lambda: ModerationItem.objects.filter(state="removed").update(state="held"),
    "item without a comment": lambda: cover(comment_id=10**9),
    "item without an act": lambda: cover(action_id=10**9),
    "lost answer": break_answer,
    "wrong answer": lambda: Report.objects.update(answer=ModerationAction.objects.last()),
    "outcome of an objection": lambda: Objection.objects.update(is_upheld=True),
    "lost outcome of an objection": lambda: Objection.objects.update(answered_by=None),
    "answer to an objection": lambda: Objection.objects.update(
        answer=ModerationAction.objects.get(verb="approve")
    ),
    "mention": lambda: Mention.objects.update(state="published"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_is_found_and_mended(thread, name):
    BREAKS[name]()
    with pytest.raises(CommandError):
        call_command("verify_comments", stdout=StringIO())
    said = StringIO()
    call_command("verify_comments", "--repair", stdout=said)
    assert "1 repaired" in said.getvalue()
    thread.refresh_from_db()
    assert verification.find_faults(thread) == []
    second = StringIO()
    call_command("verify_comments", stdout=second)
    assert second.getvalue().startswith("2 threads" if "thread of" in name else "1 threads")


def test_repair_leaves_what_is_right(thread):
    update(1, reason="spam")
    before = list(Comment.objects.order_by("number").values())
    verification.repair(thread.article_id)
    unchanged = ("version", "tree_version", "reason")
    after = list(Comment.objects.order_by("number").values())
    for old, new in zip(before, after, strict=True):
        assert {k: v for k, v in old.items() if k not in unchanged} == {
            k: v for k, v in new.items() if k not in unchanged
        }


def test_a_bulk_act_is_found_in_no_other_thread(moderator):
    comments = [factories.comment(factories.article()) for _number in range(2)]
    chosen = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    decide(chosen, "hold", by=moderator.user, reason="check")
    assert verification.find_faults(factories.thread_of(comments[0].thread.article)) == []
    call_command("verify_comments", stdout=StringIO())


def test_a_longer_thread_takes_no_more_queries(article):
    thread = factories.thread_of(article)
    counts = []
    for size in (2, 6):
        factories.long_thread(article, size)
        with CaptureQueriesContext(connection) as queries:
            verification.find_faults(thread)
        counts.append(len(queries))
    assert counts[0] == counts[1]
