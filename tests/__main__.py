"""Run the tests on SQLite, then on PostgreSQL: ``python -m tests [options of pytest]``."""

import subprocess
import sys

from pytest import ExitCode

DATABASES = ("sqlite", "postgresql")


def run_tests(database, options):
    """Run pytest on a database and return its exit code. Each remembers its own failures."""
    cache = f"cache_dir=.pytest_cache/{database}"
    command = [sys.executable, "-m", "pytest", f"--ds=tests.settings.{database}", "-o", cache]
    return subprocess.call([*command, *options])


def join_codes(codes):
    """Return the gravest failure, or 0. One run may have no tests: what uses no database runs on
    SQLite only. A signal, a negative code, is graver than a test that failed."""
    codes = [code % 256 for code in codes if code != ExitCode.NO_TESTS_COLLECTED]
    return max(codes) if codes else ExitCode.NO_TESTS_COLLECTED


if __name__ == "__main__":
    sys.exit(join_codes([run_tests(database, sys.argv[1:]) for database in DATABASES]))
