"""The pages of articles, categories and tags."""

from datetime import timedelta

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import caches
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article, RelatedArticle
from comments.models import Mention
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories
from tests.pictures import stored_once
from tests.reading import parts, read, text, texts

pytestmark = [pytest.mark.django_db, pytest.mark.once]

BUDGET = 24  # queries of an article's page, cold and anonymous
CUT = 3  # further ones where a page shows the first comments of a longer tree


def hours_ago(hours):
    return timezone.now() - timedelta(hours=hours)


@pytest.fixture
def news():
    return factories.category("国内", slug="news")


@pytest.fixture
def article(news):
    return factories.article(title="修理船に二隻目", slug="ship", category=news)


class TestTheWholeArticle:
    @pytest.fixture
    def whole(self, client, article):
        article.author = factories.user("editor", display_name="港 太郎")
        article.lead_image = stored_once(
            image_alt_text="岸壁の船", caption="整備を待つ船。", copyright="作図"
        )
        article.body = "<p>本文の始まり。</p><h2>海を分ける</h2><p>東と西。</p>"
        article.body += "<h2>人</h2><h3>港</h3><h2>費用</h2><h2>残る問い</h2>"
        article.updated_at = timezone.now()
        article.save()
        article.sources.create(title="年次報告", publisher="協会", url="https://example.org/a")
        article.tags.add("通信")
        chosen = factories.article(title="選ばれた記事", published_at=hours_ago(9))
        RelatedArticle.objects.create(article=article, related=chosen)
        Mention.objects.create(article=article, title="港の日記", url="https://example.org/m")
        article.correct(kind="correction", text="百年は誤りでした。")
        factories.comment(article, text="最初の一言")
        return read(client, "/articles/ship/")

    def test_its_parts_stand_in_their_order(self, whole):
        said = text(whole.find(".//main"))
        parts = [
            "ホーム",
            "国内",
            "修理船に二隻目",
            "港 太郎",
            "港の一日を伝える。",
            "整備を待つ船。",
            "作図",
            "本文の始まり。",
            "百年は誤りでした。",
            "年次報告",
            "通信",
            "リンクをコピー",
            "先頭へ",
            "古い順",
            "最初の一言",
            "投稿する",
            "港の日記",
            "選ばれた記事",
        ]
        places = [said.index(part) for part in parts]
        assert places == sorted(places)

    def test_each_part_has_its_agreed_name(self, whole):
        for name in ("lead", "body", "sources", "related", "share", "talk"):
            assert parts(whole, f"article__{name}"), name
        assert whole.xpath("//article//h1")
        for name in ("comments", "share", "main", "comments-title", "write"):  # of the bars
            assert whole.get_element_by_id(name) is not None
            assert whole.xpath(f"//nav[contains(@class, 'thumb')]/a[contains(@href, '#{name}')]")
        assert whole.xpath("//section[@id='comments']//article[@class='comment']")

    def test_the_lead_image_comes_first_and_in_sizes(self, whole):
        (shown,) = whole.xpath("//figure[@class='article__figure']//img")
        assert shown.get("alt") == "岸壁の船"
        assert (shown.get("width"), shown.get("height")) == ("1500", "1000")
        assert [part.split()[1] for part in shown.get("srcset").split(", ")] == [
            "480w",
            "720w",
            "960w",
            "1440w",
        ]
        assert shown.get("fetchpriority") == "high"
        assert shown.get("loading") is None

    def test_its_headings_are_listed_and_lead_to_their_place(self, whole):
        links = parts(whole, "article__contents-link")
        assert [link.text_content() for link in links] == [
            *("海を分ける", "人", "港", "費用", "残る問い")
        ]
        for link in links:
            place = whole.get_element_by_id(link.get("href").removeprefix("#"))
            assert place.text_content() == link.text_content()

    def test_the_form_to_write_is_there(self, whole, article):
        (form,) = whole.get_element_by_id("write").forms
        assert form.get("action") == f"/threads/{article.pk}/comments/"

    def test_ids_are_unique(self, whole):
        ids = whole.xpath("//@id")
        assert len(ids) == len(set(ids))


def test_a_bare_article_shows_no_empty_parts(client):
    factories.article(slug="bare", lead="", category=None)
    page = read(client, "/articles/bare/")
    for name in ("lead", "sources", "related", "tags", "mentions"):
        assert not parts(page, f"article__{name}"), name


def test_mentions_are_listed_and_held_ones_are_not(client, article):
    Mention.objects.create(article=article, title="港の日記", url="https://example.org/m")
    Mention.objects.create(article=article, title="怪しい宣伝", state="held")
    page = read(client, "/articles/ship/")
    assert texts(page, "article__mention") == ["港の日記"]
    (link,) = parts(page, "article__mentions", "article__source-link")
    assert link.get("rel") == "nofollow ugc noopener"


def test_only_columns_of_numbers_are_set_right(client, article):
    article.body = (
        "<table><tbody><tr><th>年</th><th>件</th><th>備考</th></tr>"
        "<tr><td>2025</td><td>1,204</td><td>3</td></tr>"
        "<tr><td>2026</td><td>98</td><td>見込み</td></tr></tbody></table>"
    )
    article.save()
    page = read(client, "/articles/ship/")
    assert texts(page, "article__body", "number") == ["件", "1,204", "98"]


class TestRelated:
    def related(self, client):
        return texts(read(client, "/articles/ship/"), "article__related", "row__title")

    def test_chosen_come_first_then_shared_tags_then_the_category(self, client, article, news):
        article.tags.add("船", "港")
        factories.article(title="同じ分野", category=news, published_at=hours_ago(2))
        one_tag = factories.article(title="一つ重なる", published_at=hours_ago(3))
        one_tag.tags.add("船")
        two_tags = factories.article(title="二つ重なる", published_at=hours_ago(90))
        two_tags.tags.add("船", "港")
        for position, title in enumerate(["選ばれた二", "選ばれた一"]):
            chosen = factories.article(title=title, published_at=hours_ago(80))
            RelatedArticle.objects.create(article=article, related=chosen, position=1 - position)
        assert self.related(client) == [
            "選ばれた一",
            "選ばれた二",
            "二つ重なる",
            "一つ重なる",
        ]

    def test_there_are_four_and_none_twice(self, client, article, news):
        article.tags.add("船")
        for number in range(8):
            other = factories.article(
                title=f"記事{number}", category=news, published_at=hours_ago(10 + number)
            )
            other.tags.add("船")
            if number < 3:
                RelatedArticle.objects.create(article=article, related=other)
        assert self.related(client) == [f"記事{number}" for number in range(4)]
        for other in Article.objects.filter(title__in=("記事5", "記事6")):
            RelatedArticle.objects.create(article=article, related=other, position=9)
        assert len(self.related(client)) == 5

    def test_what_is_not_public_is_left_out(self, client, article, news):
        article.tags.add("船")
        for status in ("draft", "review", "withdrawn"):
            hidden = factories.article(status=status, category=news)
            hidden.tags.add("船")
            RelatedArticle.objects.create(article=article, related=hidden)
        assert self.related(client) == []


class TestWhatIsNotPublic:
    def test_a_draft_has_no_page(self, client):
        factories.article(slug="draft", status="draft")
        assert client.get("/articles/draft/").status_code == 404

    def test_a_scheduled_article_has_none_yet(self, client):
        factories.article(slug="soon", published_at=timezone.now() + timedelta(hours=1))
        assert client.get("/articles/soon/").status_code == 404

    def test_an_expired_article_has_none_any_more(self, client):
        factories.article(slug="gone", published_at=hours_ago(3), expires_at=hours_ago(1))
        assert client.get("/articles/gone/").status_code == 404

    def test_a_withdrawn_article_shows_its_note_and_not_its_text(self, client, article):
        article.withdraw(note="数字に誤りがありました。")
        answer = client.get("/articles/ship/")
        assert answer.status_code == 410
        assert "数字に誤りがありました。" in answer.content.decode()
        assert "本文。" not in answer.content.decode()


class TestOnePageForEveryone:
    def test_reading_sets_no_cookie_and_depends_on_none(self, client, article):
        for address in ("/", "/articles/ship/", "/categories/news/"):
            answer = client.get(address)
            assert not answer.cookies
            assert "cookie" not in answer.get("Vary", "").lower()

    def test_staff_reads_the_same_page(self, client, article):
        factories.comment(article)
        before = client.get("/articles/ship/").content
        client.force_login(factories.moderator())
        assert client.get("/articles/ship/").content == before

    def test_no_script_or_style_stands_in_the_page(self, client, article):
        factories.comment(article)
        page = read(client, "/articles/ship/")
        data = "@type='application/ld+json'"
        assert not page.xpath(f"//style | //@style | //script[not(@src)][not({data})]")
        assert not page.xpath("//@*[starts-with(name(), 'on')]")


def test_a_long_thread_takes_no_more_queries_than_a_short_one(client, news):
    counts = {}
    file = stored_once()
    for size in (60, 1000):
        article = factories.article(
            slug=f"thread-{size}",
            category=factories.category("通信", parent=news),
            lead_image=file,
            body=f'<figure><img data-file="{file.pk}"></figure>',
        )
        article.sources.create(title="年次報告")
        for _ in range(7):
            factories.article(category=news).tags.add("船")
        article.tags.add("船")
        factories.long_thread(article, size)
        renew_all_rankings()
        ContentType.objects.clear_cache()
        for kept in caches.all(initialized_only=True):
            kept.clear()
        with CaptureQueriesContext(connection) as queries:
            assert client.get(f"/articles/thread-{size}/").status_code == 200
        counts[size] = len(queries)
    assert counts[60] <= BUDGET
    assert counts[1000] <= counts[60] + CUT


class TestCategory:
    def test_it_lists_its_own_and_those_below_newest_first(self, client, article, news):
        below = factories.category("通信", slug="telecom", parent=news)
        factories.article(title="下の記事", category=below, published_at=hours_ago(5))
        factories.article(title="よその記事", category=factories.category("文化"))
        page = read(client, "/categories/news/")
        assert texts(page, "row__title") == ["修理船に二隻目", "下の記事"]
        assert texts(page, "tabs__tab") == ["すべて", "通信"]

    def test_a_row_tells_how_many_comments_there_are(self, client, article):
        page = read(client, "/categories/news/")
        assert not parts(page, "row__count")
        factories.comment(article)
        factories.comment(article, state="held")
        (count,) = texts(read(client, "/categories/news/"), "row__count")
        assert count.startswith("1")

    def test_it_comes_in_pages_and_says_which_is_shown(self, client, news):
        for number in range(45):
            factories.article(
                title=f"記事{number}", category=news, published_at=hours_ago(number + 1)
            )
        page = read(client, "/categories/news/?page=2")
        assert texts(page, "row__title") == [f"記事{number}" for number in range(20, 40)]
        (pages,) = parts(page, "pagination")
        assert pages.xpath(".//a[@aria-current]/text()") == ["2"]
        assert pages.xpath(".//a[@rel='prev']/@href") == ["."]
        assert pages.xpath(".//a[@rel='next']/@href") == ["?page=3"]

    @pytest.mark.parametrize("number", ["0", "2", "-1", "x", "1e9", "９"])
    def test_a_page_that_is_none_is_not_found(self, client, article, number):
        assert client.get("/categories/news/", {"page": number}).status_code == 404

    def test_an_empty_one_says_so(self, client, news):
        page = read(client, "/categories/news/")
        assert not parts(page, "row")
        assert parts(page, "section__text")


class TestTag:
    def test_it_lists_what_is_tagged_and_public(self, client, article):
        article.tags.add("海底ケーブル")
        factories.article(status="draft").tags.add("海底ケーブル")
        slug = article.tags.get().slug
        page = read(client, f"/tags/{slug}/")
        assert texts(page, "section-head__title") == ["#海底ケーブル"]
        assert texts(page, "row__title") == ["修理船に二隻目"]

    def test_an_unknown_one_is_not_found(self, client):
        assert client.get("/tags/nothing/").status_code == 404


def test_a_page_outside_the_lists_has_no_neighbours(client, article):
    factories.article(title="この新聞について", slug="about", kind=Article.Kind.PAGE)
    page = read(client, "/articles/about/")
    assert not parts(page, "article__siblings")
    assert "この新聞について" not in texts(read(client, "/"), "row__title")
