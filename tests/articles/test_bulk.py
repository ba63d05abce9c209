"""Acts on several articles that ask first, and duplicates."""

import pytest
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME

from articles.duplicating import FRESH
from articles.models import Article
from comments.models import Comment, ModerationAction, Thread, Vote
from tests import factories, staff
from tests.articles.admin_forms import address
from tests.pictures import stored_once

pytestmark = pytest.mark.django_db

LIST = "/admin/articles/article/"


@pytest.fixture
def editor():
    return staff.browser_of(staff.editor())


@pytest.fixture
def news():
    return factories.category("国内", slug="news")


def act(browser, action, *articles, **fields):
    chosen = {ACTION_CHECKBOX_NAME: [article.pk for article in articles]}
    return browser.post(LIST, {"action": action, **chosen, **fields}, follow=True)


def draft(**fields):
    return factories.article(status="draft", published_at=None, **fields)


def confirm(browser, action, *articles, **fields):
    return act(browser, action, *articles, confirmed="on", **fields)


class TestPublishing:
    def test_it_asks_and_says_of_each_what_is_missing(self, editor, news):
        ready = draft(title="揃った記事", category=news)
        bare = draft(title="足りない記事", lead="")
        public = factories.article(title="公開中の記事", category=news)
        page = act(editor, "publish", ready, bare, public)
        html = page.content.decode()
        assert page.context["ready"] == [ready]
        assert "分野が選ばれていません" in html and "リードがありません" in html
        already = html.index("すでに公開されているか")
        lacking = html.index("次の記事は公開されません")
        assert already < html.index("公開中の記事") < lacking < html.index("リードがありません")
        assert Article.objects.filter(status="published").count() == 1
        page = confirm(editor, "publish", ready, bare, public)
        assert Article.objects.get(pk=ready.pk).is_published
        assert Article.objects.get(pk=bare.pk).status == "draft"
        assert "リードがありません" in page.content.decode()

    def test_a_future_date_is_said(self, editor, news):
        from datetime import timedelta

        from django.utils import timezone

        later = draft(category=news)
        later.published_at = timezone.now() + timedelta(days=1)
        later.save()
        assert act(editor, "publish", later).context["ready"] == []

    def test_a_writer_publishes_nothing(self, news):
        writer = staff.browser_of(staff.writer())
        own = draft(category=news, author=writer.user)
        confirm(writer, "publish", own)
        assert Article.objects.get().status == "draft"


class TestChangingMany:
    def test_category_and_tags_change_as_one_revision(self, editor, news):
        articles = [factories.article(category=factories.category()) for _ in range(2)]
        for article in articles:
            article.save_whole(lambda article=article: article.tags.add("海", "港"))
        counts = [article.history.count() for article in articles]
        page = act(editor, "change_many", *articles)
        assert "2本の記事を変更します" in page.content.decode()
        fields = {"category": news.pk, "add_tags": "船、灯台", "remove_tags": "海"}
        confirm(editor, "change_many", *articles, **fields)
        for article, count in zip(articles, counts, strict=True):
            current = Article.objects.get(pk=article.pk)
            assert current.category == news
            assert set(current.tags.names()) == {"港", "船", "灯台"}
            assert current.history.count() == count + 1
            assert set(current.history.first().snapshot["tags"]) == {"港", "船", "灯台"}
            assert current.history.first().history_user == editor.user
            assert current.updated_at == article.updated_at

    def test_comments_are_closed_and_opened_as_acts_of_the_ledger(self, editor, news):
        articles = [factories.article(category=news) for _ in range(2)]
        confirm(editor, "change_many", *articles, comments="closed")
        assert [Thread.objects.find(each).accepts_comments for each in articles] == [False] * 2
        assert {action.moderator for action in ModerationAction.objects.all()} == {editor.user}
        confirm(editor, "change_many", articles[0], comments="open")
        assert [Thread.objects.find(each).accepts_comments for each in articles] == [True, False]
        assert articles[0].history.count() == 1

    @pytest.mark.parametrize(
        "fields",
        [{}, {"category": "x"}, {"category": 0}, {"add_tags": "長" * 101}, {"comments": "maybe"}],
    )
    def test_what_is_wrong_is_said_and_changes_nothing(self, editor, news, fields):
        article = factories.article(category=news)
        page = confirm(editor, "change_many", article, **fields)
        assert page.context["form"].errors
        assert "錨" not in Article.objects.get().tags.names()
        kept = confirm(editor, "change_many", article, add_tags="錨、" + "長" * 101)
        assert "錨" in kept.content.decode()

    def test_a_writer_changes_own_drafts_and_no_threads(self, news):
        writer = staff.browser_of(staff.writer())
        own, other = draft(author=writer.user), draft()
        page = act(writer, "change_many", own, other)
        assert "comments" not in page.context["form"].fields
        confirm(writer, "change_many", own, other, category=news.pk, comments="closed")
        assert Article.objects.get(pk=own.pk).category == news
        assert Article.objects.get(pk=other.pk).category is None
        assert not ModerationAction.objects.exists()


class TestDuplicates:
    def test_a_duplicate_is_a_draft_with_all_but_address_dates_and_readers(self, editor, news):
        other, guest = factories.article(), factories.guest()
        article = factories.article(
            title="港の灯台",
            slug="lights",
            category=news,
            lead_image=stored_once(),
            seo_title="灯台",
            featured=True,
            author=staff.writer(),
        )
        article.tags.add("海")
        article.other_categories.add(factories.category("海運"))
        article.sources.create(title="白書", position=1)
        article.credits.create(byline=guest, position=1)
        article.related_links.create(related=other, position=1)
        factories.comment(article, text="意見")
        answer = editor.post(address(article, "duplicate"))
        copy = Article.objects.latest("pk")
        assert answer["Location"] == address(copy)
        assert (copy.status, copy.published_at, copy.featured) == ("draft", None, False)
        assert copy.slug not in {"", "lights"}
        same = [f for f in Article._meta.concrete_fields if f.name not in FRESH]
        for field in same:
            assert getattr(copy, field.attname) == getattr(article, field.attname), field.name
        assert list(copy.tags.names()) == ["海"]
        assert [each.name for each in copy.other_categories.all()] == ["海運"]
        assert [each.title for each in copy.sources.all()] == ["白書"]
        assert [each.byline for each in copy.credits.all()] == [guest]
        assert [each.related for each in copy.related_links.all()] == [other]
        assert (Comment.objects.count(), Vote.objects.count()) == (1, 0)
        assert copy.history.count() == 1
        assert "複製" in editor.get(address(copy)).content.decode()
        article.refresh_from_db()
        assert article.is_published

    def test_every_field_is_copied_or_named_as_fresh(self):
        names = {field.name for field in Article._meta.concrete_fields}
        assert names >= FRESH
        assert names - FRESH == {
            *("kind", "title", "lead", "body", "author", "category", "lead_image", "series"),
            *("seo_title", "seo_description", "card_image", "language"),
        }

    def test_who_may_not_see_an_article_duplicates_nothing(self, news):
        article = draft(category=news)
        for person in (staff.writer(), staff.moderator()):
            browser = staff.browser_of(person)
            assert browser.post(address(article, "duplicate")).status_code in {302, 403}
        assert Article.objects.count() == 1

    def test_it_takes_a_post_and_an_article(self, editor, news):
        article = factories.article(category=news)
        assert editor.get(address(article, "duplicate")).status_code == 405
        editor.post("/admin/articles/article/999/duplicate/")
        assert Article.objects.count() == 1
        html = editor.get(address(article)).content.decode()
        assert f'action="{address(article, "duplicate")}"' in html
