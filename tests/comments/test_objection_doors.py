"""However an objection is answered, it is by another moderator than who decided, and what stays as
it is needs a sentence of its own."""

import pytest

from comments.models import Comment, ModerationAction, Objection, Report
from comments.refusals import OwnDecision
from comments.selections import write_chosen
from tests import factories
from tests.comments.conftest import Browser
from tests.moderating import choose, decide

pytestmark = pytest.mark.django_db

DOORS = {
    "menu": "/moderation/comments/{pk}/approve/",
    "inline": "/moderation/comments/{pk}/approve/inline/",
    "queue": "/moderation/queue/approve/",
    "bulk": "/moderation/bulk/",
    "objection": "/moderation/objections/{objection}/",
    "admin": "/admin/comments/comment/",
}


@pytest.fixture
def comment(article):
    return factories.comment(article, text="港は市民のものだ", reader=factories.reader("w"))


@pytest.fixture
def decider(db):
    return factories.moderator("三澄")


@pytest.fixture
def removed(comment, decider):
    comment.remove(by=decider, reason="privacy")
    return comment


@pytest.fixture
def objection(removed):
    return Objection.objects.create(
        comment=removed, action=ModerationAction.objects.get(), text="なぜ"
    )


def press(user, door, objection):
    comment = Comment.objects.get(pk=objection.comment_id)
    browser, seen = Browser(), comment.branch_stamp
    browser.force_login(user)
    path = DOORS[door].format(pk=comment.pk, objection=objection.pk)
    fields = {
        "queue": {"chosen": comment.pk, f"seen-{comment.pk}": seen},
        "bulk": {"verb": "approve", "confirmed": "1", "chosen": f"{comment.pk} {seen}"},
        "objection": {"answer": "uphold", "seen": seen},
        "admin": {"action": "approve", **choose(comment)},
    }
    return browser.send(path, **fields.get(door, {"seen": seen}))


@pytest.mark.parametrize("door", DOORS)
def test_who_decided_approves_at_no_door(objection, decider, moderator, door):
    press(decider, door, objection)
    objection.refresh_from_db()
    objection.comment.refresh_from_db()
    assert objection.answered_at is None and objection.comment.is_removed
    press(moderator.user, door, objection)
    objection.refresh_from_db()
    assert objection.is_upheld and objection.answered_by == moderator.user


def test_a_bulk_asks_first_and_leaves_the_own_decisions(article, objection, decider, moderator):
    held = factories.comment(article, text="待つ", state="held")
    theirs = factories.comment(article, text="別の判断", reader=(own := factories.reader("o")))
    theirs.remove(by=moderator.user, reason="spam")
    Objection.objects.file(theirs, reader=own, text="なぜ")
    pks = [objection.comment_id, held.pk, theirs.pk]
    fields = {"verb": "approve", "chosen": write_chosen(Comment.objects.filter(pk__in=pks))}
    asked = moderator.send("/moderation/bulk/", **fields)
    assert "2件に異議が出ています" in asked.content.decode()
    assert Comment.objects.published().count() == 0
    answer = moderator.send("/moderation/bulk/", confirmed="1", **fields)
    assert answer.status_code == 409 and "ほかの審査担当者" in answer.content.decode()
    published = set(Comment.objects.published().values_list("pk", flat=True))
    assert published == {objection.comment_id, held.pk}
    assert list(Objection.objects.open()) == [theirs.objection]


def test_what_changed_before_a_bulk_is_shown_with_its_objections(objection, decider, moderator):
    comment = objection.comment
    chosen = f"{comment.pk} {Comment.objects.get(pk=comment.pk).stamp}"
    Comment.objects.get(pk=comment.pk).remove(by=decider, reason="hate")
    fields = {"verb": "approve", "confirmed": "1", "chosen": chosen}
    refused = moderator.send("/moderation/bulk/", **fields)
    assert refused.status_code == 409 and "1件に異議が出ています" in refused.content.decode()


def test_a_bulk_looks_for_other_moderators_once(
    article, decider, moderator, django_assert_num_queries
):
    comments = [factories.comment(article, reader=factories.reader(name)) for name in "abc"]
    for comment in comments:
        action = comment.remove(by=decider, reason="spam")
        Objection.objects.create(comment=comment, action=action, text="なぜ")
    with django_assert_num_queries(2):
        refusals = Objection.objects.find_refusals(comments, "approve", by=decider, note="")
    assert [type(refusal) for refusal in refusals.values()] == [OwnDecision] * 3


def test_keeping_without_a_sentence_answers_nothing(objection, moderator):
    comment = objection.comment
    comment.refresh_from_db()
    report = Report.objects.create(comment=comment, reason="spam", reporter="r")
    decide(moderator, comment, "keep")
    moderator.send("/admin/comments/report/", action="let_stand", **choose(report))
    objection.refresh_from_db()
    assert objection.answered_at is None
    decide(moderator, comment, "keep", note="住所です。")
    objection.refresh_from_db()
    assert objection.is_upheld is False and objection.sentence == "住所です。"


def test_a_bulk_of_unread_texts_is_refused(objection, moderator):
    comment = objection.comment
    chosen = f"{comment.pk} {comment.digest}"
    fields = {"verb": "approve", "confirmed": "1", "chosen": chosen}
    assert moderator.send("/moderation/bulk/", **fields).status_code == 409
    assert not Comment.objects.published().exists()


def test_a_bulk_for_privacy_leads_to_what_quotes_it(article, comment, moderator):
    factories.comment(article, text=f">{comment.text}\nそうだ")
    fields = {"verb": "remove", "confirmed": "1", "reason": "privacy"}
    fields["chosen"] = write_chosen([Comment.objects.get(pk=comment.pk)])
    answer = moderator.send("/moderation/bulk/", **fields)
    act = ModerationAction.objects.get()
    assert answer["Location"].startswith(f"/moderation/actions/{act.pk}/quoting/")
