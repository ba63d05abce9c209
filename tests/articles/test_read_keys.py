"""The slots of a week have a key of their own, which the retention deletes."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.core.management import call_command
from django.utils import timezone

from articles.models import NetworkKey, ReadCount
from tests import factories
from tests.articles.test_reads import tell


@pytest.fixture
def read_in_week(db, client, monkeypatch):
    """Return a function that reads some articles in a week and returns the slots filled."""
    articles = [factories.article() for _ in range(4)]

    def read_in_week(week):
        monkeypatch.setattr(NetworkKey, "this_week", lambda: week)
        ReadCount.objects.all().delete()
        for article in articles:
            tell(client, article)
        return list(ReadCount.objects.order_by("article").values_list("slots", flat=True))

    return read_in_week


def test_a_network_has_another_slot_in_another_week(read_in_week):
    weeks = ["2026-01", "2026-01", "2026-02", "2026-02", "2026-01"]
    first, again, second, second_again, later = map(read_in_week, weeks)
    assert first == again == later
    assert second == second_again
    assert first != second


def test_without_the_key_of_its_week_a_slot_cannot_be_computed_again(read_in_week):
    slots = read_in_week("2026-01")
    NetworkKey.objects.all().delete()
    cache.clear()
    assert read_in_week("2026-01") != slots


def test_a_comment_does_not_lead_to_the_readings_of_its_network(db):
    assert NetworkKey.derive("comments") != NetworkKey.derive("readings")


def test_old_keys_are_deleted_with_the_counts(client, fixed_key, capsys):
    tell(client, factories.article())
    NetworkKey.objects.create(week="2020-01", key="0" * 64)
    NetworkKey.objects.update(created_at=timezone.now() - timedelta(days=91))
    call_command("purge_reads", "--dry-run")
    assert NetworkKey.objects.count() == 2
    call_command("purge_reads")
    assert NetworkKey.objects.get().week == NetworkKey.this_week()
    assert capsys.readouterr().out == "0 counts of readings, 1 network keys.\n" * 2
