"""JSON-LD, cards and canonical addresses, held against Google's documentation of Article,
Breadcrumb, Image metadata and Discussion comments, and the Open Graph protocol."""

import json
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from tests import factories
from tests.articles.test_pages import hours_ago
from tests.pictures import stored_once
from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

SITE = "http://testserver"
NASTY = '</script><!-- "&\u2028\u2029 <b>'


@pytest.fixture
def author():
    return factories.user("hayase", display_name="早瀬ちとせ")


@pytest.fixture
def article(author):
    news = factories.category("国内", slug="news")
    new_article = factories.article(
        title="修理船に二隻目",
        slug="ship",
        author=author,
        category=factories.category("通信", slug="telecom", parent=news),
        lead_image=stored_once(image_alt_text="岸壁の船", caption="船。", copyright="港湾写真部"),
        published_at=hours_ago(3),
        updated_at=hours_ago(1),
    )
    new_article.sources.create(title="年次報告", publisher="協会", url="https://example.org/a")
    new_article.sources.create(title="議事録")
    new_article.tags.add("通信", "港")
    return new_article


def nodes(page):
    """The nodes of a page by their type."""
    scripts = page.xpath("//script[@type='application/ld+json']/text()")
    by_type = {node["@type"]: node for node in map(json.loads, scripts)}
    assert len(by_type) == len(scripts)
    assert all(node["@context"] == "https://schema.org" for node in by_type.values())
    return by_type


def news_article(client, path="/articles/ship/"):
    return nodes(read(client, path))["NewsArticle"]


class TestArticle:
    def test_it_has_what_is_recommended(self, client, article):
        node = news_article(client)
        assert node["headline"] == "修理船に二隻目"
        assert node["description"] == article.lead
        assert node["mainEntityOfPage"]["@id"] == f"{SITE}/articles/ship/"
        assert node["articleSection"] == "通信"
        assert set(node["keywords"]) == {"通信", "港"}
        assert node["inLanguage"] == "ja"

    def test_its_dates_have_a_time_zone(self, client, article):
        node = news_article(client)
        for name, date in (
            ("datePublished", article.published_at),
            ("dateModified", article.updated_at),
        ):
            said = datetime.fromisoformat(node[name])
            assert said.utcoffset() == timedelta(hours=9)
            assert said == date.replace(microsecond=0)

    def test_it_never_changed_before_it_was_published(self, client):
        factories.article(slug="late", published_at=hours_ago(1), updated_at=hours_ago(30))
        node = news_article(client, "/articles/late/")
        assert node["dateModified"] == node["datePublished"]

    def test_author_and_publisher_are_named_with_their_addresses(self, client, article, settings):
        node = news_article(client)
        assert node["author"] == {
            "@type": "Person",
            "name": "早瀬ちとせ",
            "url": f"{SITE}/authors/{article.author_id}/",
        }
        publisher = node["publisher"]
        assert (publisher["@type"], publisher["name"]) == ("Organization", settings.SITE_NAME)
        logo = publisher["logo"]
        assert logo["@type"] == "ImageObject" and logo["url"].startswith(f"{SITE}/static/")
        assert min(logo["width"], logo["height"]) >= 112

    def test_pictures_come_with_size_and_credit(self, client, article):
        picture, *cuts = news_article(client)["image"]
        assert picture["@type"] == "ImageObject"
        assert picture["url"] == picture["contentUrl"]
        assert picture["url"].startswith(f"{SITE}/media/")
        assert (picture["width"], picture["height"]) == (1500, 1000)
        assert picture["creditText"] == "港湾写真部"
        sizes = [(cut["width"], cut["height"]) for cut in cuts]
        assert sizes == [(960, 540), (800, 600), (600, 600)]  # 16:9, 4:3, 1:1
        assert len({cut["url"] for cut in cuts}) == 3
        assert all(cut["creditText"] == "港湾写真部" for cut in cuts)

    def test_sources_are_cited(self, client, article):
        assert news_article(client)["citation"] == [
            {
                "@type": "CreativeWork",
                "name": "年次報告",
                "url": "https://example.org/a",
                "publisher": {"@type": "Organization", "name": "協会"},
            },
            {"@type": "CreativeWork", "name": "議事録"},
        ]

    def test_what_is_not_there_is_not_named(self, client, settings):
        factories.article(slug="bare", lead="", category=None)
        node = news_article(client, "/articles/bare/")
        for name in ("description", "image", "articleSection", "keywords", "citation", "comment"):
            assert name not in node
        assert node["author"]["name"] == settings.SITE_NAME
        assert node["commentCount"] == 0

    def test_nothing_ends_the_element_early(self, client, article):
        article.title = NASTY
        article.save()
        factories.comment(article, text=NASTY, name="</script>")
        answer = client.get("/articles/ship/").content.decode()
        inside = answer.split('<script type="application/ld+json">')[1].split("</script>")[0]
        assert not set(inside) & {"<", ">", "&", "\u2028", "\u2029"}
        node = json.loads(inside)
        assert node["headline"] == NASTY
        assert node["comment"][0]["author"]["name"] == "</script>"

    def test_a_page_outside_the_lists_is_no_news(self, client):
        factories.article(title="このサイトについて", slug="about", kind=Article.Kind.PAGE)
        on_page = nodes(read(client, "/articles/about/"))
        assert "NewsArticle" not in on_page
        assert on_page["WebPage"]["name"] == "このサイトについて"

    def test_addresses_come_from_the_settings(self, client, article, settings):
        factories.comment(article)
        settings.SITE_URL = "https://shinpo.example"
        answer = client.get("/articles/ship/", headers={"host": "localhost"})
        text = answer.content.decode()
        assert "localhost" not in text and "testserver" not in text
        assert '"https://shinpo.example/articles/ship/#article"' in text


class TestComments:
    def test_they_are_nested_as_they_answer(self, client, article):
        first = factories.comment(article, text="最初", name="海鳥")
        second = factories.comment(article, text="返事", parent=first)
        third = factories.comment(article, text="返事の返事", parent=second)
        factories.comment(article, text="別の話")
        node = news_article(client)
        assert node["commentCount"] == 4
        outer, other = node["comment"]
        assert (outer["text"], other["text"]) == ("最初", "別の話")
        assert outer["author"] == {"@type": "Person", "name": "海鳥"}
        assert outer["@type"] == "Comment"
        assert datetime.fromisoformat(outer["datePublished"]).utcoffset() == timedelta(hours=9)
        (inner,) = outer["comment"]
        assert [each["text"] for each in inner["comment"]] == ["返事の返事"]
        assert inner["comment"][0]["url"] == f"{SITE}/articles/ship/#comment-{third.pk}"
        assert "comment" not in other

    def test_each_says_its_language_if_its_letters_or_words_tell(self, client, article):
        for text in ("灯台です", "The ship is at the pier.", "배가 왔다", "12:30"):
            factories.comment(article, text=text)
        described = news_article(client)["comment"]
        assert [each.get("inLanguage") for each in described] == ["ja", "en", "ko", None]

    def test_votes_are_counted_at_once(self, client, article):
        comment = factories.comment(article)
        assert news_article(client)["comment"][0]["upvoteCount"] == 0
        comment.vote(reader=factories.reader("other_reader"), value=1)
        assert news_article(client)["comment"][0]["upvoteCount"] == 1

    def test_there_are_twenty_at_most_and_long_ones_are_shortened(self, client, article):
        factories.comment(article, text="長" * 1_000)
        factories.long_thread(article, 80)
        comments = flat(news_article(client)["comment"])
        assert len(comments) == 20
        assert len(comments[0]["text"]) <= 280 and comments[0]["text"].endswith("…")
        shown = read(client, "/articles/ship/").xpath("//section[@id='comments']//article/@id")
        assert [each["url"].partition("#")[2] for each in comments] == shown[:20]

    def test_the_next_page_tells_of_its_own(self, client, article):
        for number in range(60):
            factories.comment(article, text=f"意見{number}")
        node = news_article(client, "/articles/ship/?page=2")
        assert [each["text"] for each in node["comment"]] == [f"意見{n}" for n in range(50, 60)]
        assert node["comment"][0]["url"].startswith(f"{SITE}/articles/ship/?page=2#comment-")
        assert node["mainEntityOfPage"]["@id"] == f"{SITE}/articles/ship/"

    def test_what_is_held_or_removed_is_not_told(self, client, article):
        gone = factories.comment(article, text="消える意見")
        factories.comment(article, text="残る返事", parent=gone)
        factories.comment(article, text="待つ意見", state="held")
        news_article(client)
        gone.remove(by=factories.moderator(), reason="abuse")
        node = news_article(client)
        assert node["commentCount"] == 1
        assert [each["text"] for each in node["comment"]] == ["残る返事"]

    def test_they_follow_their_article_to_another_address(self, client, article):
        factories.comment(article)
        news_article(client)
        article.slug = "moved"
        article.save()
        node = news_article(client, "/articles/moved/")
        assert node["comment"][0]["url"].startswith(f"{SITE}/articles/moved/#")

    def test_they_are_made_once(self, client, article, monkeypatch):
        factories.long_thread(article, 60)
        before = news_article(client)
        monkeypatch.setattr("comments.kept_pages.describe_comments", None)
        assert news_article(client) == before


def flat(comments):
    return [each for comment in comments for each in (comment, *flat(comment.get("comment", [])))]


class TestBreadcrumb:
    def steps(self, client, path):
        items = nodes(read(client, path))["BreadcrumbList"]["itemListElement"]
        assert [item["position"] for item in items] == list(range(1, len(items) + 1))
        assert {item["@type"] for item in items} == {"ListItem"}
        return [(item["name"], item["item"]) for item in items]

    def test_of_an_article(self, client, article):
        assert self.steps(client, "/articles/ship/") == [
            ("ホーム", f"{SITE}/"),
            ("国内", f"{SITE}/categories/news/"),
            ("通信", f"{SITE}/categories/telecom/"),
            ("修理船に二隻目", f"{SITE}/articles/ship/"),
        ]

    def test_of_a_category(self, client, article):
        assert [name for name, _ in self.steps(client, "/categories/telecom/")] == [
            "ホーム",
            "国内",
            "通信",
        ]


def test_the_front_page_names_the_site_and_how_to_search_it(client, settings):
    on_page = nodes(read(client, "/"))
    assert on_page["WebSite"]["name"] == on_page["Organization"]["name"] == settings.SITE_NAME
    action = on_page["WebSite"]["potentialAction"]
    assert action["@type"] == "SearchAction"
    assert action["target"]["urlTemplate"] == f"{SITE}/search/?q={{search_term_string}}"
    assert action["query-input"] == "required name=search_term_string"
    assert on_page["Organization"]["logo"]["url"].startswith(f"{SITE}/static/")


class TestHead:
    def meta(self, client, path):
        page = read(client, path)
        tags = page.xpath("//meta[@property or @name][@content]")
        contents = {tag.get("property") or tag.get("name"): tag.get("content") for tag in tags}
        (contents["canonical"],) = page.xpath("//link[@rel='canonical']/@href")
        return contents

    def test_of_an_article(self, client, article, settings):
        meta = self.meta(client, "/articles/ship/")
        assert meta["canonical"] == meta["og:url"] == f"{SITE}/articles/ship/"
        assert meta["og:type"] == "article"
        assert meta["og:title"] == "修理船に二隻目"
        assert meta["og:description"] == article.lead
        assert meta["og:site_name"] == settings.SITE_NAME
        assert meta["og:locale"] == "ja_JP"
        assert meta["og:image"].startswith(f"{SITE}/media/")
        assert (meta["og:image:width"], meta["og:image:height"]) == ("1200", "630")
        assert meta["og:image:alt"] == "岸壁の船"
        assert meta["twitter:card"] == "summary_large_image"
        assert meta["robots"] == "max-image-preview:large"
        assert timezone.datetime.fromisoformat(meta["article:published_time"])
        assert meta["article:section"] == "通信"
        assert meta["article:author"] == f"{SITE}/authors/{article.author_id}/"

    @pytest.mark.parametrize(
        "path", ["/", "/categories/news/", "/archive/", "/feeds/", "/tags/通信/", "/authors/{}/"]
    )
    def test_every_list_has_a_card_and_one_address(self, client, article, path):
        meta = self.meta(client, path.format(article.author_id))
        assert meta["og:image"] == f"{SITE}/static/img/card.png"
        assert meta["og:url"] == meta["canonical"]
        assert meta["canonical"].startswith(SITE)
        assert meta["og:title"] and meta["og:description"]
        assert meta["robots"] == "max-image-preview:large"

    @pytest.mark.parametrize(
        ("query", "canonical"),
        [
            ("", ""),
            ("?page=1", ""),
            ("?page=2", "?page=2"),
            ("?page=99", "?page=2"),
            ("?order=new", ""),
            ("?order=top&page=2", ""),
            ("?utm_source=x", ""),
        ],
    )
    def test_pages_of_a_thread_have_one_address_each(self, client, article, query, canonical):
        for number in range(60):
            factories.comment(article, text=f"意見{number}")
        meta = self.meta(client, f"/articles/ship/{query}")
        assert meta["canonical"] == f"{SITE}/articles/ship/{canonical}"

    def test_markup_in_a_title_stays_text(self, client, article):
        article.title = '二隻目 "&<b>'
        article.save()
        assert self.meta(client, "/articles/ship/")["og:title"] == '二隻目 "&<b>'
