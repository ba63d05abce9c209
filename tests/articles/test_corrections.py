"""Corrections and additions: dated notes for readers; and minor changes, which are no update."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from articles.models import Article
from tests import factories, staff
from tests.articles.admin_forms import address, form_of

pytestmark = pytest.mark.django_db
NOTE = {"kind": "correction", "text": "高さは12メートルではなく、21メートルでした。"}


@pytest.fixture
def article():
    return factories.article(title="港の灯台", updated_at=timezone.now() - timedelta(hours=1))


def linked_data(page):
    blocks = page.content.decode().split('<script type="application/ld+json">')[1:]
    parts = [json.loads(block.split("</script>")[0]) for block in blocks]
    nodes = [node for part in parts for node in part.get("@graph", [part])]
    return next(node for node in nodes if "headline" in node)


def test_readers_see_it_with_its_date(editor, client, article):
    before = article.updated_at
    answer = editor.post(address(article, "correct"), NOTE, follow=True)
    [message] = answer.context["messages"]
    assert f"{article.get_absolute_url()}#correction-" in str(message)
    article.refresh_from_db()
    assert article.updated_at > before
    [note] = article.dated_notes
    assert (note.text, note.by) == (NOTE["text"], editor.user.pk)
    page = client.get(article.get_absolute_url())
    assert NOTE["text"] in page.content.decode()
    assert f'id="{note.anchor}"' in page.content.decode()
    assert "訂正" in page.content.decode()
    [node] = linked_data(page)["correction"]
    assert (node["@type"], node["text"]) == ("CorrectionComment", NOTE["text"])
    assert NOTE["text"] in client.get("/feed/").content.decode()


def test_the_newest_comes_first_and_none_is_lost(article):
    stale = Article.objects.get(pk=article.pk)
    article.correct(kind="correction", text="一つ目")
    stale.correct(kind="addition", text="二つ目")
    texts = {note.text for note in Article.objects.get(pk=article.pk).dated_notes}
    assert texts == {"一つ目", "二つ目"}
    moments = [note.at for note in stale.dated_notes]
    assert moments == sorted(moments, reverse=True)


def test_its_text_is_no_markup(client, article):
    article.correct(kind="addition", text="<script>alert(1)</script>")
    for place in (article.get_absolute_url(), "/feed/"):
        assert "<script>alert(1)" not in client.get(place).content.decode()


@pytest.mark.parametrize("fields", [{"text": " "}, {"kind": "other"}, {"kind": ""}])
def test_what_says_nothing_is_refused(editor, article, fields):
    assert editor.post(address(article, "correct"), NOTE | fields).status_code == 200
    with pytest.raises(ValidationError):
        article.correct(**NOTE | fields)
    article.refresh_from_db()
    assert article.corrections == []


def test_only_what_is_public_is_corrected(editor, writer):
    draft = factories.article(status="draft", author=writer.user)
    assert editor.post(address(draft, "correct"), NOTE).status_code == 200
    with pytest.raises(ValidationError):
        draft.correct(**NOTE)
    assert writer.post(address(draft, "correct"), NOTE).status_code == 403


def test_saving_leaves_it(editor, article):
    article.correct(**NOTE)
    article.refresh_from_db()
    editor.post(address(article), form_of(article, title="別の題"))
    article.refresh_from_db()
    assert [note.text for note in article.dated_notes] == [NOTE["text"]]


def test_a_minor_change_is_no_update(editor, article):
    before = article.updated_at
    editor.post(address(article), form_of(article, body="<p>本文だ。</p>", minor="on"))
    article.refresh_from_db()
    assert (article.body, article.updated_at) == ("<p>本文だ。</p>", before)
    sources = [{"title": "航路図", "publisher": "", "url": "", "position": ""}]
    editor.post(address(article), form_of(article, sources=sources, minor="on"))
    article.refresh_from_db()
    assert article.updated_at == before
    editor.post(address(article), form_of(article, body="<p>新しい本文。</p>"))
    article.refresh_from_db()
    assert article.updated_at > before


def test_only_a_public_article_offers_it(editor, article):
    assert 'name="minor"' in editor.get(address(article)).content.decode()
    draft = factories.article(status="draft")
    assert 'name="minor"' not in editor.get(address(draft)).content.decode()


class TestEditing:
    @pytest.fixture
    def note(self, article):
        article.correct(kind="correction", text="高さわ21メートル。")
        return article.dated_notes[0]

    def place(self, article, note):
        return f"{address(article, 'correct')}{note.anchor}/"

    def test_a_typo_is_mended_and_the_dates_stay(self, editor, client, article, note):
        before = article.updated_at
        place = self.place(article, note)
        assert place in editor.get(address(article, "correct")).content.decode()
        form = {"kind": "correction", "text": "高さは21メートル。", "seen": note.text}
        assert editor.post(place, form).status_code == 302
        article.refresh_from_db()
        [mended] = article.dated_notes
        assert (mended.text, mended.at, mended.by) == ("高さは21メートル。", note.at, note.by)
        assert (article.updated_at, article.corrected_at) == (before, note.at)
        page = client.get(article.get_absolute_url()).content.decode()
        assert "高さは21メートル。" in page and "高さわ" not in page

    def test_what_it_said_before_is_kept_for_the_staff(self, editor, article, note):
        article.edit_note(note.anchor, kind="correction", text="二つ目", by=editor.user)
        article.edit_note(note.anchor, kind="addition", text="三つ目", by=editor.user)
        [mended] = article.dated_notes
        assert [each["text"] for each in mended.earlier] == [note.text, "二つ目"]
        assert mended.earlier[0]["by"] == editor.user.pk
        page = editor.get(self.place(article, note)).content.decode()
        assert note.text in page and "二つ目" in page
        revision = article.history.first()
        assert revision.history_user == editor.user
        assert revision.prev_record.corrections[0]["text"] == "二つ目"
        assert "訂正・追記の文" in editor.get(address(article, "history")).content.decode()

    def test_nothing_new_changes_nothing(self, article, note):
        count = article.history.count()
        assert not article.edit_note(note.anchor, kind=note.kind, text=f" {note.text} ")
        assert article.history.count() == count

    @pytest.mark.parametrize("fields", [{"text": " "}, {"kind": "other"}, {"seen": "別の文"}])
    def test_what_is_wrong_is_refused_with_its_words(self, editor, article, note, fields):
        form = {"kind": "correction", "text": "新しい文", "seen": note.text} | fields
        answer = editor.post(self.place(article, note), form)
        assert answer.status_code == 200 and answer.context["form"].errors
        article.refresh_from_db()
        assert article.dated_notes == [note]

    def test_a_note_of_several_lines_is_edited(self, editor, article):
        article.correct(kind="correction", text="一\n二")
        [note] = article.dated_notes
        form = {"kind": "correction", "text": "一\r\n三", "seen": "一\r\n二"}
        assert editor.post(self.place(article, note), form).status_code == 302
        assert Article.objects.get().dated_notes[0].text == "一\n三"

    def test_two_notes_of_one_second_have_their_own_names(self, article, monkeypatch):
        now = timezone.now()
        monkeypatch.setattr(timezone, "now", lambda: now)
        for text in ("一", "二", "三"):
            article.correct(kind="addition", text=text)
        assert len({note.anchor for note in article.dated_notes}) == 3

    def test_it_needs_the_right_and_a_note(self, editor, client, article, note):
        writer = staff.browser_of(staff.writer())
        assert writer.get(self.place(article, note)).status_code in {302, 403, 404}
        assert client.get(self.place(article, note)).status_code == 302
        assert editor.get(f"{address(article, 'correct')}correction-1/").status_code == 404

    def test_a_withdrawn_article_keeps_its_notes(self, article, note):
        article.withdraw(note="誤り。")
        with pytest.raises(ValidationError):
            article.edit_note(note.anchor, kind="correction", text="新しい文")
