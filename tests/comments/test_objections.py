"""Objections: a writer sees what happened and objects once; another moderator answers."""

from itertools import permutations

import pytest

from articles.models import Article
from comments.models import Comment, ModerationAction, Objection
from tests import factories
from tests.comments.conftest import Browser
from tests.reading import parsed, texts


@pytest.fixture
def writer():
    return Browser(REMOTE_ADDR="192.0.2.40")


@pytest.fixture
def comment(article, writer):
    writer.write(article, "港は市民のものだ")
    return Comment.objects.get()


@pytest.fixture
def decider(db):
    return factories.moderator("三澄")


@pytest.fixture
def removed(comment, decider):
    comment.remove(by=decider, reason="privacy")
    return comment


def object_to(browser, comment, text="実名ではありません。"):
    return browser.send(f"/comments/{comment.pk}/object/", text=text)


def answer(moderator, objection, answer, note="", **fields):
    address = f"/moderation/objections/{objection.pk}/"
    seen = Comment.objects.get(pk=objection.comment_id).stamp
    return moderator.post(address, {"answer": answer, "note": note, "seen": seen, **fields})


def test_the_writer_alone_sees_the_text_and_why_it_was_removed(article, writer, comment, decider):
    factories.comment(article, text="続き", parent=comment)
    comment.refresh_from_db()
    comment.remove(by=decider, reason="privacy")
    removed = comment
    for path in ("/me/", f"/comments/{removed.pk}/"):
        page = writer.get(path).content.decode()
        assert removed.text in page and "個人情報" in page
        assert f"/comments/{removed.pk}/object/" in page
    for path in (f"/comments/{removed.pk}/", article.get_absolute_url()):
        other = Browser().get(path).content.decode()
        assert removed.text not in other and "個人情報" in other
    [mine] = writer.get(f"/threads/{article.pk}/mine/").json()["removed"]
    assert mine["pk"] == removed.pk and removed.text in mine["html"]
    assert Browser().get(f"/threads/{article.pk}/mine/").json()["removed"] == []


def test_a_removed_comment_is_in_no_feed(article, removed):
    for path in ("/comments/feed/", f"/threads/{article.pk}/feed/"):
        assert removed.text not in Browser().get(path).content.decode()


def test_a_writer_objects_once(writer, removed, decider):
    assert object_to(writer, removed).status_code == 303
    objection = Objection.objects.get()
    assert objection.action == ModerationAction.objects.get() and objection.decider == decider
    refused = object_to(writer, removed, "もう一度言います")
    assert refused.status_code == 409 and "もう一度言います" in refused.content.decode()
    assert "実名ではありません。" in writer.get("/me/").content.decode()
    assert Objection.objects.count() == 1


@pytest.mark.parametrize("text", ["", " \n", "長" * 501])
def test_an_unfit_objection_keeps_its_text(writer, removed, text):
    refused = object_to(writer, removed, text)
    assert refused.status_code == 422 and text.strip() in refused.content.decode()
    assert not Objection.objects.exists()


def test_nobody_objects_for_another(removed, reader):
    assert object_to(reader, removed).status_code == 404
    assert object_to(Browser(), removed).status_code == 404


def test_another_page_cannot_object(writer, removed):
    elsewhere = {"headers": {"origin": "https://elsewhere.example"}}
    path = f"/comments/{removed.pk}/object/"
    assert writer.post(path, {"text": "それは"}, **elsewhere).status_code == 403


def test_objections_are_limited(article, writer, decider, settings):
    settings.COMMENT_RULES = settings.COMMENT_RULES | {"objection_rate": {3600: 1}}
    for text in ("one", "two"):
        writer.write(article, text)
    first, second = Comment.objects.all()
    for comment in (first, second):
        comment.remove(by=decider, reason="spam")
    assert object_to(writer, first).status_code == 303
    refused = object_to(writer, second, "なぜですか")
    assert refused.status_code == 429 and "なぜですか" in refused.content.decode()


def test_what_is_published_or_deleted_by_its_writer_gives_no_reason_to_object(writer, comment):
    assert object_to(writer, comment).status_code == 403
    writer.send(f"/comments/{comment.pk}/delete/", before=comment.digest)
    assert object_to(writer, comment).status_code == 403


def test_a_writer_objects_to_a_check(article, writer, moderator):
    writer.write(article, "https://a.example https://b.example https://c.example")
    held = Comment.objects.get()
    assert held.is_held
    assert object_to(writer, held).status_code == 303
    objection = Objection.objects.get()
    assert objection.action is None
    assert answer(moderator, objection, "uphold").status_code == 303
    held.refresh_from_db()
    assert held.is_published


def test_another_moderator_upholds_and_the_writer_is_told(writer, removed, moderator):
    object_to(writer, removed)
    objection = Objection.objects.get()
    assert answer(moderator, objection, "uphold", "誤りでした。").status_code == 303
    removed.refresh_from_db()
    objection.refresh_from_db()
    assert removed.is_published
    assert objection.is_upheld and objection.answered_by == moderator.user
    for path in ("/me/", f"/comments/{removed.pk}/"):
        page = writer.get(path).content.decode()
        assert "異議が認められ" in page and "誤りでした。" in page
    assert "誤りでした。" not in Browser().get(f"/comments/{removed.pk}/").content.decode()


def test_the_decision_stays_with_a_sentence(writer, removed, moderator):
    object_to(writer, removed)
    objection = Objection.objects.get()
    assert answer(moderator, objection, "keep").status_code == 422
    assert answer(moderator, objection, "keep", "住所が書かれています。").status_code == 303
    objection.refresh_from_db()
    removed.refresh_from_db()
    assert objection.is_upheld is False and removed.is_removed
    assert "住所が書かれています。" in writer.get("/me/").content.decode()
    assert answer(moderator, objection, "uphold").status_code == 409


@pytest.mark.parametrize("kind", ["uphold", "keep"])
def test_undoing_the_answer_opens_the_objection(writer, removed, moderator, kind):
    object_to(writer, removed)
    objection = Objection.objects.get()
    answer(moderator, objection, kind, "住所です。")
    objection.refresh_from_db()
    objection.answer.undo(by=moderator.user)
    objection.refresh_from_db()
    removed.refresh_from_db()
    assert (objection.is_upheld, objection.answered_at, objection.answered_by) == (None,) * 3
    assert objection.answer is None
    assert removed.is_removed and "住所です。" not in writer.get("/me/").content.decode()
    assert answer(moderator, objection, "uphold").status_code == 303


def test_undoing_the_decision_itself_upholds(writer, removed, moderator):
    object_to(writer, removed)
    objection = Objection.objects.get()
    objection.action.undo(by=moderator.user)
    objection.refresh_from_db()
    assert objection.is_upheld and objection.answered_by == moderator.user


def test_upholding_touches_nothing_else_that_the_decision_covered(
    article, writer, comment, decider, moderator
):
    reply = factories.comment(article, text="返信", parent=comment)
    comment.refresh_from_db()
    comment.prune(by=decider, reason="spam")
    object_to(writer, comment)
    answer(moderator, Objection.objects.get(), "uphold")
    reply.refresh_from_db()
    comment.refresh_from_db()
    assert comment.is_published and reply.is_removed


def test_who_decided_does_not_answer_where_there_is_another(writer, removed, decider, moderator):
    object_to(writer, removed)
    objection = Objection.objects.get()
    first = Browser()
    first.force_login(decider)
    page = first.get(f"/moderation/objections/{objection.pk}/").content.decode()
    assert "ほかの審査担当者が回答します" in page and "異議を認めて掲載する" not in page
    assert answer(first, objection, "uphold").status_code == 403
    moderator.user.is_active = False
    moderator.user.save()
    page = first.get(f"/moderation/objections/{objection.pk}/").content.decode()
    assert "ほかに審査担当者がいない" in page
    assert answer(first, objection, "uphold").status_code == 303


def test_an_answer_names_what_was_seen(writer, removed, moderator):
    seen = removed.stamp
    object_to(writer, removed)
    removed.remove(by=factories.user("次"), reason="hate")
    refused = answer(moderator, Objection.objects.get(), "uphold", seen=seen)
    assert refused.status_code == 409 and "次" in refused.content.decode()
    removed.refresh_from_db()
    assert removed.is_removed


def test_the_page_is_for_moderators(writer, removed, client):
    object_to(writer, removed)
    path = f"/moderation/objections/{Objection.objects.get().pk}/"
    assert client.get(path).status_code == 302
    client.force_login(factories.user("somebody", is_staff=True))
    assert client.get(path).status_code == 403


def test_the_page_names_no_article_that_is_not_public(article, writer, removed, moderator):
    object_to(writer, removed)
    Article.objects.filter(pk=article.pk).update(status="draft")
    page = moderator.get(f"/moderation/objections/{Objection.objects.get().pk}/")
    assert article.title not in page.content.decode()
    assert texts(parsed(page), "desk__title")


def test_deleting_a_held_comment_closes_its_objection(article, writer):
    writer.write(article, "https://a.example https://b.example https://c.example")
    held = Comment.objects.get()
    object_to(writer, held)
    writer.send(f"/comments/{held.pk}/delete/", before=held.digest)
    objection = Objection.objects.get()
    assert objection.answered_at and objection.is_upheld is None


def test_a_note_about_several_comments_reaches_no_writer(article, writer, decider, moderator):
    objections = []
    for text in ("one", "two"):
        comment = factories.comment(article, text=text, reader=(own := factories.reader(text)))
        comment.remove(by=decider, reason="spam")
        objections.append(Objection.objects.file(comment, reader=own, text="なぜ"))
    pks = [objection.comment_id for objection in objections]
    stamps = {f"seen-{pk}": Comment.objects.get(pk=pk).stamp for pk in pks}
    note = {"chosen": pks, "note": "同じ人らしい", **stamps}
    assert moderator.send("/moderation/queue/keep/", **note).status_code == 400
    assert moderator.send("/moderation/queue/approve/", **note).status_code == 303
    for objection in Objection.objects.all():
        assert objection.is_upheld and objection.sentence == ""


def test_an_erased_text_gives_nothing_to_object_about(writer, removed):
    Comment.objects.filter(pk=removed.pk).update(text="", html="")
    assert "/object/" not in writer.get("/me/").content.decode()
    assert object_to(writer, removed).status_code == 403


@pytest.mark.parametrize("order", list(permutations(range(4)))[::4])
def test_undone_in_any_order_the_acts_leave_the_objection_open(article, decider, order):
    by, own = factories.user("早瀬"), factories.reader("own")
    comment = factories.comment(article, text="消された", reader=own)
    comment.remove(by=decider, reason="spam")
    objection = Objection.objects.file(comment, reader=own, text="なぜ")
    acts = [
        objection.keep(by=by, note="宣伝です。"),
        comment.approve(by=by),
        comment.prune(by=decider, reason="abuse"),
        comment.approve(by=decider),
    ]
    objection.refresh_from_db()
    assert objection.is_upheld and objection.answered_by == by
    for index in order:
        acts[index].undo(by=by)
    objection.refresh_from_db()
    comment.refresh_from_db()
    assert (objection.is_upheld, objection.answered_at, comment.state) == (None, None, "removed")
