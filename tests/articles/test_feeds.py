"""The feeds of the articles, held against RFC 4287 (Atom) and the RSS 2.0 specification."""

import re
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import quote, urlsplit

import pytest
from django.core.cache import cache
from django.utils import timezone
from lxml import etree
from lxml import html as lxml_html

from articles.models import Article
from tests import factories
from tests.articles.test_pages import hours_ago
from tests.pictures import stored_once

pytestmark = [pytest.mark.django_db, pytest.mark.once]

ATOM = "{http://www.w3.org/2005/Atom}"
ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
CREATOR = "{http://purl.org/dc/elements/1.1/}creator"
RFC3339 = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
SITE = "http://testserver"


@pytest.fixture
def author():
    return factories.user("hayase", display_name="早瀬ちとせ")


@pytest.fixture
def news():
    return factories.category("国内", slug="news")


@pytest.fixture
def article(author, news):
    file = stored_once(image_alt_text="岸壁の船", caption="整備を待つ船。", copyright="港湾写真部")
    new_article = factories.article(
        title="修理 & 整備 <二隻>",
        slug="ship",
        lead='海の "底" を通る <線>。',
        body=f'<p>本文 <a href="/articles/other/">次</a> <a href="#a">上</a></p>'
        f'<figure><img data-file="{file.pk}"></figure>',
        author=author,
        category=news,
        lead_image=file,
        published_at=hours_ago(3),
        updated_at=hours_ago(1),
    )
    new_article.tags.add("通信")
    return new_article


def addresses(article):
    tag = article.tags.get()
    return [
        "/feed/",
        f"/categories/{article.category.slug}/feed/",
        f"/tags/{tag.slug}/feed/",
        f"/authors/{article.author_id}/feed/",
    ]


def tree(client, address):
    answer = client.get(address)
    assert answer.status_code == 200
    return etree.fromstring(answer.content)


def entries(client, address):
    return tree(client, address).findall(f"{ATOM}entry")


def items(client, address):
    return tree(client, address).findall("channel/item")


def is_absolute(address):
    return address.startswith(f"{SITE}/") and bool(urlsplit(address).netloc)


class TestAtom:
    """RFC 4287: §4.1.1 a feed, §4.1.2 an entry, and the constructs that they hold."""

    @pytest.fixture(params=range(4), ids=["site", "category", "tag", "author"])
    def address(self, request, article):
        return addresses(article)[request.param] + "atom/"

    def test_it_is_served_as_atom(self, client, address):
        assert client.get(address)["Content-Type"] == "application/atom+xml; charset=utf-8"
        assert tree(client, address).tag == f"{ATOM}feed"

    def test_what_is_required_stands_once(self, client, address):
        feed = tree(client, address)
        for element in (feed, *feed.findall(f"{ATOM}entry")):
            for name in ("id", "title", "updated"):
                (child,) = element.findall(f"{ATOM}{name}")
                assert child.text.strip()

    def test_dates_are_those_of_rfc_3339(self, client, address, article):
        feed = tree(client, address)
        dates = [*feed.iter(f"{ATOM}updated"), *feed.iter(f"{ATOM}published")]
        assert len(dates) == 3
        assert all(RFC3339.fullmatch(date.text) for date in dates)
        entry = feed.find(f"{ATOM}entry")
        dates = [entry.findtext(f"{ATOM}{name}") for name in ("published", "updated")]
        assert [datetime.fromisoformat(date) for date in dates] == [
            article.published_at,
            article.updated_at,
        ]

    def test_links_are_absolute_and_name_the_feed_itself(self, client, address):
        feed = tree(client, address)
        links = {link.get("rel"): link.get("href") for link in feed.findall(f"{ATOM}link")}
        assert links["self"] == SITE + quote(address)
        assert client.get(links["alternate"].removeprefix(SITE)).status_code == 200
        assert all(is_absolute(link.get("href")) for link in feed.iter(f"{ATOM}link"))

    def test_ids_are_of_one_each_and_no_relative_references(self, client, address):
        factories.article()
        feed = tree(client, address)
        ids = [element.text for element in feed.iter(f"{ATOM}id")]
        assert len(ids) == len(set(ids))
        assert all(re.match(r"[a-z]+:\S+", each) for each in ids)

    def test_every_person_has_a_name_and_an_address(self, client, address):
        feed = tree(client, address)
        (author,) = feed.findall(f"{ATOM}entry/{ATOM}author")
        assert author.findtext(f"{ATOM}name") == "早瀬ちとせ"
        assert is_absolute(author.findtext(f"{ATOM}uri"))
        assert feed.findtext(f"{ATOM}author/{ATOM}name")

    def test_the_whole_text_is_in_it(self, client, address):
        (content,) = tree(client, address).iter(f"{ATOM}content")
        assert content.get("type") == "html"
        text = lxml_html.fragment_fromstring(content.text, create_parent="div")
        assert "本文" in text.text_content()
        assert "港湾写真部" in text.text_content()
        assert '海の "底" を通る <線>。' in text.text_content()

    def test_categories_have_terms(self, client, address):
        categories = tree(client, address).findall(f"{ATOM}entry/{ATOM}category")
        assert [each.get("term") for each in categories] == ["国内", "通信"]

    def test_markup_in_a_title_stays_text(self, client, address):
        (title,) = tree(client, address).findall(f"{ATOM}entry/{ATOM}title")
        assert title.text == "修理 & 整備 <二隻>"
        assert title.get("type", "text") == "text"


class TestRss:
    """https://www.rssboard.org/rss-specification"""

    @pytest.fixture(params=range(4), ids=["site", "category", "tag", "author"])
    def address(self, request, article):
        return addresses(article)[request.param]

    def test_it_is_served_as_rss(self, client, address):
        assert client.get(address)["Content-Type"] == "application/rss+xml; charset=utf-8"
        root = tree(client, address)
        assert (root.tag, root.get("version")) == ("rss", "2.0")
        assert len(root.findall("channel")) == 1

    def test_the_channel_has_what_is_required(self, client, address):
        channel = tree(client, address).find("channel")
        for name in ("title", "link", "description"):
            (child,) = channel.findall(name)
            assert child.text.strip()
        assert is_absolute(channel.findtext("link"))
        assert channel.findtext("language") == "ja"
        assert channel.find(f"{ATOM}link[@rel='self']").get("href") == SITE + quote(address)

    def test_dates_are_those_of_rfc_822(self, client, address, article):
        channel = tree(client, address).find("channel")
        published = parsedate_to_datetime(channel.findtext("item/pubDate"))
        assert published == article.published_at.replace(microsecond=0)
        built = parsedate_to_datetime(channel.findtext("lastBuildDate"))
        assert built == article.updated_at.replace(microsecond=0)

    def test_an_item_names_its_article_and_its_author(self, client, address):
        (item,) = items(client, address)
        assert item.findtext("title") == "修理 & 整備 <二隻>"
        assert item.findtext("link") == f"{SITE}/articles/ship/"
        assert item.findtext(CREATOR) == "早瀬ちとせ"
        assert item.find("author") is None  # which would have to be a mail address
        guid = item.find("guid")
        assert guid.get("isPermaLink") == "false" and guid.text.startswith("tag:testserver,")

    def test_the_description_is_the_lead_as_html(self, client, address):
        (item,) = items(client, address)
        description = lxml_html.fragment_fromstring(
            item.findtext("description"), create_parent="div"
        )
        assert description.text_content() == '海の "底" を通る <線>。'

    def test_the_whole_text_is_in_it(self, client, address):
        (item,) = items(client, address)
        assert "本文" in item.findtext(ENCODED)

    def test_the_picture_is_enclosed_with_its_length_and_type(self, client, address, article):
        (enclosure,) = tree(client, address).iter("enclosure")
        assert is_absolute(enclosure.get("url"))
        assert enclosure.get("type") == "image/png"
        assert int(enclosure.get("length")) == article.lead_image.image_file.size


@pytest.mark.parametrize("address", ["/feed/", "/feed/atom/"])
def test_every_address_in_the_text_is_absolute(client, article, address):
    root = tree(client, address)
    (content,) = [*root.iter(ENCODED), *root.iter(f"{ATOM}content")]
    text = lxml_html.fragment_fromstring(content.text, create_parent="div")
    addresses = text.xpath("//@href | //@src | //@srcset")
    assert f"{SITE}/articles/other/" in addresses
    assert f"{SITE}/articles/ship/#a" in addresses
    assert all(is_absolute(each) for each in addresses) and len(addresses) == 4


def test_addresses_come_from_the_settings_and_not_from_the_request(client, article, settings):
    settings.SITE_URL = "https://shinpo.example"
    for address in addresses(article):
        for form in ("", "atom/"):
            answer = client.get(address + form, headers={"host": "localhost"})
            text = answer.content.decode()
            assert "https://shinpo.example/articles/ship/" in text
            assert "localhost" not in text and "testserver" not in text


class TestWhatIsListed:
    def titles(self, client, address):
        return [item.findtext("title") for item in items(client, address)]

    def test_the_newest_twenty_come_newest_first(self, client):
        for number in range(23):
            factories.article(title=f"記事{number}", published_at=hours_ago(number + 1))
        assert self.titles(client, "/feed/") == [f"記事{number}" for number in range(20)]

    def test_a_category_has_what_stands_below_it(self, client, news):
        below = factories.category("通信", parent=news)
        factories.article(title="下の記事", category=below)
        factories.article(title="よその記事", category=factories.category("文化"))
        assert self.titles(client, "/categories/news/feed/") == ["下の記事"]

    def test_an_author_has_only_their_own(self, client, article):
        factories.article(title="別の人の記事", author=factories.user("other"))
        assert self.titles(client, f"/authors/{article.author_id}/feed/") == ["修理 & 整備 <二隻>"]

    @pytest.mark.parametrize("form", ["", "atom/"])
    def test_nothing_that_is_not_public(self, client, article, form):
        hidden = [
            {"status": "draft"},
            {"status": "review"},
            {"status": "withdrawn"},
            {"published_at": timezone.now() + timedelta(hours=1)},
            {"expires_at": hours_ago(0.5)},
            {"kind": Article.Kind.PAGE},
        ]
        for fields in hidden:
            other = factories.article(
                title="秘密", author=article.author, category=article.category, **fields
            )
            other.tags.add("通信")
        for address in addresses(article):
            assert "秘密" not in client.get(address + form).content.decode()

    def test_a_withdrawn_article_leaves_at_once(self, client, article):
        assert self.titles(client, "/feed/")
        article.withdraw(note="誤りがありました。")
        assert self.titles(client, "/feed/") == []

    @pytest.mark.parametrize(
        "address",
        [
            "/categories/none/feed/",
            "/tags/none/feed/",
            "/authors/999/feed/",
            "/authors/9/feed/atom/",
        ],
    )
    def test_what_is_not_there_has_no_feed(self, client, address):
        assert client.get(address).status_code == 404

    def test_a_member_of_the_staff_without_articles_has_no_feed(self, client, author):
        factories.article(author=author, status="draft")
        assert client.get(f"/authors/{author.pk}/feed/").status_code == 404

    def test_an_empty_site_has_a_feed_all_the_same(self, client):
        assert self.titles(client, "/feed/") == []
        assert entries(client, "/feed/atom/") == []


def test_an_id_outlives_a_change_of_address(client, article):
    before = [item.findtext("guid") for item in items(client, "/feed/")]
    article.slug = "another"
    article.save()
    cache.clear()
    assert [item.findtext("guid") for item in items(client, "/feed/")] == before
    (entry,) = entries(client, "/feed/atom/")
    assert [entry.findtext(f"{ATOM}id")] == before


def test_an_article_without_a_name_is_the_sites(client, settings):
    factories.article()
    feed = tree(client, "/feed/atom/")
    assert feed.find(f"{ATOM}entry/{ATOM}author") is None
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == settings.SITE_NAME


def test_what_no_xml_may_hold_is_left_out(client):
    factories.article(title="題\x0b名", lead="導\x1f入")
    assert [item.findtext("title") for item in items(client, "/feed/")] == ["題名"]
    assert len(entries(client, "/feed/atom/")) == 1
