"""Checks of the measures in force: modes, locked and slow branches, raid protection."""

from datetime import timedelta

from comments.checks.pace import ask_to_wait
from comments.checks.verdict import hold, refuse
from comments.models.states import Mode, RaidMode, Reason
from comments.notices import (
    say_closed,
    say_first_held,
    say_held,
    say_locked,
    say_raid,
    say_slow,
)


def closed_thread(draft, facts):
    if not facts.is_open:
        return refuse("closed", say_closed(facts.opens_at), status=409)
    return None


def locked_branch(draft, facts):
    if facts.lock:
        return refuse("locked", say_locked(facts.lock_ends_at), status=409)
    return None


def slow_branch(draft, facts):
    """Refuse a reply that comes too soon after the writer's last one in a slow branch."""
    if not facts.slow or facts.last_in_slow is None:
        return None
    minutes = int(facts.slow.value)
    left = facts.last_in_slow + timedelta(minutes=minutes) - facts.now
    if left <= timedelta(0):
        return None
    message = f"{say_slow(minutes, facts.slow.until)} {ask_to_wait(left)}"
    return refuse("slow", message, status=429)


def raid(draft, facts):
    """Hold every comment, or refuse one that comes too soon after the writer's last one."""
    if not facts.raid:
        return None
    pause = timedelta(seconds=facts.rules["raid_pause"])
    message = say_raid(facts.raid)
    if facts.raid.value == RaidMode.HELD:
        return hold(Reason.MODE.value, message)
    left = facts.last_post + pause - facts.now if facts.last_post else timedelta(0)
    if left > timedelta(0):
        return refuse("raid", f"{message} {ask_to_wait(left)}", status=429)
    return None


def mode(draft, facts):
    if facts.mode == Mode.HELD:
        return hold(Reason.MODE.value, say_held(facts.mode_ends_at))
    return None


def first_comment(draft, facts):
    if facts.mode == Mode.FIRST and facts.is_newcomer:
        return hold(Reason.FIRST.value, say_first_held(facts.mode_ends_at))
    return None
