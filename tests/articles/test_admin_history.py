"""The history of an article: its revisions, and reverting to one."""

import pytest
from django.urls import reverse

from articles.models import Article
from tests import factories
from tests.articles.admin_forms import address, form_of
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def related():
    return factories.article(title="関連")


@pytest.fixture
def article(editor, related):
    """An article with two revisions by an editor: all of it, then all of it changed."""
    fields = {"status": "draft", "author": editor.user, "category": factories.category()}
    article = factories.article(title="初めの題", slug="first", **fields)
    first = {
        "tags": ["港"],
        "other_categories": [],
        "sources": [{"title": "航路図", "publisher": "港湾局", "url": "", "position": 1}],
        "related": [{"related": related.pk, "position": 1}],
    }
    editor.post(address(article), form_of(article, **first))
    source, link = article.sources.get(), article.related_links.get()
    second = {
        "title": "次の題",
        "tags": ["海"],
        "_state": "published",
        "slug": "second",
        "sources": [{"id": source.pk, "title": "海図", "article": article.pk, "position": 1}],
        "related": [{"id": link.pk, "related": related.pk, "article": article.pk, "DELETE": "on"}],
    }
    editor.post(address(article), form_of(article, **second))
    article.refresh_from_db()
    assert (article.title, article.status, article.slug) == ("次の題", "published", "second")
    return article


def first_of(article):
    return article.history.filter(title="初めの題").first()


def place_of(article, revision=None):
    revision = revision or first_of(article)
    return reverse("admin:articles_article_revert", args=[article.pk, revision.pk])


def go_back(browser, article, **fields):
    """Open the page that restores the first revision, and restore it."""
    page = browser.get(place_of(article))
    assert page.status_code == 200
    return browser.post(place_of(article), {"seen": page.context["seen"], **fields})


def compare(browser, article, old="", new=""):
    query = {name: key for name, key in (("old", old), ("new", new)) if key}
    return browser.get(address(article, "history"), query)


def test_a_revision_keeps_tags_sources_and_related_articles(article, related):
    assert first_of(article).snapshot == {
        "tags": ["港"],
        "other_categories": [],
        "credits": [],
        "sources": [{"title": "航路図", "publisher": "港湾局", "url": "", "position": 1}],
        "related": [{"pk": related.pk, "title": "関連"}],
    }
    assert article.history.first().snapshot["tags"] == ["海"]


def test_the_history_says_what_changed_in_words(editor, article):
    page = text(parsed(editor.get(address(article, "history"))))
    for words in ("下書き → 公開", "初め", "次", "港", "航路図", "海図", "関連"):
        assert words in page
    assert str(editor.user) in page


def test_going_back_brings_back_what_it_says_and_leaves_where_it_stands(editor, article):
    stood = {name: getattr(article, name) for name in ("status", "slug", "published_at", "author")}
    assert go_back(editor, article).status_code == 302
    article.refresh_from_db()
    assert article.title == "初めの題"
    assert list(article.tags.names()) == ["港"]
    assert [source.title for source in article.sources.all()] == ["航路図"]
    assert [link.related.title for link in article.related_links.all()] == ["関連"]
    assert {name: getattr(article, name) for name in stood} == stood
    assert article.history.first().snapshot == first_of(article).snapshot


def test_going_back_leaves_out_a_related_article_that_is_gone(editor, article, related):
    related.delete()
    go_back(editor, article)
    assert not article.related_links.exists()


def test_the_way_back_leads_past_the_state_and_the_address(editor, article):
    go_back(editor, article, status="draft", slug="third", title="別の題", _state="withdrawn")
    article.refresh_from_db()
    assert (article.title, article.status, article.slug) == ("初めの題", "published", "second")


def test_going_back_is_an_update_for_readers(editor, article):
    before = article.updated_at
    go_back(editor, article)
    article.refresh_from_db()
    assert article.updated_at > before


def test_a_decision_of_the_list_is_a_revision_with_a_snapshot(editor, article):
    editor.post(address(article, "withdraw"), {"note": "誤報"})
    newest = article.history.first()
    assert (newest.status, newest.snapshot["tags"]) == ("withdrawn", ["海"])
    assert newest.history_user == editor.user


def test_a_writer_cannot_reach_what_is_published_through_an_old_draft(writer, article):
    Article.objects.filter(pk=article.pk).update(author=writer.user)
    article.history.update(author_id=writer.user.pk)
    old = place_of(article)
    assert writer.get(old).status_code == 404
    assert writer.post(old, {"seen": article.history.first().pk}).status_code == 404
    article.refresh_from_db()
    assert article.title == "次の題"


def test_a_revision_of_another_article_is_not_found(editor, article, related):
    assert editor.get(place_of(related, first_of(article))).status_code == 404
