"""What a fresh clone needs before its settings can be read."""

import os
import secrets
from importlib import import_module
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

ENV_FILE = Path(__file__).resolve().parent.parent / ".env"


class SecretKeyMissing(ImproperlyConfigured):
    def __str__(self):
        return (
            "SECRET_KEY is not set. Set it in the environment or in .env to a long random string "
            "that nobody else knows, or set DEBUG=on on a private machine."
        )


def ensure_secret_key(env_file=ENV_FILE):
    """Write a random SECRET_KEY into .env if the settings find none; returns whether it did.

    Only the owner may read the file. What stands in it already stays.
    """
    try:
        import_module("newsroom.settings")
    except SecretKeyMissing:
        descriptor = os.open(env_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with open(descriptor, "a", encoding="utf-8") as file:
            os.fchmod(descriptor, 0o600)
            line_break = "\n" if file.tell() else ""
            file.write(f"{line_break}SECRET_KEY={secrets.token_urlsafe(48)}\n")
        return True
    return False
