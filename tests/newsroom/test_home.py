"""The front page, and error pages."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, Category
from newsroom.front import MOST_BLOCKS
from newsroom.ranking_renewal import renew_all_rankings
from newsroom.views import errors
from tests import factories
from tests.reading import parsed, parts, read, texts

pytestmark = pytest.mark.django_db

BUDGET = 16  # queries of the front page, cold


class TestFrontPage:
    def test_the_newest_is_the_lead_story_with_four_beside_it(self, client):
        factories.articles(8)
        page = read(client, "/")
        assert texts(page, "lead-story__title") == ["記事0"]
        assert texts(page, "opening__beside", "row__title") == ["記事1", "記事2", "記事3", "記事4"]

    def test_a_featured_article_is_the_lead_story_and_appears_once(self, client):
        made = factories.articles(5)
        made[3].featured = True
        made[3].save()
        page = read(client, "/")
        assert texts(page, "lead-story__title") == ["記事3"]
        assert "記事3" not in texts(page, "opening__beside", "row__title")

    def test_breaking_news_stands_above_all_and_nowhere_else(self, client):
        made = factories.articles(6)
        for article, hours in ((made[1], 1), (made[4], 2), (made[2], -1)):
            Article.objects.filter(pk=article.pk).update(
                breaking_until=timezone.now() + timedelta(hours=hours)
            )
        page = read(client, "/")
        assert texts(page, "breaking__title") == ["記事1"]
        assert texts(page, "lead-story__title") == ["記事0"]
        assert texts(page, "opening__beside", "row__title") == ["記事2", "記事3", "記事4", "記事5"]

    def test_what_is_breaking_and_featured_leads_once(self, client):
        made = factories.articles(4)
        soon = timezone.now() + timedelta(hours=1)
        of_both = {"featured": True, "featured_until": soon, "breaking_until": soon}
        Article.objects.filter(pk=made[1].pk).update(**of_both)
        Article.objects.filter(pk=made[3].pk).update(featured=True, featured_until=soon)
        page = read(client, "/")
        assert texts(page, "breaking__title") == ["記事1"]
        assert texts(page, "lead-story__title") == ["記事3"]

    def test_both_end_by_themselves(self, client):
        made = factories.articles(4)
        past = timezone.now() - timedelta(seconds=1)
        of_both = {"featured": True, "featured_until": past, "breaking_until": past}
        Article.objects.filter(pk=made[2].pk).update(**of_both)
        page = read(client, "/")
        assert texts(page, "breaking__title") == []
        assert texts(page, "lead-story__title") == ["記事0"]

    def test_each_section_has_a_block_of_its_newest_from_below_too(self, client):
        news = factories.category("国内")
        telecom = factories.category("通信", parent=news)
        factories.category("空の分野")
        factories.articles(13, category=telecom)
        page = read(client, "/")
        assert texts(page, "blocks", "section__title") == ["国内"]
        blocks = [*texts(page, "block__title"), *texts(page, "blocks", "row__title")]
        assert blocks == ["記事10", "記事11", "記事12"]

    def test_a_block_without_anything_left_is_not_shown(self, client):
        factories.articles(7, category=factories.category("国内"))
        page = read(client, "/")
        assert texts(page, "section__title") == ["新着記事"]
        assert not parts(page, "blocks")

    def test_a_site_may_have_hundreds_of_sections(self, client):
        sections = Category.objects.bulk_create(
            Category(name=f"分野{n}", slug=f"s{n}", tree_id=n, lft=1, rght=2, level=0)
            for n in range(520)
        )
        for section in sections[3:200:14]:
            for title in ("一", "二"):
                old = timezone.now() - timedelta(days=1)
                factories.article(title=title, category=section, published_at=old)
        factories.articles(10)
        page = read(client, "/")
        blocks = texts(page, "blocks", "section__title")
        assert blocks == [section.name for section in sections[3:200:14]][:MOST_BLOCKS]

    def test_all_articles_are_a_list_of_their_own(self, client):
        factories.articles(30)
        first = texts(read(client, "/articles/"), "row__title")
        second = texts(read(client, "/articles/?page=2"), "row__title")
        assert first + second == [f"記事{number}" for number in range(30)]
        former = client.get("/?page=2")
        assert (former.status_code, former["Location"]) == (301, "/articles/?page=2")
        assert client.get("/articles/?page=3").status_code == 404

    def test_the_most_discussed_that_is_not_shown_yet_is_debated(self, client):
        made = factories.articles(8)
        said = factories.scored(
            made[6], 5, text="二隻になるのは本当に嬉しい。でも順番の決まりは同じだ。"
        )
        answer = factories.scored(made[6], 2, parent=said, text="順番は変わると聞いた。")
        factories.comment(made[6], parent=answer, text="いつ変わるのだろう。")
        factories.comment(made[7])
        page = read(client, "/")
        assert texts(page, "debate__headline") == ["記事6"]
        assert texts(page, "debate", "voice__text") == [
            said.text,
            "順番は変わると聞いた。",
            "いつ変わるのだろう。",
        ]
        assert texts(page, "debate__subject") == ["記事7"]
        assert texts(page, "debate__total") == ["この24時間に 4件、4人"]
        assert texts(page, "bands__latest", "row__title") == ["記事5"]

    def test_without_a_voice_the_debates_are_a_list(self, client):
        made = factories.articles(7)
        factories.comment(made[6])
        page = read(client, "/")
        assert parts(page, "debate__columns--list")
        assert texts(page, "debate__subject") == ["記事6"]

    def test_an_article_alone_makes_a_page(self, client):
        factories.articles(1)
        page = read(client, "/")
        assert parts(page, "opening--alone")
        assert texts(page, "section__title") == []

    def test_the_newest_comments_are_of_more_than_one_article(self, client):
        quiet, busy = factories.articles(2)
        factories.comment(quiet, text="ひとこと")
        for number in range(5):
            factories.comment(busy, text=f"またひとこと {number}")
        shown = texts(read(client, "/"), "newest-comments", "rank__title")
        assert shown == ["またひとこと 4", "またひとこと 3", "ひとこと"]

    def test_the_newest_comments_are_named_shortened_with_their_place(self, client):
        article, hidden = factories.articles(2)
        first = factories.comment(article, text="最初の意見")
        factories.comment(article, text="港" * 200, name="海")
        factories.comment(article, text="確認を待つ", state="held")
        factories.comment(hidden, text="取り下げた記事の意見")
        hidden.withdraw(note="誤り。")
        page = read(client, "/")
        newest, older = texts(page, "newest-comments", "rank__title")
        assert older == "最初の意見"
        assert newest.startswith("港港") and len(newest) <= 60
        assert all("記事0" in said for said in texts(page, "newest-comments", "rank"))
        assert texts(page, "newest-comments", "rank__meta")[0].startswith(">>2 ")
        link = parts(page, "newest-comments", "row__link")[1].get("href")
        assert link == f"/comments/{first.pk}/thread/#comment-{first.pk}"

    def test_a_site_without_articles_says_so(self, client):
        page = read(client, "/")
        assert parts(page, "section__text")
        assert not parts(page, "row")

    def test_a_full_page_keeps_its_budget_of_queries(self, client):
        for name in ("国内", "国際", "経済", "文化", "科学", "防災"):
            for article in factories.articles(5, category=factories.category(name)):
                factories.comment(article)
        renew_all_rankings()
        with CaptureQueriesContext(connection) as queries:
            read(client, "/")
        assert len(queries) <= BUDGET


class TestWhatGoesWrong:
    def test_an_unknown_address_gets_a_page_with_links(self, client):
        answer = client.get("/nothing/here/")
        assert answer.status_code == 404
        page = parsed(answer)
        assert page.xpath("//main//h1")
        assert page.xpath("//main//a[@href='/']")
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]

    def test_a_nul_byte_in_an_address_gets_a_bad_request(self, client):
        answer = client.get("/articles/a%00b/")
        assert answer.status_code == 400
        assert parsed(answer).xpath("//main//h1")

    def test_a_fault_of_ours_is_answered_without_a_query(self, django_assert_num_queries):
        with django_assert_num_queries(0):
            answer = errors.server_error(RequestFactory().get("/"))
        assert answer.status_code == 500
        page = parsed(answer)
        assert page.xpath("//h1")
        [name] = page.xpath("//header//a[@href='/']")
        assert name.text == settings.SITE_NAME

    def test_a_refusal_is_a_page(self, client):
        client.force_login(factories.user("reader"))
        answer = client.get("/moderation/threads/1/")
        assert answer.status_code == 403
        assert parsed(answer).xpath("//main//h1")
