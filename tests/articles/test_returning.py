"""Returning an article in review with a note, which its writer sees and readers never."""

import pytest

from tests import factories
from tests.articles.admin_forms import address, form_of

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"
NOTE = "数字の出典を足してください。<b>"


@pytest.fixture
def article(writer):
    return factories.article(
        status="review", author=writer.user, published_at=None, category=factories.category()
    )


@pytest.fixture
def returned(editor, article):
    assert address(article, "return") in editor.get(address(article)).content.decode()
    editor.post(address(article, "return"), {"note": NOTE})
    article.refresh_from_db()
    return article


def test_the_writer_sees_it_in_the_form_and_the_list(writer, editor, returned):
    assert (returned.status, returned.return_note) == ("draft", NOTE)
    assert returned.history.first().history_user == editor.user
    for place in (address(returned), LIST):
        page = writer.get(place).content.decode()
        assert "数字の出典を足してください。&lt;b&gt;" in page and "差し戻し" in page


def test_saving_leaves_it_and_submitting_settles_it(writer, returned):
    writer.post(address(returned), form_of(returned, title="直した題"))
    returned.refresh_from_db()
    assert returned.return_note == NOTE
    writer.post(address(returned), form_of(returned, _state="review"))
    returned.refresh_from_db()
    assert (returned.status, returned.return_note) == ("review", "")


@pytest.mark.parametrize("verb", ["submit", "publish"])
def test_so_does_each_verb(returned, verb):
    getattr(returned, verb)()
    returned.refresh_from_db()
    assert returned.return_note == ""


def test_a_note_says_something(editor, article):
    assert editor.post(address(article, "return"), {"note": " "}).status_code == 200
    article.refresh_from_db()
    assert article.status == "review"


def test_writers_return_nothing(writer, article):
    assert writer.post(address(article, "return"), {"note": NOTE}).status_code == 403
    assert address(article, "return") not in writer.get(address(article)).content.decode()


def test_only_what_is_in_review_is_returned(editor):
    public = factories.article()
    assert editor.post(address(public, "return"), {"note": NOTE}).status_code == 403


def test_readers_never_see_it(client, returned):
    returned.return_note = NOTE
    returned.status = "published"
    returned.publish()
    returned.return_note = NOTE
    returned.save()
    assert "数字の出典" not in client.get(returned.get_absolute_url()).content.decode()
