"""Reading time, dates, headlines and share links."""

from datetime import datetime
from urllib.parse import parse_qs, urlsplit

import pytest
from django.utils.formats import date_format
from django.utils.timezone import get_current_timezone
from django.utils.translation import ngettext, override

from articles.body.page import estimate_minutes
from articles.templatetags.reading import briefly, recent, when
from articles.web.moments import Clock
from tests import factories
from tests.reading import parts, read, texts

pytestmark = pytest.mark.once


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("", 1),
        ("港", 1),
        ("港" * 500, 1),
        ("港" * 1500, 3),
        ("カタカナとひらがな、漢字。" * 100, 2),
        ("word " * 238 * 4, 4),
        ("港" * 500 + " ship" * 238, 2),
    ],
)
def test_characters_and_words_take_their_time(text, minutes):
    assert estimate_minutes(text) == minutes


@pytest.mark.django_db
class TestArticle:
    def test_it_says_how_long_it_takes(self, client):
        factories.article(slug="long", body=f"<p>{'港' * 2000}</p>")
        expected = ngettext("%(count)s-minute read", "%(count)s-minute read", 4)
        page = read(client, "/articles/long/")
        assert expected.replace("%(count)s", "4") in texts(page, "article__times")[0]

    def test_a_bare_one_does_not(self, client):
        factories.article(slug="bare", body="")
        said = texts(read(client, "/articles/bare/"), "article__times")[0]
        expected = ngettext("%(count)s-minute read", "%(count)s-minute read", 1)
        assert expected.partition("%(count)s")[2] not in said

    def test_it_is_shared_by_plain_links(self, client):
        factories.article(slug="港-2026", title="港 & 船「朝」")
        links = parts(read(client, "/articles/港-2026/"), "article__share")[0].xpath("./a")
        address = "http://testserver/articles/%E6%B8%AF-2026/"
        x, hatena, line = (urlsplit(link.get("href")) for link in links)
        assert x.netloc == "x.com"
        assert parse_qs(x.query) == {"url": [address], "text": ["港 & 船「朝」"]}
        assert hatena.geturl() == f"https://b.hatena.ne.jp/entry/{address.partition('//')[2]}"
        assert line.netloc == "social-plugins.line.me"
        assert parse_qs(line.query) == {"url": [address]}
        assert all("noopener" in link.get("rel").split() for link in links)
        assert all(link.get("aria-label") for link in links)

    def test_under_https_hatena_knows_so(self, client, settings):
        settings.SITE_URL = "https://news.example.org"
        factories.article(slug="ship")
        links = parts(read(client, "/articles/ship/"), "article__share")[0].xpath("./a")
        expected = "https://b.hatena.ne.jp/entry/s/news.example.org/articles/ship/"
        assert links[1].get("href") == expected


@pytest.mark.parametrize(
    ("language", "form", "year", "shown"),
    [
        ("ja", when, 2024, "1月7日 23:07"),
        ("ja", when, 2012, "2012年1月7日 23:07"),
        ("ja", briefly, 2024, "1/7 23:07"),
        ("ja", briefly, 2012, "2012/1/7 23:07"),
        ("en", when, 2012, "7 Jan 2012, 23:07"),
        ("en", briefly, 2024, "7 Jan 23:07"),
    ],
)
def test_a_time_of_another_year_has_its_year(monkeypatch, language, form, year, shown):
    now = datetime(2024, 12, 31, 23, 59, tzinfo=get_current_timezone())
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    with override(language):
        assert form(datetime(year, 1, 7, 23, 7, tzinfo=get_current_timezone())) == shown


@pytest.mark.parametrize(
    ("language", "moment", "shown"),
    [
        ("ja", (2024, 3, 2, 0, 0), "00:00"),
        ("ja", (2024, 3, 2, 12, 5), "12:05"),
        ("ja", (2024, 3, 1, 23, 59), "きのう 23:59"),
        ("ja", (2024, 3, 1, 0, 0), "きのう 00:00"),
        ("ja", (2024, 2, 29, 23, 59), "2月29日"),
        ("ja", (2023, 12, 31, 9, 0), "2023年12月31日"),
        ("ja", (2024, 3, 3, 9, 0), "3月3日"),  # scheduled, as the desk previews it
        ("en", (2024, 3, 1, 23, 59), "Yesterday 23:59"),
        ("en", (2024, 2, 9, 23, 59), "9 Feb"),
        ("en", (2023, 2, 9, 23, 59), "9 Feb 2023"),
    ],
)
def test_a_list_names_today_yesterday_or_the_day(monkeypatch, language, moment, shown):
    now = datetime(2024, 3, 2, 12, 30, tzinfo=get_current_timezone())
    monkeypatch.setattr("django.utils.timezone.now", lambda: now)
    with override(language):
        assert recent(datetime(*moment, tzinfo=get_current_timezone())) == shown


@pytest.mark.parametrize("language", ["ja", "en"])
@pytest.mark.parametrize(
    "pattern",
    [
        "j M H:i",
        "Y/n/j H:i",
        "Y年n月j日",
        "d.m.y",
        r"\a\t 100% F",
        "N b",
        "MONTH_DAY_FORMAT",
        "",
        "c",
    ],
)
def test_a_compiled_pattern_formats_as_django_does(language, pattern):
    with override(language):
        for month in range(1, 13):
            time = datetime(987, month, 9, 3, 4, 5, tzinfo=get_current_timezone())
            assert Clock().format(time, pattern) == date_format(time, pattern)
