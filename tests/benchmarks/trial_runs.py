"""Runs the trials of load that were asked for, and prints their table."""

import sys

from tests.benchmarks import report, running, trials
from tests.benchmarks.cpu import measure_loop
from tests.benchmarks.killing import kill_while_posting

KILLS = 3
KILL = "kill"


def run_trials(names, site, yardstick, seconds):
    """Run the trials whose names begin so, or all without names; returns the exit code."""
    chosen = [name for name in [*trials.TRIALS, KILL] if not names or name.startswith(tuple(names))]
    rows, wrong, loop = [], [], measure_loop()
    for name in chosen:
        if name == KILL:
            wrong += _kill(site)
            continue
        trial = trials.TRIALS[name](site)
        outcome = running.run(trial, site, yardstick, seconds)
        rows += report.rows_of(name, trial, outcome, loop)
        wrong += [f"{name}: {fault}" for fault in outcome.faults]
        _say(f"{name}: {outcome.busy:.0%} of a core went to the client.")
    _say(report.table(rows))
    _say("\n".join(wrong) or "Nothing was lost, every answer was right, every thread is sound.")
    return 1 if wrong else 0


def _kill(site):
    wrong = []
    for posts in range(100, 100 * (KILLS + 1), 100):
        aftermath = kill_while_posting(site, posts=posts)
        _say(
            f"{KILL}: {aftermath.acknowledged} posts were acknowledged before kill -9, "
            f"{aftermath.written} more written."
        )
        wrong += [f"{KILL}: {fault}" for fault in aftermath.faults]
    return wrong


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
