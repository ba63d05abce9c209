"""Which files of the site others on its machine may not read."""

from contextlib import suppress
from pathlib import Path

SIDE_FILES = ("", "-wal", "-shm")  # SQLite gives later ones the mode of the database

ONE_PAGE = 4096  # bytes: no more than the header that a first connection writes


def find_database_file(connection):
    """Return the path of an SQLite database; None for another database or one without a file."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor != "sqlite" or name == ":memory:" or name.startswith("file:"):
        return None
    return Path(name)


def make_database_private(sender, connection, **kwargs):
    """Forbid everybody but its owner to read a new SQLite database; an operator who changes the
    mode later is left alone. Connect it to ``connection_created``."""
    file = find_database_file(connection)
    if file is not None and file.stat().st_size <= ONE_PAGE:
        make_private(file)


def make_private(file):
    """Forbid everybody but its owner to read an SQLite database, with the files beside it."""
    for suffix in SIDE_FILES:
        path = file.with_name(file.name + suffix)
        if path.exists() and path.stat().st_mode & 0o077:
            with suppress(PermissionError):  # the file of another user; check --deploy reports it
                path.chmod(0o600)
