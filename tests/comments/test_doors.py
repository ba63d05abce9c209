"""Every door to a decision sends what its moderator saw, and refuses what has changed since."""

import pytest

from comments.models import Comment, ModerationAction
from tests import factories
from tests.reading import parsed, text

PAGES = {
    "menu": "/moderation/comments/{comment.pk}/menu/",
    "thread": "/moderation/threads/{comment.thread.article_id}/",
    "admin": "/admin/comments/comment/{comment.pk}/change/",
}
INLINE = ["", "inline/"]


@pytest.fixture(params=[(page, inline) for page in PAGES for inline in INLINE], ids="".join)
def door(request, moderator):
    """Open a page, let something happen, and press a button on it."""
    page, inline = request.param

    def press(comment, verb, meanwhile, **fields):
        opened = parsed(moderator.get(PAGES[page].format(comment=comment)))
        action = f"/moderation/comments/{comment.pk}/hold/"
        (form,) = opened.xpath(f"//form[@action='{action}']")
        (seen,) = form.xpath(".//input[@name='seen']/@value")
        meanwhile()
        path = f"/moderation/comments/{comment.pk}/{verb}/{inline}"
        return moderator.post(path, {"seen": seen, **fields})

    return press


def states(article):
    comments = Comment.objects.filter(thread__article=article).order_by("number")
    return list(comments.values_list("state", flat=True))


def read_stamp(answer):
    """Return the stamp that a refusal sends with the comment as it is now."""
    return parsed(answer).xpath("//input[@name='seen']/@value")[-1]


def test_a_text_that_was_edited_since_is_not_approved(door, reader, moderator, article):
    reader.write(article, "https://a.jp https://b.jp https://c.jp")
    held = Comment.objects.get()

    def edit():
        reader.send(f"/comments/{held.pk}/edit/", text="買ってください", before=held.digest)

    answer = door(held, "approve", edit, note="読んだ", reason="spam")
    assert answer.status_code == 409
    assert "買ってください" in text(parsed(answer))
    assert states(article) == ["held"]
    path = f"/moderation/comments/{held.pk}/approve/"
    assert moderator.post(path, {"seen": read_stamp(answer)}).status_code == 303


def test_a_removal_by_a_colleague_is_not_overwritten(door, article):
    comment = factories.comment(article, state="held", reason="check")
    colleague = factories.user("misumi", display_name="三澄")
    answer = door(
        comment, "approve", lambda: comment.remove(by=colleague, reason="privacy"), note="よい"
    )
    said = text(parsed(answer))
    assert answer.status_code == 409
    assert "三澄" in said and "個人情報" in said
    assert states(article) == ["removed"]


def test_a_prune_takes_only_what_it_promised(door, moderator, article):
    top = factories.comment(article)
    factories.comment(article, parent=top)

    def answer_them():
        for _number in range(3):
            factories.comment(article, parent=top)

    answer = door(top, "prune", answer_them, reason="spam")
    assert answer.status_code == 409
    assert "3" in text(parsed(answer))
    assert states(article) == ["published"] * 5
    path = f"/moderation/comments/{top.pk}/prune/"
    again = {"reason": "spam", "seen": read_stamp(answer)}
    assert moderator.post(path, again).status_code == 303
    assert states(article) == ["removed"] * 5


def test_a_prune_does_not_take_a_reply_whose_text_or_state_changed(door, reader, article):
    top = factories.comment(article)
    reader.write(article, "返事です", parent=top.pk)
    reply = Comment.objects.get(parent=top)
    answer = door(top, "prune", lambda: reply.hold(by=None, actor="site"), reason="spam")
    assert answer.status_code == 409
    assert states(article) == ["published", "held"]


def test_the_typed_note_and_reason_stay_in_the_form(moderator, article):
    comment = factories.comment(article)
    seen = comment.branch_stamp
    comment.hold(by=moderator.user)
    fields = {"seen": seen, "reason": "abuse", "note": "三度目の注意", "next": "/"}
    page = parsed(moderator.post(f"/moderation/comments/{comment.pk}/remove/", fields))
    assert page.xpath("//input[@name='note']/@value") == ["三度目の注意"]
    assert page.xpath("//option[@selected]/@value") == ["abuse"]
    assert page.xpath("//form//input[@name='next']/@value") == ["/"]


@pytest.mark.slow
@pytest.mark.parametrize("inline", INLINE)
@pytest.mark.parametrize("seen", [None, "", "forged", "1.2.3", f"{'9' * 60}.{'9' * 99}.-1.٣.4"])
def test_a_decision_without_a_stamp_is_refused(moderator, article, seen, inline):
    comment = factories.comment(article)
    fields = {"reason": "spam"} | ({} if seen is None else {"seen": seen})
    for verb in ("approve", "hold", "remove", "prune", "keep"):
        answer = moderator.post(f"/moderation/comments/{comment.pk}/{verb}/{inline}", fields)
        assert answer.status_code == 409
    assert not ModerationAction.objects.exists()


def test_a_prune_is_refused_where_only_the_comment_was_seen(moderator, article):
    comment = factories.comment(article)
    fields = {"reason": "spam", "seen": comment.stamp}
    assert moderator.post(f"/moderation/comments/{comment.pk}/prune/", fields).status_code == 409
    assert moderator.post(f"/moderation/comments/{comment.pk}/remove/", fields).status_code == 303


@pytest.mark.parametrize("verb", ["edit", "mode", "refresh_from_db", "delete"])
def test_only_decisions_have_an_address(moderator, article, verb):
    comment = factories.comment(article)
    fields = {"reason": "spam", "seen": comment.branch_stamp}
    answer = moderator.post(f"/moderation/comments/{comment.pk}/{verb}/", fields)
    assert answer.status_code == 404


@pytest.mark.parametrize("inline", INLINE)
def test_a_note_is_left_from_the_form_of_a_decision(moderator, article, inline):
    comment = factories.comment(article)
    path = f"/moderation/comments/{comment.pk}/note/{inline}"
    assert moderator.post(path, {"note": ""}).status_code == 400
    assert moderator.post(path, {"note": "様子を見る", "reason": "spam"}).status_code < 400
    for page in PAGES.values():
        if page != PAGES["menu"]:
            assert "様子を見る" in moderator.get(page.format(comment=comment)).content.decode()


def open_undo(moderator, action):
    """Return the stamp of the button that undoes an act, as the thread's page has it."""
    page = parsed(moderator.get(f"/moderation/threads/{action.thread.article_id}/"))
    (form,) = page.xpath(f"//form[@action='/moderation/actions/{action.pk}/undo/']")
    return form.xpath(".//input[@name='seen']/@value")[0]


@pytest.mark.parametrize("inline", INLINE)
def test_undoing_is_refused_if_what_it_would_publish_has_changed(moderator, article, inline):
    top = factories.comment(article)
    reply = factories.comment(article, parent=top)
    action = top.prune(by=moderator.user, reason="spam")
    seen = open_undo(moderator, action)
    reply.remove(by=factories.user("misumi", display_name="三澄"), reason="privacy")
    path = f"/moderation/actions/{action.pk}/undo/{inline}"
    answer = moderator.post(path, {"seen": seen, "note": "行き過ぎた"})
    assert answer.status_code == 409
    assert "三澄" in text(parsed(answer))
    if not inline:
        assert parsed(answer).xpath("//input[@name='note']/@value") == ["行き過ぎた"]
    assert states(article) == ["removed", "removed"]
    assert moderator.post(path, {}).status_code == 409
    answer = moderator.post(path, {"seen": read_stamp(answer), "note": "行き過ぎた"})
    assert answer.status_code < 400
    action.refresh_from_db()
    assert action.undone_note == "行き過ぎた"
    assert states(article) == ["published", "removed"]


def test_undoing_says_what_stays_and_why(moderator, article):
    top = factories.comment(article)
    replies = [factories.comment(article, parent=top) for _number in range(32)]
    held = factories.comment(article, parent=top, state="held", reason="links")
    action = top.prune(by=moderator.user, reason="spam")
    colleague = factories.user("misumi", display_name="三澄")
    for reply in replies:
        reply.remove(by=colleague, reason="privacy")
    seen = open_undo(moderator, action)
    answer = moderator.post(f"/moderation/actions/{action.pk}/undo/", {"seen": seen}, follow=True)
    entries = [text(entry) for entry in parsed(answer).xpath("//ul[@class='remaining']/li")]
    assert len(entries) == 31
    assert ">>2" in entries[0] and "三澄" in entries[0] and "個人情報" in entries[0]
    assert "3" in entries[30]
    pairs, count = action.explain_remaining()
    assert (len(pairs), count) == (30, 33)
    action = held.approve(by=moderator.user)
    action.undo(by=moderator.user)
    ((_comment, why),), count = action.explain_remaining()
    assert count == 1 and "リンク" in why
