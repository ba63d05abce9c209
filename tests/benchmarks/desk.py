"""Measures the moderators' pages among many comments: ``python -m tests.benchmarks.desk``.

Fills an empty database with comments of many readers, some held, reported or edited since, and a
ledger; then asks for each page of the desk, one at a time. Prints the time of a page, that of the
process alone, that of the database, its number of queries, and the ratio to a fixed loop of Python
in the same run. Ends with 1 if a page answers wrongly; a page above its target is marked.
"""

import argparse
import os
import sys
import time
from pathlib import Path
from statistics import median

from tests.benchmarks import databases, servers
from tests.benchmarks.cpu import LOOP, measure_loop
from tests.settings import run

TARGET = 300  # milliseconds, the slowest of the measured answers
ROUNDS = 5
FILLED = "filled"  # a file in the folder of a database that is used again


def main():
    arguments = _parse_arguments()
    if arguments.keep:
        arguments.keep.mkdir(exist_ok=True, mode=0o700)
        os.environ[run.VARIABLE] = str(arguments.keep.resolve())
    url = databases.address(arguments.database, is_kept=bool(arguments.keep))
    os.environ.update(servers.environment(url))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    _fill(arguments)
    from tests.benchmarks.desk_pages import list_pages

    pages = [page for page in list_pages() if arguments.only in page.name]
    loop = 1_000 * measure_loop()
    _say(f"\n{arguments.database}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    _say(f"yardstick: {LOOP:,} squares in {loop:.0f} ms of processor")
    _say("  p50 ms   max ms process database  ratio queries  page")
    answered = [_report(page, *_measure(page), loop) for page in pages]
    sys.exit(not all(answered))


def _parse_arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.desk", description=__doc__)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--database", choices=databases.NAMES, default="postgresql")
    parser.add_argument("--only", default="", help="a part of the names of the pages")
    parser.add_argument(
        "--keep", type=Path, metavar="FOLDER", help="keep the database there, or use it again"
    )
    return parser.parse_args()


def _fill(arguments):
    from tests.benchmarks import desk_filling

    mark = run.folder() / FILLED
    if mark.exists():
        return
    started = time.monotonic()
    desk_filling.fill(arguments.comments)
    mark.touch()
    _say(f"Filled in {time.monotonic() - started:.0f} s.")


def _measure(page):
    """Return the measured milliseconds of each answer (all, process, database), the number of
    queries, and the status."""
    from django.core.cache import cache

    status = page.ask().status_code  # warms it
    taken = []
    for _ in range(ROUNDS):
        if page.is_cold:
            cache.clear()
        with _Clock() as clock:
            page.ask()
        taken.append(clock)
    return taken, status


class _Clock:
    """The milliseconds of a block: of the wall, of this process, in the database; its queries."""

    def __enter__(self):
        from django.db import connection

        self.queries, self.database = 0, 0.0
        self._wrapper = connection.execute_wrapper(self._execute)
        self._wrapper.__enter__()
        self._begun = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *error):
        wall, process = self._begun
        self.wall = (time.perf_counter() - wall) * 1_000
        self.process = (time.process_time() - process) * 1_000
        self._wrapper.__exit__(*error)

    def _execute(self, execute, sql, params, many, context):
        begun = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            self.queries += 1
            self.database += (time.perf_counter() - begun) * 1_000


def _report(page, taken, status, loop):
    """Print the line of a page; returns whether it answered as expected."""
    wall, process, database = (
        median(getattr(clock, name) for clock in taken) for name in ("wall", "process", "database")
    )
    slowest = max(clock.wall for clock in taken)
    fault = "" if status in page.expected else f"  ANSWERED {status}"
    late = f"  above {TARGET} ms" if slowest > TARGET else ""
    _say(
        f"{wall:8.1f} {slowest:8.1f} {process:7.1f} {database:8.1f} {wall / loop:6.2f}"
        f" {taken[-1].queries:7}  {page.name}{late}{fault}"
    )
    return not fault


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
