"""Moderation in numbers: counted from the ledger, without names, texts and small numbers."""

import csv
import io
from datetime import datetime, timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as some

from comments.models import Comment, ModerationAction, Objection, Report
from comments.transparency import (
    compute_month,
    conceal_few,
    count_removed,
    list_months,
    shift_month,
)
from comments.transparency_bars import describe_month, format_duration
from tests import factories
from tests.comments.test_report_weights import reporter
from tests.reading import parsed, texts


@pytest.fixture
def month(settings):
    """The first day of the last complete month."""
    return shift_month(timezone.localdate().replace(day=1), -1)


@pytest.fixture
def by(db):
    return factories.user("三澄")


def at(month, *, day=10, minutes=0):
    zone = timezone.get_default_timezone()
    return datetime(month.year, month.month, day, 12, tzinfo=zone) + timedelta(minutes=minutes)


def write(article, month, **fields):
    return factories.comment(article, text="本文は載らない", posted_at=at(month), **fields)


def remove(comment, by, month, *, minutes=30, reason="spam", verb="remove"):
    action = getattr(comment, verb)(by=by, reason=reason)
    ModerationAction.objects.filter(pk=action.pk).update(created_at=at(month, minutes=minutes))
    action.refresh_from_db()
    return action


def test_removals_are_counted_by_reason_and_source(article, by, month):
    for _ in range(3):
        remove(write(article, month), by, month, minutes=30)
    for minutes in (10, 20, 600):
        remove(write(article, month, state="held", reason="words"), by, month, minutes=minutes)
    reported = write(article, month)
    report = Report.objects.file(reported, reader=reporter("a"), reason="abuse")
    Report.objects.filter(pk=report.pk).update(reported_at=at(month, minutes=100))
    remove(reported, by, month, minutes=105, reason="abuse").refresh_from_db()
    restored = write(article, month)
    remove(restored, by, month, minutes=50).undo(by=by)
    write(article, month)
    numbers = compute_month(month)
    assert numbers.written == 9 and count_removed(month) == 8
    assert (numbers.total.removed, numbers.total.restored) == (8, 1)
    assert numbers.reasons["spam"].removed == 7 and numbers.reasons["abuse"].removed == 1
    assert numbers.sources == {"reports": 1, "rules": 3, "checks": 0, "moderators": 4}
    assert numbers.total.median == timedelta(minutes=30)
    assert numbers.waits == [2, 5, 0, 1, 0]
    assert (numbers.reports, numbers.reports_kept) == (1, 0)


def test_other_months_writers_and_checks_do_not_count(article, by, month):
    remove(write(article, month), by, shift_month(month, -1))
    writer = reporter("w")
    own = factories.comment(article, text="消す", reader=writer, posted_at=at(month))
    own.remove(by=None, reason="writer", actor="writer")
    ModerationAction.objects.filter(comment=own).update(created_at=at(month))
    write(article, month, state="held", reason="words")
    assert compute_month(month).total.removed == 0
    assert compute_month(shift_month(month, -1)).total.removed == 1


def test_a_comment_counts_once_in_a_month(article, by, month):
    comment = write(article, month)
    remove(comment, by, month, reason="spam").undo(by=by)
    comment.refresh_from_db()
    remove(comment, by, month, minutes=90, reason="abuse", verb="prune")
    numbers = compute_month(month)
    assert numbers.total.removed == 1 and numbers.reasons["abuse"].removed == 1


def test_a_month_ends_at_midnight_of_the_site(article, by, month, settings):
    comment = write(article, month)
    action = comment.remove(by=by, reason="spam")
    zone = timezone.get_default_timezone()
    end = shift_month(month, 1)
    last = datetime(end.year, end.month, end.day, tzinfo=zone) - timedelta(seconds=1)
    for moment, counted in ((last, 1), (last + timedelta(seconds=1), 0)):
        ModerationAction.objects.filter(pk=action.pk).update(created_at=moment)
        assert compute_month(month).total.removed == counted


def test_objections_and_how_long_they_took(article, by, month):
    for number in range(6):
        comment = factories.comment(article, text=f"意見 {number}", reader=reporter("w"))
        comment.remove(by=by, reason="spam")
        objection = Objection.objects.file(comment, reader=reporter("w"), text="なぜ")
        Objection.objects.filter(pk=objection.pk).update(
            objected_at=at(month), answered_at=at(month, minutes=60), is_upheld=number < 2
        )
    numbers = compute_month(month)
    assert (numbers.objections, numbers.upheld) == (6, 2)
    assert numbers.answer_median == timedelta(hours=1)


@given(some.lists(some.integers(0, 40), max_size=8))
def test_no_small_number_can_be_computed_from_the_sum(numbers):
    concealed = conceal_few(numbers)
    assert all(number is None or number == 0 or number >= 5 for number in concealed)
    shown = [number for number in numbers if number]
    if concealed.count(None) == 1:
        assert len(shown) == 1  # then the sum is as small, and concealed itself
    for number, kept in zip(numbers, concealed, strict=True):
        assert kept in (None, number)


@pytest.mark.parametrize(
    ("minutes", "text"),
    [
        (0, "0分"),
        (31, "31分"),
        (125, "2時間5分"),
        (180, "3時間"),
        (47 * 60, "47時間"),
        (4320, "3日"),
    ],
)
def test_durations(minutes, text):
    assert format_duration(timedelta(minutes=minutes)) == text


class TestPage:
    @pytest.fixture
    def filled(self, article, by, month):
        for number in range(12):
            comment = write(article, month, reader=reporter(f"w{number}"))
            action = remove(comment, by, month, reason="spam" if number < 9 else "abuse")
            if number < 2:
                action.undo(by=by)
        cache.clear()

    def test_it_shows_the_last_complete_month(self, client, filled, month):
        page = client.get("/transparency/")
        assert page.status_code == 200
        saying = texts(parsed(page), "numbers__saying")[0]
        assert "12件を削除" in saying and "5件未満を、のちに元に戻し" in saying
        assert texts(parsed(page), "numbers__title") == ["審査の記録"]
        again = client.get(f"/transparency/{month.year}-{month.month}/")
        assert texts(parsed(again), "numbers__saying") == [saying]

    def test_small_numbers_and_what_gives_them_away_are_not_shown(self, client, filled):
        rows = {
            row[0].text_content().strip(): row[1].text_content().strip()
            for row in parsed(client.get("/transparency/")).xpath("//tbody/tr")
        }
        assert rows["個人への攻撃"] == "5件未満"
        assert rows["宣伝・広告"] == "非公開"
        assert rows["差別"] == "0"

    def test_it_names_nobody_and_quotes_nothing(self, client, filled, by):
        for path in ("", "table.csv", "feed/"):
            text = client.get(f"/transparency/{path}").content.decode()
            assert "本文は載らない" not in text and str(by) not in text

    def test_it_is_one_page_for_everyone(self, client, filled):
        page = client.get("/transparency/")
        assert not page.cookies and "public" in page["Cache-Control"]
        assert "Cookie" not in page.get("Vary", "")

    def test_the_table_and_the_feed(self, client, filled, month):
        content = client.get("/transparency/table.csv").content.decode("utf-8-sig")
        rows = [row for row in csv.DictReader(io.StringIO(content)) if row["reason"] == "spam"]
        assert rows[0] == {
            "month": f"{month:%Y-%m}",
            "reason": "spam",
            "removed": "",
            "restored": "",
            "median_minutes": "",
        }
        atom = client.get("/transparency/feed/")
        assert atom["Content-Type"].startswith("application/atom+xml")
        assert "12件を削除" in atom.content.decode()

    def test_a_site_without_decisions_says_so(self, client, db):
        page = client.get("/transparency/")
        assert "最初の月が終わると" in page.content.decode()
        assert client.get("/transparency/table.csv").status_code == 200
        assert client.get("/transparency/feed/").status_code == 200

    @pytest.mark.parametrize("path", ["2000-1", "9999-99", "2026-13", "0-0", f"{10**30}-1"])
    def test_other_months_are_missing(self, client, filled, path):
        assert client.get(f"/transparency/{path}/").status_code == 404

    def test_the_footer_leads_to_it(self, client, article):
        assert "/transparency/" in client.get(article.get_absolute_url()).content.decode()

    def test_the_running_month_is_not_shown(self, client, article, by):
        comment = factories.comment(article)
        comment.remove(by=by, reason="spam")
        cache.clear()
        assert list_months() == []

    def test_the_number_of_queries_is_bounded(
        self, client, filled, django_assert_max_num_queries, month
    ):
        with django_assert_max_num_queries(9):
            compute_month(month)
        client.get("/transparency/")
        with django_assert_max_num_queries(6):  # those of every page
            client.get("/transparency/")


def test_the_sentences_of_quiet_months(article, by, month):
    assert "削除したものはありません" in describe_month(compute_month(month))[0]
    remove(write(article, month), by, month)
    assert Comment.objects.count() == 1
    [sentence] = describe_month(compute_month(month))
    assert "5件未満" in sentence
