"""Runs a trial and looks whether everything is still true afterwards."""

import time
from dataclasses import dataclass

from comments.models import Comment, Thread, Vote
from comments.verification import find_faults
from newsroom.load_data.bulk_rows import count_rows
from tests.benchmarks import client

ROUNDS = 3  # loads and yardsticks take turns, so that a busy machine meets them all alike
WARMING = 0.5  # seconds of each load that are not measured
AT_MOST = 600  # seconds for a load that ends by itself


@dataclass
class Outcome:
    """``seen`` by the client of each load, by name; ``busy``: the share of a core that the client
    took; ``faults``: what is not as it should be, as sentences."""

    seen: dict
    busy: float
    faults: list[str]


def run(trial, site, yardstick, seconds):
    """Run the steps of a trial, each for so many seconds in all; returns its outcome."""
    count_rows()
    before = Comment.objects.count(), Vote.objects.count()
    if trial.meanwhile:
        seen, busy = _run_meanwhile(trial, site, yardstick, seconds)
    else:
        result = client.measure(_plan(trial, site, yardstick, seconds))
        seen, busy = result["groups"], result["busy"]
    wrong = [*_errors(seen, site), *soundness(trial, seen, before), *trial.check()]
    return Outcome(seen, busy, wrong)


def _run_meanwhile(trial, site, yardstick, seconds):
    """Run the steps one after the other, with something else during the last; returns what was
    seen of each load, and the share of a core that the client took."""
    plan = _plan(trial, site, yardstick, seconds)
    *before, last = [
        {**plan, "phases": [phase for phase in plan["phases"] if phase["groups"] == step]}
        for step in trial.steps
    ]
    seen = {}
    for part in before:
        groups = client.measure(part)["groups"]
        seen |= {name: groups[name] for name in part["phases"][0]["groups"]}
    process = client.started(last)
    time.sleep(WARMING)
    seen |= trial.meanwhile(seconds)
    result = client.finished(process)
    seen |= {name: result["groups"][name] for name in last["phases"][0]["groups"]}
    return seen, result["busy"]


def soundness(trial, seen, before):
    """Return what is wrong with the threads, and where what was acknowledged is not there."""
    acknowledged = {"Post": set(), "Vote": set()}
    for load in trial.sent:
        if load.workload in acknowledged:
            acknowledged[load.workload] |= {
                tuple(what) if isinstance(what, list) else what
                for what in seen[load.name]["acknowledged"]
            }
    counted = Comment.objects.count() - before[0], Vote.objects.count() - before[1]
    wrong = [
        f"{there} new {what}, but {len(acknowledged[kind])} acknowledged"
        for kind, what, there in zip(acknowledged, ("comments", "votes"), counted, strict=True)
        if there != len(acknowledged[kind])
    ]
    return wrong + thread_faults()


def thread_faults():
    """Return what ``verify_comments`` would say of all threads."""
    return [
        f"thread {thread.pk}: {fault}"
        for thread in Thread.objects.all()
        for fault in find_faults(thread)
    ]


def _errors(seen, site):
    wrong = []
    for name, group in seen.items():
        if group["errors"] or group["broken"]:
            samples = "\n".join(group["samples"])
            wrong.append(
                f"{name}: {group['errors']} wrong answers, {group['broken']} broken off\n"
                f"{samples}\n{site.log}"
            )
    return wrong


def _plan(trial, site, yardstick, seconds):
    groups = {}
    for load in trial.sent:
        server = site if load.on_site else yardstick
        groups[load.name] = {
            "workload": load.workload,
            "options": load.options,
            "clients": load.clients,
            "address": server.address,
            "process_group": server.group,
        }
    *others, last = trial.steps
    if trial.exact:
        timed = [(step, seconds) for step in others] + [(last, AT_MOST)]
        warmed = others
    else:
        timed = [(step, seconds / ROUNDS) for step in trial.steps] * ROUNDS
        warmed = trial.steps
    phases = [{"groups": step, "seconds": WARMING, "measured": False} for step in warmed]
    phases += [{"groups": step, "seconds": long, "measured": True} for step, long in timed]
    return {"groups": groups, "phases": phases}
