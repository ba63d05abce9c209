#!/usr/bin/env python3
"""Run Newsroom's management commands."""

import os
import sys
from pathlib import Path

ENV_FILE = Path(__file__).with_name(".env")


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    from newsroom.environment import ensure_secret_key

    try:
        if sys.argv[1:2] == ["demo"] and ensure_secret_key(ENV_FILE):
            print("Wrote a random SECRET_KEY into .env.")  # noqa: T201
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        if "--traceback" in sys.argv:
            raise
        sys.exit(f"{error}")


if __name__ == "__main__":
    main()
