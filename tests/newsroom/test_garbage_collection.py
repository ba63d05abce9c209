"""A thread of the server collects garbage; requests do not."""

import gc
from threading import Thread

import pytest

from newsroom import garbage_collection
from newsroom.garbage_collection import (
    ALL,
    ALL_AGAIN,
    ALL_AT_LATEST,
    MANY,
    NEW,
    SOME,
    Collector,
)

pytestmark = pytest.mark.once


@pytest.fixture
def process(monkeypatch):
    """What the collector sees of its process: new objects, and its clocks in seconds."""

    class Process:
        objects, clock, used = 0, 0.0, 0.0

    process, collected = Process(), []
    monkeypatch.setattr(gc, "get_count", lambda: (process.objects, 0, 0))
    monkeypatch.setattr(gc, "collect", collected.append)
    monkeypatch.setattr(garbage_collection, "monotonic", lambda: process.clock)
    monkeypatch.setattr(garbage_collection, "process_time", lambda: process.used)
    process.collected = collected
    return process


@pytest.mark.parametrize(
    ("objects", "used", "generation"),
    [
        (SOME - 1, 0, None),
        (SOME, 0, NEW),
        (MANY, 0.5, None),  # readers come first
        (MANY + 1, 0.5, NEW),
    ],
)
def test_it_collects_in_quiet_moments_or_when_there_is_much(process, objects, used, generation):
    collector = Collector()
    process.objects, process.clock, process.used = objects, 1.0, used
    assert collector.look() == generation
    assert process.collected == ([generation] if generation else [])


def test_it_collects_everything_now_and_then_in_a_quiet_moment(process):
    collector = Collector()
    process.objects, process.clock, process.used = MANY + 1, ALL_AGAIN + 1, ALL_AGAIN
    assert collector.look() == NEW
    process.clock += 1
    assert collector.look() == ALL
    process.clock += 1
    assert collector.look() == NEW


def test_it_collects_everything_at_last_where_it_is_never_quiet(process):
    collector = Collector()
    process.objects, process.clock, process.used = MANY + 1, ALL_AT_LATEST + 1, ALL_AT_LATEST
    assert collector.look() == ALL


def test_requests_start_no_collection(monkeypatch):
    started = []
    monkeypatch.setattr(Thread, "start", lambda thread: started.append(thread.name))
    try:
        garbage_collection.start_collecting()
        assert not gc.isenabled()
    finally:
        gc.enable()
    assert started == ["garbage"]


def test_a_cycle_is_collected_although_python_itself_does_not(monkeypatch):
    class Node:
        pass

    gc.disable()
    try:
        monkeypatch.setattr(garbage_collection, "QUIET", 2)
        collector, gone = Collector(), []
        nodes = [Node() for _ in range(2 * SOME)]
        for node in nodes:
            node.me = node
        nodes[0].note = Note(gone)
        del nodes, node
        assert gone == []
        assert collector.look() == NEW
        assert gone == [True]
    finally:
        gc.enable()


class Note:
    def __init__(self, gone):
        self._gone = gone

    def __del__(self):
        self._gone.append(True)
