"""Acts about no thread, undone by two moderators at once, or while their time ends."""

import threading
from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from comments.bans import ban_reader
from comments.models import Measure, ModerationAction, WordRule, ledger
from comments.models.ledger import undo_acts
from comments.models.rule_change import save_lines
from comments.models.stamps import add_act_stamps
from comments.models.states import Verb
from comments.refusals import Changed
from comments.word_rules.rule_text import parse_rules
from tests import factories

SOON = 0.5  # seconds in which the other moderator would have come as far, without a lock

pytestmark = pytest.mark.django_db(transaction=True)


def take_raid(by):
    return Measure.take(Verb.RAID, by=by, value="held", until=timezone.now() + timedelta(hours=1))


def take_mode(by):
    return Measure.take(Verb.MODE, by=by, value="closed")


def ban(by):
    comment = factories.comment(factories.article(), reader=factories.reader())
    return ban_reader(comment, by=by, days=7, reason="abuse")


def change_rules(by):
    return save_lines(parse_rules("hold 馬鹿"), by=by)


ACTS = [ban, take_raid, take_mode, change_rules]


class Undoing(threading.Thread):
    def __init__(self, act, by, seen):
        super().__init__()
        self.act, self.by, self.seen, self.error = act, by, seen, None

    def run(self):
        try:
            ModerationAction.objects.get(pk=self.act.pk).undo(by=self.by, seen=self.seen)
        except Exception as error:
            self.error = error
        finally:
            connection.close()


def undo_at_once(act, monkeypatch):
    """Let two moderators undo an act. Each waits for the other between reading and writing, where
    a lock does not make the second wait."""
    both, find = threading.Barrier(2), ledger.find_changes_since

    def wait_and_find(*facts):
        with suppress(threading.BrokenBarrierError):
            both.wait(SOON)
        return find(*facts)

    monkeypatch.setattr(ledger, "find_changes_since", wait_and_find)
    add_act_stamps([act])
    undoing = [Undoing(act, factories.moderator(name), act.seen) for name in ("三澄", "早瀬")]
    for thread in undoing:
        thread.start()
    for thread in undoing:
        thread.join(30)
    return undoing


@pytest.mark.parametrize("take", ACTS)
def test_the_second_of_two_moderators_is_told(take, monkeypatch):
    act = take(factories.moderator())
    undoing = undo_at_once(act, monkeypatch)
    errors = [each.error for each in undoing if each.error]
    assert list(map(type, errors)) == [Changed], errors
    [winner] = [each.by for each in undoing if not each.error]
    act.refresh_from_db()
    assert act.undone_by == winner
    assert not Measure.objects.in_force().exists() and not WordRule.objects.listed().exists()


def test_two_bulks_in_opposite_orders_wait_for_no_deadlock():
    by, gate, errors = factories.moderator(), threading.Barrier(2), []
    acts = [take(by) for take in ACTS]

    def undo(order):
        rows = ModerationAction.objects.in_bulk([act.pk for act in acts])
        gate.wait()
        try:
            undo_acts([rows[act.pk] for act in order], by=by)
        except Exception as error:
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=undo, args=(acts[::step],)) for step in (1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert errors == []
    assert not ModerationAction.objects.filter(undone_at=None).exists()


def test_a_measure_whose_time_ended_is_undone_without_harm():
    by = factories.moderator()
    act = take_raid(by)
    add_act_stamps([act])
    Measure.objects.update(until=timezone.now())
    assert not Measure.objects.in_force().exists()
    act.undo(by=by, seen=act.seen)
    act.refresh_from_db()
    assert act.is_undone and not Measure.objects.in_force().exists()
