"""The preview: it shows the public page of an unsaved form and saves nothing."""

import pytest
from django.contrib.admin.models import LogEntry

from articles.models import Article, Redirect
from tests import factories, staff
from tests.articles.admin_forms import address, filled_in, form_of
from tests.reading import parsed, texts

pytestmark = [pytest.mark.django_db, pytest.mark.once]
NEW = "/admin/articles/article/preview/"


@pytest.fixture
def draft():
    return factories.article(
        title="原稿", slug="draft", lead="霧の朝。", status="draft", published_at=None
    )


def test_it_is_the_public_page_of_what_is_saved(editor, client, draft):
    answer = editor.get(address(draft, "preview"))
    assert "articles/article_detail.html" in [template.name for template in answer.templates]
    page = parsed(answer)
    assert texts(page, "article__title") == ["原稿"]
    assert texts(page, "article__lead") == ["霧の朝。"]
    assert client.get(draft.get_absolute_url()).status_code == 404


def test_no_cache_keeps_it(editor, draft):
    answer = editor.get(address(draft, "preview"))
    assert "no-store" in answer["Cache-Control"] and "private" in answer["Cache-Control"]
    assert "ETag" not in answer


def test_it_speaks_the_sites_language_to_every_editor(editor, draft):
    answer = editor.get(address(draft, "preview"), headers={"accept-language": "en"})
    assert '<html lang="ja"' in answer.content.decode()


def test_it_shows_what_stands_in_the_form_and_saves_nothing(editor, draft):
    fields = {
        "title": "直した題",
        "slug": "other",
        "tags": ["港"],
        "sources": [{"title": "航路図", "publisher": "", "url": "", "position": ""}],
        "_state": "published",
    }
    page = parsed(editor.post(address(draft, "preview"), form_of(draft, **fields)))
    assert texts(page, "article__title") == ["直した題"]
    assert texts(page, "article__tag") == ["港"]
    assert texts(page, "article__source") == ["航路図"]
    draft.refresh_from_db()
    assert (draft.title, draft.slug, draft.status) == ("原稿", "draft", "draft")
    assert not draft.tags.exists()
    assert not draft.sources.exists()
    assert draft.history.count() == 1
    assert not Redirect.objects.exists()
    assert not LogEntry.objects.exists()


def test_an_article_is_previewed_before_it_is_saved_at_all(editor):
    page = parsed(editor.post(NEW, filled_in(title="まだない記事")))
    assert texts(page, "article__title") == ["まだない記事"]
    assert not Article.objects.exists()


def test_a_form_with_errors_comes_back_with_them(editor, draft):
    answer = editor.post(address(draft, "preview"), form_of(draft, title=""))
    assert answer.context["adminform"].form.errors.keys() == {"title"}
    assert f'action="{address(draft)}"' in answer.content.decode()
    answer = editor.post(NEW, filled_in(title=""))
    assert 'action="/admin/articles/article/add/"' in answer.content.decode()


def test_a_preview_gives_no_rights(draft):
    writer = staff.browser_of(staff.writer())
    assert writer.post(address(draft, "preview"), form_of(draft)).status_code == 403
    assert staff.browser_of(staff.moderator()).post(NEW, filled_in()).status_code == 403
    page = parsed(writer.post(NEW, filled_in(_state="published")))
    assert texts(page, "article__title") == ["朝の桟橋"]
    assert not Article.objects.filter(title="朝の桟橋").exists()
