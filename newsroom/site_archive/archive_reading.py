"""Makes a site of an archive."""

import json
from contextlib import ExitStack, contextmanager
from io import StringIO
from itertools import count, islice
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.db.models import DO_NOTHING, Exists, OuterRef

from newsroom.backups.file_copies import copy_file, hash_file, list_files, make_folders
from newsroom.backups.restoration import FOLDER_MODE, find_contents
from newsroom.load_data.bulk_rows import insert_rows
from newsroom.site_archive.archive_files import (
    MEDIA,
    SCHEMA,
    ArchiveError,
    Contents,
    read_lines,
)
from newsroom.site_archive.archived_tables import EMPTIED, TABLES
from newsroom.site_archive.derived_rows import derive_rows
from newsroom.site_archive.line_formats import LineFormat, parse_line

LOT = 500  # rows that are inserted at once
SHOWN = 300  # characters of what a database says


def import_site(folder, *, force=False, progress=lambda done: None, stdout=None):
    """Make an archive the content of this site; returns its contents. Raises ``BackupError``.

    Every file is checked before anything changes, and every line as it is read. The database is
    filled in one transaction, the media are copied before it ends: of an archive that is refused
    nothing stays, and media that it replaced come back. ``force`` replaces what the site has.
    ``progress`` gets the share of the rows that are in the database, ``stdout`` what was wrong with
    the threads, and how many texts held HTML that is not allowed.
    """
    folder = Path(folder).absolute()
    contents = Contents.read(folder)
    contents.check_files(folder)
    formats = _read_formats(folder, contents)
    _check_database()
    if not force and (present := find_contents()):
        raise ArchiveError(
            f"This site is not empty: it has {present}. With --force the archive replaces it all."
        )
    with _undo_if_it_fails() as media, transaction.atomic():
        _empty_tables()
        done, total = 0, max(sum(contents.lines.values()), 1)
        for lines in formats:
            for number in _fill_table(lines, folder / lines.table.path):
                done += number
                progress(done / total)
        for lines in formats:
            _check_references(lines, folder)
        derive_rows(stdout or StringIO())
        _check_constraints(folder)
        _copy_media(contents, folder / MEDIA, media)
    _tell_cleaned(formats, stdout or StringIO())
    _delete_surplus_media(contents)
    return contents


def _read_formats(folder, contents):
    """Return the formats of the files of an archive, by the schema in it."""
    if SCHEMA not in contents.files:
        raise ArchiveError(f"{folder / SCHEMA} is missing.")
    try:
        known = json.loads((folder / SCHEMA).read_bytes())["$defs"]
        known = {name: set(lines["properties"]) for name, lines in known.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ArchiveError(f"{folder / SCHEMA} cannot be read as a schema.") from error
    for name in sorted(known.keys() - {table.name for table in TABLES}):
        raise ArchiveError(f"{folder / SCHEMA} has {name}, which this release does not know.")
    formats = []
    for table in TABLES:
        fields = known.get(table.name)
        lines = LineFormat(table, with_keys=contents.with_keys, known=fields)
        if fields is None or lines.is_left_out:
            continue
        if unknown := sorted(fields - {column.name for column in lines.columns}):
            raise ArchiveError(
                f"{folder / SCHEMA}: {table.name} has the field {unknown[0]}, which this release"
                " does not know."
            )
        if table.path not in contents.files:
            raise ArchiveError(f"{folder / table.path} is missing in the manifest.")
        formats.append(lines)
    return formats


def _check_database():
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise ArchiveError("The database lacks tables of this release. Run migrate first.")


def _empty_tables():
    """Delete the rows that migrating wrote, and with ``force`` those of the site."""
    models = [*(table.model for table in TABLES), *EMPTIED]
    with connection.cursor() as cursor:
        for model in reversed(models):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(model._meta.db_table)}")


def _fill_table(lines, path):
    """Insert the rows of a file; yields the number of each lot."""
    numbered = read_lines(path)
    while lot := list(islice(numbered, LOT)):
        rows = [(number, _read_line(lines, path, number, line)) for number, line in lot]
        try:
            _insert(lines, [row for _number, row in rows])
        except DatabaseError:
            _insert_one_by_one(lines, path, rows)
        yield len(rows)


def _read_line(lines, path, number, line):
    try:
        return lines.read(line)
    except ValueError as error:
        raise ArchiveError(f"{path}, line {number}: {error}.") from error


def _insert(lines, rows):
    with transaction.atomic():
        insert_rows(lines.table.model._meta.db_table, lines.database_columns, rows)


def _insert_one_by_one(lines, path, rows):
    """Insert rows of which the database has refused one, to name its line."""
    for number, row in rows:
        try:
            _insert(lines, [row])
        except DatabaseError as error:
            raise ArchiveError(f"{path}, line {number}: {_shorten(error)}") from error


def _check_references(lines, folder):
    """Check that each row to which another refers is there."""
    manager = lines.table.model._base_manager
    for column in lines.columns:
        field = column.field
        if not field.is_relation or field.remote_field.on_delete is DO_NOTHING:
            continue  # a revision may name what is gone
        there = Exists(field.related_model._base_manager.filter(pk=OuterRef(field.attname)))
        lost = manager.filter(~there, **{f"{field.attname}__isnull": False}).order_by("pk")
        for key, value in lost.values_list("pk", field.attname)[:1]:
            path = folder / lines.table.path
            number = _find_line(path, lines.key, key)
            raise ArchiveError(f"{path}, line {number}: {column.name} {value} is in no file.")


def _find_line(path, name, key):
    """Return the number of the line that has a primary key."""
    for number, line in read_lines(path):
        if parse_line(line)[name] == key:
            return number
    return 0


def _check_constraints(folder):
    """Let the database check now what it would check at the end."""
    try:
        connection.check_constraints()
    except IntegrityError as error:
        raise ArchiveError(f"{folder} was refused: {_shorten(error)}") from error


def _shorten(error):
    return " ".join(str(error).split())[:SHOWN]


class _ReplacedMedia:
    """Puts media into their places; ``replaced`` keeps what was there until the import ends."""

    def __init__(self, replaced, undo):
        self._replaced, self._undo = Path(replaced), undo
        self._numbers = count()

    def put(self, source, target):
        if target.exists():
            earlier = self._replaced / str(next(self._numbers))
            target.rename(earlier)
            self._undo.callback(earlier.replace, target)
        else:
            self._undo.callback(target.unlink, missing_ok=True)
        mode = settings.FILE_UPLOAD_PERMISSIONS
        copy_file(source, target, mode=mode, folder_mode=FOLDER_MODE)


@contextmanager
def _undo_if_it_fails():
    """Yield the ``_ReplacedMedia`` of an import; the media are as before if the block fails."""
    make_folders(settings.MEDIA_ROOT, FOLDER_MODE)
    with (
        TemporaryDirectory(dir=settings.MEDIA_ROOT, prefix=".replaced-") as replaced,
        ExitStack() as undo,
    ):
        yield _ReplacedMedia(replaced, undo)
        undo.pop_all()


def _copy_media(contents, source, media):
    for name, checksum in contents.media.items():
        target = settings.MEDIA_ROOT / name
        try:
            if not (target.is_file() and hash_file(target) == checksum):
                media.put(source / name, target)
        except OSError as error:
            raise ArchiveError(f"{target} cannot be written: {error.strerror}.") from error


def _tell_cleaned(formats, stdout):
    for lines in formats:
        if lines.cleaned:
            stdout.write(
                f"{lines.table.path}: HTML that the editor does not allow was removed from"
                f" {lines.cleaned} lines.\n"
            )


def _delete_surplus_media(contents):
    for name in set(list_files(settings.MEDIA_ROOT)) - contents.media.keys():
        (settings.MEDIA_ROOT / name).unlink(missing_ok=True)
