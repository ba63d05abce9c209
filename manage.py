#!/usr/bin/env python3
"""Run Newsroom's management commands."""

import os
import signal
import sys
import threading
from pathlib import Path

ENV_FILE = Path(__file__).with_name(".env")
OWN_PACKAGES = {"articles", "comments", "newsroom", "tests"}
INTERRUPTED = 130  # exit code
PATIENCE = 1.5  # seconds for an orderly end of the demo


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    is_demo = sys.argv[1:2] == ["demo"]
    if is_demo:
        signal.signal(signal.SIGINT, stop)
    try:
        run(is_demo)
    except KeyboardInterrupt:
        sys.stdout.flush()
        end()


def run(is_demo):
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line
    from django.db import OperationalError

    from articles.web.outages import find_outage
    from newsroom.environment import ensure_secret_key

    try:
        if is_demo and ensure_secret_key(ENV_FILE):
            print("Wrote a random SECRET_KEY into .env.")  # noqa: T201
        execute_from_command_line(sys.argv)
    except (ImproperlyConfigured, OperationalError) as error:
        is_fault = isinstance(error, OperationalError) and not find_outage(error)
        if "--traceback" in sys.argv or is_fault:
            raise
        sys.exit(str(error).strip())


def stop(number, frame):
    """Interrupt the demo, and end it if something goes on: a pool that compresses files waits for
    all of them. Nothing is lost; whatever is half done is done again."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    timer = threading.Timer(PATIENCE, end)
    timer.daemon = True
    timer.start()
    raise KeyboardInterrupt


def end():
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
