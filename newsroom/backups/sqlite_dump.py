"""Dumps of SQLite, by its backup API: a copy as of one moment, while others write."""

import sqlite3
from contextlib import closing
from pathlib import Path

from newsroom.backups.manifest import BackupError
from newsroom.backups.table_counts import build_count, list_tables
from newsroom.private_files import make_private

TABLES = "SELECT name FROM sqlite_master WHERE type = 'table'"
PATIENCE = 60  # seconds to wait for a writer


def dump(connection, path):
    """Copy the database into an empty file; returns the number of rows by table, as read back."""
    name = connection.settings_dict["NAME"]
    try:
        with closing(_open(name, "rw")) as source, closing(_open(path, "rw")) as target:
            source.backup(target)  # in one step: SQLite reads one state, and blocks no writer
            target.execute("PRAGMA journal_mode = DELETE")  # one file, whole without a second
    except sqlite3.Error as error:
        raise BackupError(f"{name} cannot be copied: {error}.") from error
    return read_back(path)


def read_back(path):
    """Return the number of rows by table of a dump. Raises ``BackupError`` if it is damaged."""
    try:
        with closing(_open(path, "ro")) as database:
            faults = [row[0] for row in database.execute("PRAGMA integrity_check")]
            if faults != ["ok"]:
                raise BackupError(f"{path} is damaged: {faults[0]}")
            existing = [row[0] for row in database.execute(TABLES)]
            return {
                table: database.execute(build_count(table)).fetchone()[0]
                for table in list_tables(existing)
            }
    except sqlite3.Error as error:
        raise BackupError(f"{path} cannot be read: {error}.") from error


def load(connection, path):
    """Replace the whole content of the database by a dump, in one transaction. Its file is
    readable to its owner alone, as a new one is."""
    connection.close()
    name = connection.settings_dict["NAME"]
    with closing(_open(path, "ro")) as source, closing(_open(name, "rwc")) as target:
        make_private(Path(name))
        source.backup(target)
    make_private(Path(name))


def _open(path, mode):
    uri = f"{Path(path).absolute().as_uri()}?mode={mode}"
    return sqlite3.connect(uri, uri=True, timeout=PATIENCE)
