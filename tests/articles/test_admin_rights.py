"""The rights of writers and editors, enforced on every request."""

from unittest import mock

import pytest
from django.contrib.admin import site
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from articles.admin import ArticleAdmin
from articles.models import Article, RelatedArticle
from tests import factories, staff
from tests.articles.admin_forms import ADD, address, errors_of, filled_in, form_of, ready, saved

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/articles/article/"


@pytest.fixture
def draft(writer):
    return factories.article(
        title="書きかけ",
        author=writer.user,
        status="draft",
        published_at=None,
        category=factories.category(),
    )


def act(browser, action, *articles, **fields):
    chosen = {ACTION_CHECKBOX_NAME: [article.pk for article in articles]}
    sent = {"action": action, "confirmed": "on", **chosen, **fields}
    return browser.post(LIST, sent, follow=True)


def status_of(article):
    return Article.objects.get(pk=article.pk).status


def test_a_writer_is_the_author_whoever_the_form_names(writer):
    other = staff.writer("other")
    article = saved(writer.post(ADD, filled_in(author=other.pk)))
    assert article.author == writer.user


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_a_writer_cannot_publish_by_the_form(writer, draft, status):
    writer.post(address(draft), form_of(draft, status=status, withdrawal_note="x"))
    assert status_of(draft) == "draft"
    assert saved(writer.post(ADD, filled_in(status=status))).status == "draft"


@pytest.mark.parametrize("button", ["published", "scheduled"])
def test_a_writer_cannot_publish_by_the_editors_button(writer, draft, button):
    answer = writer.post(address(draft), form_of(draft, _state=button))
    assert "status" in errors_of(answer)
    assert status_of(draft) == "draft"
    assert "status" in errors_of(writer.post(ADD, ready(_state=button)))


def test_a_writer_cannot_publish_by_the_list(writer, draft):
    act(writer, "publish", draft)
    act(writer, "withdraw", draft, note="x")
    assert status_of(draft) == "draft"


def test_a_writer_sets_no_date_and_features_nothing(writer, draft):
    fields = {"published_at_0": "2020-01-01", "published_at_1": "06:00:00", "featured": "on"}
    writer.post(address(draft), form_of(draft, **fields))
    draft.refresh_from_db()
    assert draft.published_at is None
    assert not draft.featured


def test_a_writer_submits_and_takes_back(writer, draft):
    writer.post(address(draft), form_of(draft, _state="review"))
    assert status_of(draft) == "review"
    act(writer, "return_to_draft", draft)
    assert status_of(draft) == "draft"
    act(writer, "submit", draft)
    assert status_of(draft) == "review"


@pytest.mark.parametrize("status", ["published", "withdrawn"])
def test_what_was_published_is_out_of_the_writers_hands(writer, draft, status):
    Article.objects.filter(pk=draft.pk).update(status=status, published_at="2026-01-01T00:00Z")
    for page in ("change", "delete", "history"):
        assert writer.get(address(draft, page)).status_code in {302, 404}
    writer.post(address(draft), form_of(draft, title="別の題"))
    writer.post(address(draft, "delete"), {"post": "yes"})
    act(writer, "delete_selected", draft, post="yes")
    act(writer, "return_to_draft", draft)
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("書きかけ", status)


def test_a_writer_sees_only_own_work(writer, draft):
    other = factories.article(title="人の原稿", status="draft", author=staff.writer("other"))
    page = writer.get(LIST).content.decode()
    assert "書きかけ" in page
    assert "人の原稿" not in page
    assert writer.get(address(other)).status_code == 302
    assert writer.get(address(other, "preview")).status_code == 403
    assert writer.get(address(other, "withdraw")).status_code == 302
    writer.post(address(other), form_of(other, title="別の題"))
    assert not Article.objects.filter(title="別の題").exists()


def test_a_writer_moves_own_drafts_to_the_trash_and_back(writer, draft):
    writer.post(address(draft, "delete"), {"post": "yes"})
    assert status_of(draft) == "trash"
    writer.post(address(draft, "restore"))
    assert status_of(draft) == "draft"


def test_a_writer_links_to_public_articles_and_learns_of_no_others(writer, draft):
    public = factories.article(title="港の公開記事")
    hidden = factories.article(title="港の秘密", status="draft")
    query = {"app_label": "articles", "model_name": "relatedarticle", "field_name": "related"}
    answer = writer.get(reverse("admin:autocomplete"), query | {"term": "港"})
    assert [entry["text"] for entry in answer.json()["results"]] == ["港の公開記事"]

    related = [{"related": public.pk, "position": ""}]
    writer.post(address(draft), form_of(draft, related=related))
    assert RelatedArticle.objects.get().related == public
    forged = [{"related": hidden.pk, "position": ""}]
    answer = writer.post(address(draft), form_of(draft, related=forged))
    assert "港の秘密" not in answer.content.decode()
    assert RelatedArticle.objects.get().related == public


def test_an_editor_works_on_everything(editor, draft):
    editor.post(address(draft), form_of(draft, title="直した題"))
    act(editor, "publish", draft)
    draft.refresh_from_db()
    assert (draft.title, draft.status) == ("直した題", "published")
    assert draft.is_published


def test_an_editor_without_the_right_to_publish_cannot_take_anything_back(draft):
    helper = staff.browser_of(
        factories.user(
            "helper", "change_article", "view_article", "change_any_article", is_staff=True
        )
    )
    article = factories.article(title="公開中")
    assert "status" in errors_of(helper.post(address(article), form_of(article, _state="draft")))
    act(helper, "return_to_draft", article)
    act(helper, "publish", draft)
    assert (status_of(article), status_of(draft)) == ("published", "draft")


def test_moderators_and_strangers_stay_out(client, draft):
    moderator = staff.browser_of(staff.moderator())
    assert moderator.get(LIST).status_code == 403
    assert moderator.get(address(draft)).status_code == 403
    assert client.get(LIST).status_code == 302
    assert "/admin/login/" in client.get(address(draft, "preview")).url


def test_a_writer_takes_nothing_back_that_was_published_in_that_instant(writer, draft, rf):
    """The list was read while the article was in review; the editor was quicker."""
    Article.objects.filter(pk=draft.pk).update(status="review")
    seen = Article.objects.get(pk=draft.pk)
    Article.objects.filter(pk=draft.pk).update(status="published", published_at=timezone.now())
    request = rf.post("/")
    request.user = writer.user
    with mock.patch.object(ArticleAdmin, "message_user") as message_user:
        site.get_model_admin(Article).return_to_draft(request, [seen])
    assert status_of(draft) == "published"
    assert "下書き" in str(message_user.call_args)


def test_the_form_locks_the_article_that_it_saves(editor, draft):
    with CaptureQueriesContext(connection) as queries:
        editor.post(address(draft), form_of(draft, title="別の題"))
    locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert bool(locks) == connection.features.has_select_for_update
