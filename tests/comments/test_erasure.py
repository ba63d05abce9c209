"""By order of the law a comment is erased for good: one moderator asks, another confirms."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles import search
from comments import indexing, verification
from comments.models import (
    Comment,
    Erasure,
    Measure,
    ModerationAction,
    Objection,
    OldText,
    Report,
)
from comments.models.states import Verb
from comments.refusals import TextErased
from comments.writer_record import look_up
from tests import factories, moderating
from tests.comments.conftest import Browser
from tests.comments.test_edits import edit
from tests.reading import parsed

SECRET = "三崎町二丁目の山田太郎さんは役場の会計係です。"
GROUND = "東京地裁 令和8年(ヨ)第123号"


@pytest.fixture
def second(db):
    browser = Browser(REMOTE_ADDR="192.0.2.9")
    browser.user = factories.moderator("second")
    browser.force_login(browser.user)
    return browser


@pytest.fixture
def comment(reader, other_reader, moderator, article):
    """A public comment whose text is everywhere: edited, reported, noted, objected, quoted."""
    reader.write(article, f"{SECRET}古い版", name="太郎の友")
    comment = Comment.objects.get()
    other_reader.send(f"/comments/{comment.pk}/report/", reason="privacy", text=SECRET)
    edit(reader, comment, SECRET)
    comment.refresh_from_db()
    action = comment.approve(by=moderator.user, note=f"{SECRET}は公人")
    look_up(comment, Verb.LOOKUP, by=moderator.user, note=f"{SECRET}か")
    Measure.take(Verb.LOCK, by=moderator.user, comment=comment, note=SECRET).undo(
        by=moderator.user, note=SECRET
    )
    quoting = factories.comment(article, text=f">>1 {SECRET}\n本当ですか", parent=comment)
    factories.comment(article, text=f"> {SECRET}\nまた引用")
    quoting.old_texts.create(text=f"> {SECRET}")
    quoting.reports.create(reason="privacy", about=f"> {SECRET}", reporter="x")
    Objection.objects.create(comment=comment, action=action, text=SECRET)
    comment.refresh_from_db()
    return comment


def request(browser, comment, **fields):
    address = f"/moderation/comments/{comment.pk}/erase/"
    page = parsed(browser.get(address))
    seen = page.xpath("string(//input[@name='seen']/@value)")
    return browser.post(address, {"reason": "illegal", "note": GROUND, "seen": seen} | fields)


def confirm(browser, **fields):
    erasure = Erasure.objects.last()
    address = f"/moderation/erasures/{erasure.pk}/confirm/"
    return browser.post(address, {"seen": erasure.comment.stamp} | fields)


def dump_database():
    """Everything that the rows about comments say."""
    models = (Comment, OldText, Report, ModerationAction, Objection, Erasure)
    return str([list(model.objects.values()) for model in models])


def test_two_moderators_erase_a_text_everywhere(
    moderator, second, reader, other_reader, article, comment
):
    page = other_reader.get(article.get_absolute_url()).content.decode()
    assert page.count("山田太郎") >= 3
    assert request(moderator, comment).status_code == 303
    assert Comment.objects.get(pk=comment.pk).is_published
    assert confirm(second).status_code == 303
    assert "山田太郎" not in dump_database() and "太郎の友" not in dump_database()
    comment.refresh_from_db()
    assert (comment.state, comment.reason, comment.is_purged) == ("removed", "illegal", True)
    asked, erased = ModerationAction.objects.filter(verb__in=[Verb.REQUEST, Verb.ERASE]).order_by(
        "pk"
    )
    assert (asked.verb, asked.moderator, asked.note) == (Verb.REQUEST, moderator.user, GROUND)
    assert (erased.verb, erased.moderator, erased.note) == (Verb.ERASE, second.user, "")
    assert (erased.reason, erased.size) == ("illegal", 1)
    places = [
        article.get_absolute_url(),
        *(f"/comments/{pk}/" for pk in Comment.objects.values_list("pk", flat=True)),
        *(f"/comments/{pk}/quoted/" for pk in Comment.objects.values_list("pk", flat=True)),
        "/comments/feed/",
        f"/threads/{article.pk}/feed/",
        "/search/?q=会計係",
        "/me/",
    ]
    for browser in (reader, other_reader):
        for place in places:
            assert "山田太郎" not in browser.get(place).content.decode(), place
    for place in (
        f"/moderation/threads/{article.pk}/",
        f"/moderation/comments/{comment.pk}/erase/",
        f"/admin/comments/comment/{comment.pk}/change/",
    ):
        assert "山田太郎" not in moderator.get(place).content.decode(), place
    assert comment.pk not in search.list_ids(indexing.COMMENT, after=0)
    assert Comment.objects.get(number=2).text == ">>1 …\n本当ですか"
    assert verification.find_faults(factories.thread_of(article)) == []
    assert not Report.objects.filter(comment=comment, answered_at=None).exists()


def test_nothing_can_be_undone_afterwards_and_every_door_says_so(
    moderator, second, reader, comment
):
    approval = ModerationAction.objects.get(verb=Verb.APPROVE)
    request(moderator, comment)
    confirm(second)
    erased = ModerationAction.objects.get(verb=Verb.ERASE)
    sentence = str(TextErased.message)
    responses = [
        *(moderating.decide(second, comment, verb) for verb in ("approve", "hold")),
        moderating.decide(second, comment, "approve", inline=True),
        *(moderating.undo(second, action) for action in (approval, erased)),
        moderating.undo(second, erased, inline=True),
    ]
    for response in responses:
        assert response.status_code == 409 and sentence in response.content.decode()
    assert request(moderator, comment).status_code == 409
    assert confirm(second).status_code == 409
    assert edit(reader, comment, "戻す").status_code == 404
    comment.refresh_from_db()
    assert comment.is_removed and comment.text == ""
    assert not erased.can_be_undone
    page = second.get(f"/moderation/comments/{comment.pk}/erase/").content.decode()
    assert sentence not in page and "<form" not in page.partition('class="erase"')[2]


def test_the_same_person_does_not_confirm(moderator, second, comment):
    request(moderator, comment)
    response = confirm(moderator)
    assert response.status_code == 403
    page = parsed(moderator.get(f"/moderation/comments/{comment.pk}/erase/"))
    assert not page.xpath("//form[contains(@action, '/confirm/')]")
    assert Comment.objects.get(pk=comment.pk).text == SECRET


def test_a_request_is_withdrawn_and_made_again(moderator, second, comment):
    request(moderator, comment)
    assert request(second, comment).status_code == 409
    erasure = Erasure.objects.get()
    second.post(f"/moderation/erasures/{erasure.pk}/withdraw/")
    assert ModerationAction.objects.get(verb=Verb.REQUEST).undone_by == second.user
    assert confirm(second).status_code == 409
    assert Comment.objects.get(pk=comment.pk).text == SECRET
    request(second, comment)
    assert confirm(second).status_code == 403
    assert confirm(moderator).status_code == 303


def test_a_request_is_no_decision_about_the_comment(moderator, comment):
    before = Comment.objects.values().get(pk=comment.pk)
    request(moderator, comment)
    assert Comment.objects.values().get(pk=comment.pk) == before
    action = ModerationAction.objects.get(verb=Verb.REQUEST)
    assert moderating.undo(moderator, action).status_code == 409


def test_what_was_not_seen_is_not_erased(moderator, second, reader, article):
    reader.write(article, "最初の文")
    comment = Comment.objects.get()
    request(moderator, comment)
    page = parsed(second.get(f"/moderation/comments/{comment.pk}/erase/"))
    seen = page.xpath("string(//form[contains(@action, 'confirm')]/input[@name='seen']/@value)")
    edit(reader, comment, "名前を消した文")
    response = confirm(second, seen=seen)
    assert response.status_code == 409 and "投稿者が編集" in response.content.decode()
    assert Comment.objects.get().text == "名前を消した文"


@pytest.mark.parametrize("note", ["", SECRET, "山田太郎さんは役場の会計係", "太郎の友の件"])
def test_the_ground_is_needed_and_does_not_repeat_the_text(moderator, comment, note):
    response = request(moderator, comment, note=note)
    assert response.status_code == 422
    assert not Erasure.objects.exists()
    assert note in response.content.decode()


def test_where_there_is_one_moderator_the_page_names_the_command(moderator, comment):
    page = moderator.get(f"/moderation/comments/{comment.pk}/erase/").content.decode()
    assert f"manage.py erase_comment {comment.pk}" in page
    factories.user("root", is_superuser=True)
    page = moderator.get(f"/moderation/comments/{comment.pk}/erase/").content.decode()
    assert "manage.py erase_comment" not in page


def erase_by_command(comment, *options):
    output = StringIO()
    call_command(
        *("erase_comment", str(comment.pk), "--reason", "illegal", "--ground", GROUND, *options),
        stdout=output,
    )
    return output.getvalue()


def test_the_command_erases_alone_and_says_so(moderator, comment):
    request(moderator, comment)
    assert "would be erased" in erase_by_command(comment, "--dry-run")
    assert Comment.objects.get(pk=comment.pk).text == SECRET
    assert "without a second person" in erase_by_command(comment)
    assert "山田太郎" not in dump_database()
    act = ModerationAction.objects.get(verb=Verb.ERASE)
    assert act.moderator is None and "manage.py erase_comment" in act.note
    assert not Erasure.objects.pending().exists()
    with pytest.raises(CommandError):
        erase_by_command(comment)


def test_the_pages_are_for_moderators_alone(reader, moderator, comment):
    request(moderator, comment)
    pk = Erasure.objects.get().pk
    address = f"/moderation/comments/{comment.pk}/erase/"
    assert reader.get(address).status_code == 302
    for path in (address, f"/moderation/erasures/{pk}/confirm/"):
        assert reader.post(path).status_code == 302
    assert moderator.get(f"/moderation/erasures/{pk}/confirm/").status_code == 405
    assert "no-store" in moderator.get(address)["Cache-Control"]
    before = dump_database()
    moderator.get(address)
    assert dump_database() == before
