"""Prunes a branch and undoes it while others write, and measures how long each takes."""

import time
from functools import partial

from comments.models import Comment
from tests import factories

SPENT = {"cpu": 0.0, "errors": 0, "broken": 0, "samples": [], "acknowledged": []}
PAUSE = 0.2  # seconds between two acts: others write meanwhile


def prune_and_undo(pk, seconds):
    """Prune the branch of a comment and undo it until so many seconds are over."""
    moderator = factories.user("a-moderator-who-prunes")
    latencies = {"prune": [], "undo": []}
    until = time.monotonic() + seconds
    while time.monotonic() < until or not latencies["undo"]:
        top = Comment.objects.get(pk=pk)
        prune = partial(top.prune, by=moderator, reason="spam", seen=top.branch_stamp)
        action = _measure(latencies["prune"], prune)
        time.sleep(PAUSE)
        _measure(latencies["undo"], partial(action.undo, by=moderator))
        time.sleep(PAUSE)
    return {
        name: SPENT | {"latencies": taken, "seconds": sum(taken) / 1e6}
        for name, taken in latencies.items()
    }


def _measure(latencies, act):
    """Do something and note how many microseconds it took."""
    begun = time.perf_counter()
    outcome = act()
    latencies.append(round((time.perf_counter() - begun) * 1e6))
    return outcome
