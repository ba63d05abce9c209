"""The archives by year and month, and the pages of authors."""

from datetime import UTC, datetime

import pytest

from articles.models import Article
from tests import factories
from tests.articles.test_pages import hours_ago
from tests.reading import parts, read, text, texts

pytestmark = pytest.mark.django_db


def at(year, month, day, hour=12):
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.fixture
def years():
    """Two articles in December 2021, one in March 2021, one in May 2019."""
    for title, date in (
        ("師走の後", at(2021, 12, 20)),
        ("師走の初め", at(2021, 12, 2)),
        ("春", at(2021, 3, 9)),
        ("一昨年", at(2019, 5, 1)),
    ):
        factories.article(title=title, published_at=date)


class TestArchive:
    def test_it_counts_by_month_newest_first(self, client, years):
        page = read(client, "/archive/")
        assert texts(page, "columns__main", "section__title") == ["2021年", "2019年"]
        links = parts(page, "columns__main", "page-head__links")
        shown = [(link.get("href"), text(link)) for part in links for link in part.iter("a")]
        assert [address for address, label in shown] == [
            "/archive/2021/12/",
            "/archive/2021/03/",
            "/archive/2019/05/",
        ]
        assert [label for address, label in shown] == ["12月（2）", "3月（1）", "5月（1）"]

    def test_every_link_of_it_leads_to_articles(self, client, years):
        page = read(client, "/archive/")
        addresses = [a.get("href") for part in parts(page, "columns__main") for a in part.iter("a")]
        for address in addresses:
            assert client.get(address).status_code == 200
        assert "/archive/2019/" in addresses

    def test_a_year_lists_its_own(self, client, years):
        page = read(client, "/archive/2021/")
        assert texts(page, "rows", "row__title") == ["師走の後", "師走の初め", "春"]
        assert texts(page, "page-head__title") == ["2021年"]
        (previous,) = page.xpath("//a[@rel='prev']")
        assert previous.get("href") == "/archive/2019/"
        assert not page.xpath("//a[@rel='next']")

    def test_a_month_lists_its_own_and_leads_to_its_neighbours(self, client, years):
        page = read(client, "/archive/2021/03/")
        assert texts(page, "rows", "row__title") == ["春"]
        assert texts(page, "page-head__title") == ["2021年3月"]
        assert page.xpath("//a[@rel='prev']/@href") == ["/archive/2019/05/"]
        assert page.xpath("//a[@rel='next']/@href") == ["/archive/2021/12/"]

    def test_a_month_begins_at_midnight_of_the_site(self, client):
        factories.article(title="元旦の零時", published_at=datetime(2020, 12, 31, 15, tzinfo=UTC))
        factories.article(title="大晦日", published_at=datetime(2020, 12, 31, 14, 59, tzinfo=UTC))
        assert texts(read(client, "/archive/2021/01/"), "rows", "row__title") == ["元旦の零時"]
        assert texts(read(client, "/archive/2020/12/"), "rows", "row__title") == ["大晦日"]

    @pytest.mark.parametrize(
        "path",
        ["2020/", "2021/04/", "2021/00/", "2021/13/", "2021/1/", "0000/", "9999/", "20211/", "x/"],
    )
    def test_a_period_without_articles_is_not_found(self, client, years, path):
        assert client.get(f"/archive/{path}").status_code == 404

    def test_what_is_not_public_is_in_none(self, client):
        for fields in (
            {"status": "draft"},
            {"status": "withdrawn"},
            {"expires_at": at(2021, 7, 1)},
            {"kind": Article.Kind.PAGE},
        ):
            factories.article(published_at=at(2021, 6, 6), **fields)
        factories.article(published_at=at(2099, 1, 1))
        for path in ("2021/", "2021/06/", "2099/", "2099/01/"):
            assert client.get(f"/archive/{path}").status_code == 404
        assert not parts(read(client, "/archive/"), "page-head__links")

    def test_a_long_month_comes_in_pages(self, client):
        for day in range(1, 26):
            factories.article(title=f"{day}日", published_at=at(2021, 10, day))
        page = read(client, "/archive/2021/10/?page=2")
        assert texts(page, "rows", "row__title") == [f"{day}日" for day in range(5, 0, -1)]
        assert page.xpath("//link[@rel='canonical']/@href") == [
            "http://testserver/archive/2021/10/?page=2"
        ]
        assert client.get("/archive/2021/10/?page=3").status_code == 404

    def test_the_foot_of_every_page_leads_there(self, client):
        assert read(client, "/").xpath("//footer//a[@href='/archive/']")


class TestAuthor:
    @pytest.fixture
    def author(self):
        return factories.user("hayase", display_name="早瀬ちとせ")

    def test_it_lists_what_they_signed(self, client, author):
        factories.article(title="新しい記事", author=author, published_at=hours_ago(1))
        factories.article(title="古い記事", author=author, published_at=hours_ago(9))
        factories.article(title="別の人の記事", author=factories.user("other"))
        factories.article(title="下書き", author=author, status="draft")
        page = read(client, f"/authors/{author.pk}/")
        assert texts(page, "section-head__title") == ["早瀬ちとせ"]
        assert texts(page, "row__title") == ["新しい記事", "古い記事"]

    def test_the_login_name_stays_inside(self, client, author):
        article = factories.article(author=author)
        for address in (
            f"/authors/{author.pk}/",
            f"/authors/{author.pk}/feed/",
            f"/authors/{author.pk}/feed/atom/",
            article.get_absolute_url(),
            "/feeds/",
        ):
            assert "hayase" not in client.get(address).content.decode(), address

    def test_who_signed_nothing_public_has_no_page(self, client, author):
        assert client.get(f"/authors/{author.pk}/").status_code == 404
        factories.article(author=author, status="draft")
        factories.article(author=author, kind=Article.Kind.PAGE)
        assert client.get(f"/authors/{author.pk}/").status_code == 404

    @pytest.mark.parametrize("pk", ["0", "99999999999999999999999", "-1", "hayase"])
    def test_nonsense_is_not_found(self, client, pk):
        assert client.get(f"/authors/{pk}/").status_code == 404

    def test_the_byline_leads_there(self, client, author):
        article = factories.article(author=author)
        page = read(client, article.get_absolute_url())
        (link,) = page.xpath("//a[@rel='author']")
        assert link.get("href") == f"/authors/{author.pk}/"
        assert text(link) == "早瀬ちとせ"

    def test_a_page_outside_the_lists_names_nobody_to_follow(self, client, author):
        page = factories.article(author=author, kind=Article.Kind.PAGE)
        assert not read(client, page.get_absolute_url()).xpath("//a[@rel='author']")
