"""The processor time of a server, and the loop of Python that it is compared to."""

from functools import lru_cache
from pathlib import Path
from time import clock_gettime, process_time

LOOP = 2_000_000  # squares; a page of WordPress with 72 comments costs 0.44 of it
TRIES = 5


def read_group(group):
    """Return the seconds of processor that the processes of a group took so far, to the nanosecond.

    That takes one call of the system for each process. To read files of all threads instead would
    drive from the processor's caches what the next request needs, and treble its cost. The
    processes of a group are those that it has at the first call.
    """
    return sum(clock_gettime(clock) for clock in _list_clocks(group))


@lru_cache
def _list_clocks(group):
    """Return the clocks of the processor time of the processes of a group, as Linux numbers them:
    see ``clock_getcpuclockid(3)``."""
    return [~pid << 3 | 2 for pid in _list_processes(group)]


def _list_processes(group):
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = path.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:
            yield int(path.parent.name)


def measure_loop():
    """Return the seconds of processor of the fixed loop: the quickest of a few."""
    tries = []
    for _ in range(TRIES):
        begun = process_time()
        sum(number * number for number in range(LOOP))
        tries.append(process_time() - begun)
    return min(tries)
