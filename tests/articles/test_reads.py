"""Read counts: what counts as a reading, how it is stored, and the rankings."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, OperationalError, connection
from django.utils import timezone

from articles import reads
from articles.models import Article, ReadCount
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories
from tests.reading import parts, read, texts

BROWSER = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
KEY = b"of some week"
HERE = {"sec-fetch-site": "same-origin", "origin": "http://testserver", "user-agent": BROWSER}


def tell(client, article, *, address="192.0.2.1", **headers):
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    path = f"/articles/{article.pk}/read/"
    answer = client.post(path, headers=HERE | headers, REMOTE_ADDR=address)
    assert answer.status_code == 204
    return answer


def total(article):
    """How many networks read an article."""
    counts = ReadCount.objects.filter(article=article)
    return round(reads.estimate_networks("".join(counts.values_list("slots", flat=True))))


def count(article, networks, *, hours_ago=0):
    """Let networks read an article, in every hour others."""
    at = (timezone.now() - timedelta(hours=hours_ago)).replace(minute=0, second=0, microsecond=0)
    slots = "".join(f"{hours_ago * 20 + network:04x}" for network in range(networks))
    ReadCount.objects.create(article=article, hour=at, slots=slots)


def slot_of(article, number):
    """The slot of one of many networks."""
    return reads.compute_slot(article.pk, [f"192.0.2.{number}"], KEY)


def stored(article):
    """The slots of an article in the database."""
    slots = "".join(ReadCount.objects.filter(article=article).values_list("slots", flat=True))
    return {slots[start : start + 4] for start in range(0, len(slots), 4)}


def slots_of(article, numbers):
    return {slot_of(article, number) for number in numbers}


@pytest.fixture
def article(fixed_key):
    return factories.article(title="港の朝")


class TestTelling:
    def test_a_reading_counts_in_its_hour(self, client, article):
        for number in range(3):
            answer = tell(client, article, address=f"192.0.2.{number}")
        read_count = ReadCount.objects.get()
        assert (read_count.article, total(article)) == (article, 3)
        assert (read_count.hour.minute, read_count.hour.second, read_count.hour.microsecond) == (
            0,
            0,
            0,
        )
        assert timezone.now() - read_count.hour < timedelta(hours=1)
        assert not answer.content and not answer.cookies
        assert "cookie" not in answer.get("Vary", "").lower()

    def test_a_browser_that_says_only_its_origin_counts_too(self, client, article):
        client.post(
            f"/articles/{article.pk}/read/",
            headers={"origin": "http://testserver", "user-agent": BROWSER},
        )
        assert total(article) == 1

    @pytest.mark.parametrize(
        "headers",
        [
            {"sec_fetch_site": "cross-site"},
            {"sec_fetch_site": "same-site"},
            {"sec_fetch_site": "none"},
            {"sec_fetch_site": "", "origin": "http://elsewhere.example"},
            {"sec_fetch_site": "", "origin": "null"},
            {"user_agent": ""},
            {"user_agent": "Mozilla/5.0 (compatible; Googlebot/2.1)"},
            {"user_agent": "Mozilla/5.0 (X11) AppleWebKit/537.36 HeadlessChrome/140.0"},
            {"user_agent": "python-requests/2.32"},
        ],
    )
    def test_what_comes_from_elsewhere_or_from_a_robot_does_not(self, client, article, headers):
        tell(client, article, **headers)
        assert total(article) == 0

    @pytest.mark.parametrize("pk", [0, 999, 2**63, 10**40])
    def test_what_names_no_article_does_no_harm(self, client, article, pk):
        answer = client.post(f"/articles/{pk}/read/", headers=HERE)
        assert answer.status_code == 204
        assert not ReadCount.objects.exists()

    def test_only_what_lists_show_counts(self, client, article):
        for hidden in (
            factories.article(status="draft"),
            factories.article(published_at=timezone.now() + timedelta(hours=1)),
            factories.article(kind=Article.Kind.PAGE),
        ):
            tell(client, hidden)
        assert not ReadCount.objects.exists()

    def test_it_is_told_by_post_alone(self, client, article):
        assert client.get(f"/articles/{article.pk}/read/").status_code == 405

    def test_the_page_names_the_address_to_the_script(self, client, article):
        (shown,) = parts(read(client, article.get_absolute_url()), "article")
        assert shown.get("data-read") == f"/articles/{article.pk}/read/"


class TestTally:
    def test_hours_are_counted_apart(self, article):
        tally = reads.Tally()
        late = datetime(2026, 11, 22, 9, 59, 59, tzinfo=UTC)
        for number, at in enumerate((late, late, late + timedelta(seconds=1))):
            tally.add(article.pk, slot_of(article, number), at=at)
        slots = ReadCount.objects.order_by("hour").values_list("slots", flat=True)
        assert [round(reads.estimate_networks(each)) for each in slots] == [2, 1]

    def test_a_network_is_counted_once_in_several_hours_and_processes(self, article):
        late = datetime(2026, 11, 22, 9, 59, 59, tzinfo=UTC)
        for tally in (reads.Tally(), reads.Tally()):
            for hour in range(3):
                tally.add(article.pk, slot_of(article, 1), at=late + timedelta(hours=hour))
        assert ReadCount.objects.count() == 3
        assert total(article) == 1

    def test_it_writes_a_sum_and_not_a_reading(self, article, settings, django_assert_num_queries):
        settings.READS_WRITTEN_EVERY = 3600
        tally = reads.Tally()
        tally._start = lambda: None
        with django_assert_num_queries(0):
            for number in range(500):
                tally.add(article.pk, slot_of(article, number % 50))
        with django_assert_num_queries(4):  # savepoint, what is public, the counts, release
            tally.write()
        assert stored(article) == slots_of(article, range(50))
        with django_assert_num_queries(0):
            for number in range(50):  # were written in this hour
                tally.add(article.pk, slot_of(article, number))
            tally.write()

    def test_what_the_database_refuses_is_kept(self, article, settings, monkeypatch):
        settings.READS_WRITTEN_EVERY = 3600
        tally = reads.Tally()
        tally._start = lambda: None
        tally.add(article.pk, slot_of(article, 1))
        with monkeypatch.context() as broken:
            broken.setattr(reads, "_add_to_counts", _refuse)
            tally.write()
        tally.add(article.pk, slot_of(article, 2))
        tally.write()
        assert total(article) == 2

    def test_forged_articles_do_not_fill_the_memory(self, settings, monkeypatch):
        settings.READS_WRITTEN_EVERY = 3600
        monkeypatch.setattr(reads, "MOST_WAITING", 10)
        tally = reads.Tally()
        tally._start = lambda: None
        for pk in range(100):
            tally.add(pk, "0001")
        assert len(tally._waiting) == 10

    def test_what_was_written_does_not_fill_the_memory(self, article, settings, monkeypatch):
        settings.READS_WRITTEN_EVERY = 3600
        monkeypatch.setattr(reads, "MOST_WRITTEN", 10)
        tally = reads.Tally()
        tally._start = lambda: None
        for number in range(60):
            tally.add(article.pk, slot_of(article, number))
            tally.write()
            assert len(tally._written) < 10
        assert stored(article) == slots_of(article, range(60))

    @pytest.mark.django_db(transaction=True)
    def test_many_writers_at_once_lose_nothing(self, settings):
        """Each tally is what a process has of its own; the threads share it."""
        settings.READS_WRITTEN_EVERY = 3600
        articles = [factories.article() for _ in range(5)]
        tallies = [reads.Tally() for _ in range(3)]

        def work(tally, own, turn):
            for number in range(60):
                article = own[number % 5]
                tally.add(article.pk, slot_of(article, 60 * turn + number))
                if number % 10 == 9:
                    tally.write()
            tally.write()
            connection.close()

        for tally in tallies:
            tally._start = lambda: None
        threads = [
            threading.Thread(target=work, args=(tally, articles[:: (-1) ** turn], turn))
            for turn, tally in enumerate(tallies * 2)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for tally in tallies:
            tally.write()
        for position, article in enumerate(articles):
            numbers = [
                60 * turn + number
                for turn in range(6)
                for number in range(60)
                if number % 5 == (4 - position if turn % 2 else position)
            ]
            assert len(numbers) == 72
            assert stored(article) == slots_of(article, numbers)

    @pytest.mark.django_db(transaction=True)
    def test_a_thread_of_its_own_writes_after_a_while(self, settings, monkeypatch):
        settings.READS_WRITTEN_EVERY = 0.05
        article = factories.article()
        written = threading.Event()
        write = reads._add_to_counts

        def tell_and_write(readings):
            write(readings)
            written.set()

        monkeypatch.setattr(reads, "_add_to_counts", tell_and_write)
        ends = threading.Event()
        monkeypatch.setattr(reads, "main_thread", lambda: _Until(ends))
        tally = reads.Tally()
        tally.add(article.pk, slot_of(article, 1))
        assert written.wait(10)
        assert total(article) == 1
        settings.READS_WRITTEN_EVERY = 3600  # the last is written when the process ends
        tally.add(article.pk, slot_of(article, 2))
        ends.set()
        tally._writer.join(10)
        assert total(article) == 2


class _Until:
    """Stands for the main thread: alive until an event."""

    def __init__(self, event):
        self.event = event

    def is_alive(self):
        return not self.event.is_set()

    def join(self, timeout):
        self.event.wait(timeout)


def _refuse(readings):
    raise DatabaseError("locked")


class TestRanking:
    def test_a_day_and_a_week_are_ranked_apart(self, client, article):
        old, older = factories.article(title="先週の灯台"), factories.article(title="先月の霧")
        count(article, 3)
        count(article, 4, hours_ago=2)
        count(old, 20, hours_ago=60)
        count(older, 20, hours_ago=24 * 20)
        day, week = parts(read(client, "/"), "most-read", "tabbed__part")
        assert texts(day, "rank__title") == ["港の朝"]
        assert texts(week, "rank__title") == ["先週の灯台", "港の朝"]
        assert "open" in day.attrib and "open" not in week.attrib
        assert day.get("name") == week.get("name")

    def test_only_what_lists_show_is_ranked_and_at_once(self, client, article):
        for title in ("取り下げる記事", "期限のある記事"):
            count(factories.article(title=title), 9)
        count(article, 1)
        read(client, "/")
        Article.objects.get(title="取り下げる記事").withdraw(note="誤り。")
        Article.objects.filter(title="期限のある記事").update(
            expires_at=timezone.now() - timedelta(minutes=1)
        )
        page = read(client, "/")
        assert set(texts(page, "most-read", "rank__title")) == {"港の朝"}

    def test_five_are_named_and_without_any_there_is_no_block(self, client, article):
        assert not parts(read(client, "/"), "most-read")
        for number in range(8):
            count(factories.article(title=f"記事{number}"), 20 - number)
        renew_all_rankings()
        (day, _week) = parts(read(client, "/"), "tabbed__part")
        assert texts(day, "rank__title") == [f"記事{number}" for number in range(5)]

    def test_a_quiet_day_shows_the_week(self, client, article):
        count(article, 3, hours_ago=50)
        (part,) = parts(read(client, "/"), "tabbed__part")
        assert "open" in part.attrib
        assert texts(part, "rank__title") == ["港の朝"]


def test_old_counts_are_forgotten_by_a_command(article, capsys):
    count(article, 3, hours_ago=24 * 91)
    count(article, 4, hours_ago=24 * 89)
    call_command("purge_reads", "--dry-run")
    assert ReadCount.objects.count() == 2
    call_command("purge_reads")
    assert total(article) == 4
    assert capsys.readouterr().out == "1 counts of readings, 0 network keys.\n" * 2


@pytest.mark.parametrize(
    ("error", "has_traceback"),
    [(OperationalError("database is locked"), False), (DatabaseError("no such table"), True)],
)
def test_a_busy_database_is_one_line_of_the_log(
    article, settings, monkeypatch, caplog, error, has_traceback
):
    def refuse(readings):
        raise error

    monkeypatch.setattr(reads, "_add_to_counts", refuse)
    settings.READS_WRITTEN_EVERY = 3600
    tally = reads.Tally()
    monkeypatch.setattr(tally, "_start", lambda: None)
    tally.add(article.pk, slot_of(article, 1))
    tally.write()
    [record] = caplog.records
    assert "Readings could not be written" in record.message
    assert bool(record.exc_info) is has_traceback
