"""Measures the site: ``python -m tests.benchmarks``.

Without names it prints one table: what a page, a search, a post, a vote, a page of the staff and an
import cost, on SQLite and on PostgreSQL, beside yardsticks of the same run. With names it runs
these trials of load, which also look for what was lost: ``python -m tests.benchmarks post vote``
(or ``all``). Each database gets its own process, an empty folder, and the site by its own server
with its production settings. Ends with 1 where an answer, a thread or a count was wrong; a missed
target is said in the table.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
from contextlib import nullcontext

from tests.benchmarks import databases, rows, servers, static_nginx
from tests.settings import run

SECONDS = {"table": 2, "trials": 9}  # of each load and each yardstick
ALL = "all"


def main():
    arguments = _parse_arguments()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if arguments.database != "both":
        sys.exit(_measure_one(arguments))
    codes = [_run_apart(arguments, database) for database in databases.NAMES]
    if not arguments.names and not any(codes):
        runs = {}
        for database in databases.NAMES:
            loop, values = json.loads(_find_result(database).read_text())
            runs[database] = loop, [rows.Row.read(each) for each in values]
        _say(f"\n{rows.write_table(runs)}")
    sys.exit(max(codes))


def _parse_arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="trials, or how their names begin, or all")
    parser.add_argument("--database", choices=[*databases.NAMES, "both"], default="both")
    parser.add_argument("--seconds", type=float, help=f"of each load; default: {SECONDS}")
    parser.add_argument("--workers", type=int, default=1, help="of the server; default: 1")
    parser.add_argument("--cache", default="locmem://", help="CACHE_URL; default: locmem://")
    parser.add_argument("--crawled", type=int, default=500, help="articles; default: 500")
    return parser.parse_args()


def _run_apart(arguments, database):
    """Run for one database in a process of its own, because Django takes only one."""
    run.folder()  # is common to both, and ends with this process
    command = [sys.executable, "-m", "tests.benchmarks", *sys.argv[1:], "--database", database]
    process = subprocess.Popen(command)
    try:
        return process.wait()
    finally:
        process.terminate()
        process.wait()


def _find_result(database):
    return run.folder() / f"{database}.json"


def _measure_one(arguments):
    """Prepare a database, start the servers and measure; returns the exit code."""
    url = databases.address(arguments.database)
    os.environ.update(servers.environment(url), CACHE_URL=arguments.cache)
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    subprocess.run([sys.executable, "-m", "tests.benchmarks.yardstick"], check=True)
    changes = {"workers": arguments.workers, "CACHE_URL": arguments.cache}
    with (
        servers.Server(url, **changes) as site,
        servers.Server(url, servers.YARDSTICK, **changes) as yardstick,
    ):
        _say(f"\n{arguments.database}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        if arguments.names:
            from tests.benchmarks.trial_runs import run_trials

            names = [] if ALL in arguments.names else arguments.names
            return run_trials(names, site, yardstick, arguments.seconds or SECONDS["trials"])
        return _measure_table(arguments, site, yardstick)


def _measure_table(arguments, site, yardstick):
    from tests.benchmarks.measuring import Measuring
    from tests.benchmarks.running import thread_faults

    seconds = arguments.seconds or SECONDS["table"]
    with static_nginx.StaticNginx() if static_nginx.is_installed() else nullcontext() as nginx:
        if not nginx:
            _say("nginx is not installed: its rows stay empty.")
        measuring = Measuring(site, yardstick, nginx, seconds=seconds, crawled=arguments.crawled)
        loop, result = measuring.run(say=_say)
    values = [loop, [row.write() for row in result]]
    _find_result(arguments.database).write_text(json.dumps(values))
    _say(rows.write_table({arguments.database: (loop, result)}))
    faults = thread_faults()
    _say("\n".join(faults) or "Every answer was right, every thread is sound.")
    return 1 if faults else 0


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
