"""Measures the site under load: ``python -m tests.benchmarks [names …]``.

Each database gets its own run: an empty folder, the site by its own server with its production
settings, and a yardstick beside it. Ends with 1 where an answer, a thread or a count was wrong;
a ratio below its target is said in the table.
"""

import argparse
import os
import signal
import subprocess
import sys

from tests.benchmarks import databases, servers

KILLS = 3
KILL = "kill"


def main():
    arguments = _arguments()
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit(128 + number))
    if arguments.database == "both":
        codes = [_apart(arguments, database) for database in databases.NAMES]
        sys.exit(max(codes))
    url = databases.address(arguments.database)
    os.environ.update(servers.environment(url))
    _prepare(url)
    sys.exit(_measured(arguments, url))


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", help="trials, or how their names begin; default: all")
    parser.add_argument("--database", choices=[*databases.NAMES, "both"], default="both")
    parser.add_argument(
        "--seconds", type=float, default=9, help="of each load and each yardstick; default: 9"
    )
    parser.add_argument("--workers", type=int, default=1, help="of the server; default: 1")
    return parser.parse_args()


def _apart(arguments, database):
    """Run for one database in a process of its own, because Django takes only one."""
    command = [sys.executable, "-m", "tests.benchmarks", *arguments.names, "--database", database]
    command += ["--seconds", str(arguments.seconds), "--workers", str(arguments.workers)]
    process = subprocess.Popen(command)
    try:
        return process.wait()
    finally:
        process.terminate()
        process.wait()


def _prepare(url):
    """Make the tables and collect the static files, as an operator does."""
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    call_command("collectstatic", verbosity=0, interactive=False)
    subprocess.run([sys.executable, "-m", "tests.benchmarks.yardstick"], check=True)


def _measured(arguments, url):
    """Run the trials that were asked for and print their table; returns the exit code."""
    from tests.benchmarks import report, running, trials

    chosen = [
        name
        for name in [*trials.TRIALS, KILL]
        if not arguments.names or name.startswith(tuple(arguments.names))
    ]
    rows, wrong = [], []
    with (
        servers.Server(url, workers=arguments.workers) as site,
        servers.Server(url, servers.YARDSTICK, workers=arguments.workers) as yardstick,
    ):
        for name in chosen:
            if name == KILL:
                wrong += _killed(site)
                continue
            trial = trials.TRIALS[name](site)
            outcome = running.run(trial, site, yardstick, arguments.seconds)
            rows += report.rows_of(name, trial, outcome)
            wrong += [f"{name}: {fault}" for fault in outcome.faults]
            _say(f"{name}: {outcome.busy:.0%} of a core went to the client.")
    _say(f"\n{arguments.database}, {os.cpu_count()} cores\n{report.table(rows)}")
    _say("\n".join(wrong) or "Nothing was lost, every answer was right, every thread is sound.")
    return 1 if wrong else 0


def _killed(site):
    from tests.benchmarks.killing import kill_while_posting

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


if __name__ == "__main__":
    main()
