"""A rule about many comments and the same rule about one are one rule."""

import pytest

from comments.models import Comment, ModerationAction, Report
from comments.readers import Reader
from tests import factories
from tests.moderating import decide

pytestmark = pytest.mark.django_db

RULES = {
    "published": "is_published",
    "held": "is_held",
    "removed": "is_removed",
    "shown": "is_shown",
    "approvable": "is_approvable",
}


@pytest.fixture
def comments(article):
    """Comments in every state that decisions and their writers can bring about."""
    moderator, writer = factories.moderator("first"), Reader(hash="w" * 64)
    for verb in ("", "hold", "remove", "prune", "withdraw", "withdraw and prune", "hold and undo"):
        above = factories.comment(article, reader=writer, text=f"意見 {verb}")
        below = factories.comment(article, parent=above)
        for step in verb.split(" and "):
            if step == "withdraw":
                above.remove(by=None, reason=Comment.Reason.WRITER, actor="writer")
            elif step == "undo":
                above.actions.get().undo(by=moderator)
            elif step:
                reason = {} if step == "hold" else {"reason": "spam"}
                getattr(above, step)(by=moderator, **reason)
        assert below.parent_id == above.pk
    return Comment.objects.all()


@pytest.mark.parametrize("queryset, of_one", RULES.items())
def test_a_queryset_says_what_the_property_says(comments, queryset, of_one):
    many = set(getattr(Comment.objects, queryset)().values_list("pk", flat=True))
    assert many == {comment.pk for comment in comments if getattr(comment, of_one)}
    assert 0 < len(many) < len(comments)


def test_an_action_in_force_is_one_that_is_not_undone(comments):
    in_force = {
        item.action_id
        for action in ModerationAction.objects.all()
        for item in action.items.in_force()
    }
    assert in_force == {
        action.pk for action in ModerationAction.objects.all() if not action.is_undone
    }


def test_what_its_writer_deleted_is_offered_for_approval_nowhere(comments, moderator):
    comment = Comment.objects.exclude(pk__in=Comment.objects.approvable()).last()
    approve = f"/moderation/comments/{comment.pk}/approve/"
    for address in (
        f"/moderation/comments/{comment.pk}/menu/",
        f"/moderation/threads/{comment.thread.article_id}/",
        f"/admin/comments/comment/{comment.pk}/change/",
    ):
        page = moderator.get(address).content.decode()
        assert approve not in page
        assert approve.replace("approve", "prune") in page
    answer = decide(moderator, comment, "approve")
    assert "投稿者が削除" in answer.content.decode()


def test_open_reports_are_those_without_an_answer(comments, moderator):
    first = comments.first()
    first.reports.create(reason="spam")
    first.reports.create(reason="spam", answered_at=first.posted_at)
    assert [report.answered_at for report in Report.objects.open()] == [None]
