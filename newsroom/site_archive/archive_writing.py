"""Writes the archive of a site."""

import json
from contextlib import suppress

from django.conf import settings

from newsroom.backups.file_copies import copy_file, hash_file, list_files, write_synced
from newsroom.backups.whole_folder import make_whole
from newsroom.one_moment import read_one_moment
from newsroom.site_archive.archive_files import MEDIA, SCHEMA, Contents, write_lines
from newsroom.site_archive.archived_tables import TABLES
from newsroom.site_archive.line_formats import LineFormat, build_schema

LOT = 1_000  # rows that are fetched at once


def export_site(folder, *, with_keys=False, progress=lambda done: None):
    """Write the site into a new folder; returns its contents. Raises ``BackupError``.

    The tables are as of one moment; media come after them, so a file that a row names is missing
    only if an editor has deleted it meanwhile. ``progress`` gets the number of rows.
    """
    with make_whole(folder) as work:
        contents = Contents(with_keys=with_keys)
        schema = json.dumps(build_schema(), ensure_ascii=False, indent=1)
        write_synced(work / SCHEMA, f"{schema}\n".encode())
        contents.files[SCHEMA] = hash_file(work / SCHEMA)
        with read_one_moment():
            done = 0
            for table in TABLES:
                lines = LineFormat(table, with_keys=with_keys)
                if lines.is_left_out:
                    continue
                rows = _report_each(_write_rows(lines), done, progress)
                written = write_lines(work / table.path, rows)
                contents.files[table.path], contents.lines[table.path] = written
                done += contents.lines[table.path]
        for name in list_files(settings.MEDIA_ROOT):
            with suppress(FileNotFoundError):  # an editor has deleted it meanwhile
                checksum = copy_file(settings.MEDIA_ROOT / name, work / MEDIA / name)
                contents.files[f"{MEDIA}/{name}"] = checksum
        contents.write(work)
    return contents


def count_rows(*, with_keys):
    """Return how many rows an archive would have, for a progress bar."""
    tables = (table for table in TABLES if with_keys or not table.is_secret)
    return sum(table.model._base_manager.count() for table in tables)


def _write_rows(lines):
    """Yield the lines of the rows of a table in its order."""
    rows = lines.table.model._base_manager.order_by(*lines.table.order)
    for values in rows.values_list(*lines.attributes).iterator(LOT):
        yield lines.write(values)


def _report_each(lines, done, progress):
    for number, line in enumerate(lines, done + 1):
        progress(number)
        yield line
