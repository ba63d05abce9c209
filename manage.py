#!/usr/bin/env python3
"""Run Newsroom's management commands."""

import os
import signal
import sys

OWN_PACKAGES = {"articles", "comments", "newsroom", "tests"}
INTERRUPTED = 130  # exit code


def main():
    command = sys.argv[1] if len(sys.argv) > 1 else ""
    if command in ("demo", "serve"):
        signal.signal(signal.SIGINT, end)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    try:
        run(command)
    except KeyboardInterrupt:
        sys.stdout.flush()
        end()


def run(command):
    from pathlib import Path

    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from articles.web.outages import find_outage
    from newsroom.environment import ensure_secret_key

    try:
        if command == "demo" and ensure_secret_key(Path(__file__).with_name(".env")):
            print("Wrote a random SECRET_KEY into .env.")  # noqa: T201
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as error:
        is_fault = isinstance(error, OperationalError) and not find_outage(error)
        if "--traceback" in sys.argv or is_fault:
            raise
        sys.exit(str(error).strip())


def end(*signalled):
    """End at once. As the handler of a signal this needs no exception, which a class being made
    would wrap, and the callback of a weak reference print and forget."""
    os.write(2, b"Stopped.\n")
    os._exit(INTERRUPTED)


if __name__ == "__main__":
    try:
        main()
    except ModuleNotFoundError as error:
        if error.name.partition(".")[0] in OWN_PACKAGES:
            raise
        sys.exit(
            f"{error.name} is not installed for {sys.executable}. Install the site first "
            "(python3 -m venv .venv && .venv/bin/pip install -qq --require-hashes -r "
            "requirements.lock) and run .venv/bin/python manage.py"
        )
