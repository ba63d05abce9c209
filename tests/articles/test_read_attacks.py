"""What one address or one /48 can do to the ranking of the most read, and the pace of readings."""

import pytest

from articles import reads
from articles.models import ReadCount
from tests import factories
from tests.articles.test_reads import HERE, KEY, count, tell, total
from tests.reading import parts, read, texts

pytestmark = pytest.mark.once


@pytest.fixture
def article(fixed_key):
    return factories.article(title="港の朝")


@pytest.fixture
def rival(db):
    return factories.article(title="押し上げる記事")


@pytest.fixture
def no_rate(settings):
    settings.READ_RATE = {}


def ranked(client):
    day, week = parts(read(client, "/"), "most-read", "tabbed__part")
    return texts(day, "rank__title"), texts(week, "rank__title")


@pytest.mark.parametrize("addresses", [["192.0.2.1"], ["2001:db8::1", "2001:db8::2:1"]])
def test_a_loop_of_readings_from_one_address_moves_nothing(
    client, article, rival, no_rate, addresses
):
    count(article, 2)
    for number in range(30):
        tell(client, rival, address=addresses[number % len(addresses)])
    assert total(rival) == 1
    assert ranked(client) == (["港の朝", "押し上げる記事"],) * 2


@pytest.mark.slow
def test_a_loop_over_a_48_moves_next_to_nothing(client, article, rival, no_rate):
    count(article, 12)
    for number in range(300):
        tell(client, rival, address=f"2001:db8:1:{number * 211:x}::1")
    assert total(rival) <= 7
    assert ranked(client)[0] == ["港の朝", "押し上げる記事"]


def test_a_whole_48_counts_like_a_logarithm():
    networks = [[f"host {host}", f"site {host >> 8}", "all"] for host in range(65_536)]
    slots = {reads.compute_slot(1, each, KEY) for each in networks}
    assert 6 <= len(slots) <= 11


def test_separate_networks_count_in_full(client, article, no_rate):
    for number in range(40):
        tell(client, article, address=f"2001:db8:{number:x}::1")
        tell(client, article, address=f"198.51.100.{number}")
    assert 77 <= total(article) <= 80


def test_many_networks_are_estimated_well():
    slots = [reads.compute_slot(1, [f"192.0.2.{number}"], KEY) for number in range(50_000)]
    assert abs(reads.estimate_networks("".join(slots)) - 50_000) < 1_000
    assert reads.estimate_networks("".join(f"{slot:04x}" for slot in range(65_536))) > 700_000


def test_no_address_is_stored_and_no_slot_is_the_same_for_two_articles(client, article, rival):
    tell(client, article)
    tell(client, rival)
    first, second = ReadCount.objects.order_by("pk").values_list("slots", flat=True)
    assert len(first) == len(second) == reads.DIGITS
    assert first != second


def test_readings_have_a_pace(client, article, settings):
    settings.READ_RATE = {60: 5}
    path = f"/articles/{article.pk}/read/"
    answers = [client.post(path, headers=HERE) for _ in range(7)]
    assert [answer.status_code for answer in answers] == [204] * 5 + [429] * 2
    assert "アクセスの回数が多すぎます" in answers[-1].content.decode()
    assert 0 < int(answers[-1]["Retry-After"]) <= 61
    assert client.post(path, headers=HERE, REMOTE_ADDR="192.0.2.3").status_code == 204


@pytest.mark.django_db
class TestSections:
    def test_a_section_ranks_its_own_articles_and_those_below_it(self, client):
        news = factories.category("国内", slug="news")
        port = factories.category("港", slug="port", parent=news)
        sport = factories.category("スポーツ", slug="sport")
        for section, networks in ((news, 3), (port, 4), (sport, 9)):
            count(factories.article(title=section.name, category=section), networks)
        for address, titles in {
            "/": ["スポーツ", "港", "国内"],
            "/categories/news/": ["港", "国内"],
            "/categories/port/": ["港"],
            "/categories/sport/": ["スポーツ"],
        }.items():
            day, _week = parts(read(client, address), "most-read", "tabbed__part")
            assert texts(day, "rank__title") == titles
