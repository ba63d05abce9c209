"""Dumps of PostgreSQL, by ``pg_dump`` and ``pg_restore``."""

import re
import shutil
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg.conninfo import make_conninfo

from newsroom.backups.file_copies import write_synced
from newsroom.backups.manifest import BackupError
from newsroom.backups.table_counts import build_count, list_all_tables, list_tables

# The settings of a connection that are libpq's; Django's and psycopg's are not.
LIBPQ = re.compile(r"(dbname|user|host|port|service|passfile|sslmode|ssl\w+|gssencmode)")
LOCK_SECONDS = 20  # how long a restore waits for those who use the database
COPY = re.compile(rb'COPY (?:\w+|"[^"]+")\.(?:(\w+)|"([^"]+)") ')
END = b"\\.\n"  # of the rows of a table
SHOWN = 2_000  # characters of what a program says


def dump(connection, path):
    """Dump the database into an empty file; returns the number of rows by table, as read back.

    The rows are counted in the snapshot that ``pg_dump`` reads, and again in what it wrote.
    """
    program = find_program("pg_dump", connection)
    tables = list_tables(connection.introspection.table_names())
    with _describe(connection) as address, psycopg.connect(address) as counting:
        counting.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = counting.execute("SELECT pg_export_snapshot()").fetchone()[0]
        counts = {table: counting.execute(build_count(table)).fetchone()[0] for table in tables}
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
        _run([program, *options, f"--file={path}", f"--dbname={address}"])
    written = read_back(path)
    if written != counts:
        raise BackupError(f"{path} does not hold the rows that the database had.")
    return written


def read_back(path):
    """Return the number of rows by table of a dump, which is read to its end."""
    program = find_program("pg_restore")
    command = [program, "--data-only", "--file=-", str(path)]
    known, counts, table = list_all_tables(), {}, None
    with (
        tempfile.TemporaryFile() as said,
        subprocess.Popen(command, stdout=subprocess.PIPE, stderr=said) as reading,
    ):
        for line in reading.stdout:
            if table is None:
                start = COPY.match(line)
                table = (start[1] or start[2]).decode() if start else None
                if table in known:
                    counts[table] = 0
            elif line == END:
                table = None
            elif table in counts:
                counts[table] += 1
        if reading.wait():
            said.seek(0)
            raise BackupError(_explain(program, said.read().decode(errors="replace")))
    return counts


def load(connection, path):
    """Replace the tables of the database by those of a dump, in one transaction."""
    program = find_program("pg_restore", connection)
    connection.close()
    options = ("--clean", "--if-exists", "--no-owner", "--no-privileges", "--single-transaction")
    with _describe(connection, options=f"-c lock_timeout={LOCK_SECONDS}s") as address:
        _run([program, *options, "--exit-on-error", f"--dbname={address}", str(path)])


def find_program(name, connection=None):
    """Return the path of a program of PostgreSQL that is not older than the server."""
    path = shutil.which(name)
    if not path:
        raise BackupError(f"{name} is not installed. Install PostgreSQL's client programs.")
    version = int(re.search(r"\) (\d+)", _run([path, "--version"]))[1])
    server = connection.pg_version // 10_000 if connection else version
    if version < server:
        raise BackupError(
            f"{path} is of PostgreSQL {version}, the server of PostgreSQL {server}. Install the "
            f"client programs of PostgreSQL {server} or newer, and put them first on the PATH."
        )
    return path


@contextmanager
def _describe(connection, **more):
    """Yield the address of the database for libpq. The password is in a file that only we can
    read: others see the arguments of a command."""
    settings = connection.get_connection_params()
    parts = {name: value for name, value in settings.items() if LIBPQ.fullmatch(name)}
    with tempfile.TemporaryDirectory(prefix="newsroom-") as folder:
        if password := settings.get("password"):
            escaped = re.sub(r"([:\\])", r"\\\1", str(password))
            parts["passfile"] = str(Path(folder, "passfile"))
            write_synced(Path(parts["passfile"]), f"*:*:*:*:{escaped}\n".encode())
        yield make_conninfo(**parts, **more)


def _run(command):
    """Run a program; returns what it prints. Raises ``BackupError`` with what it says."""
    done = subprocess.run(command, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise BackupError(_explain(command[0], done.stderr))
    return done.stdout


def _explain(program, said):
    return f"{program} has failed: {said.strip()[:SHOWN]}"
