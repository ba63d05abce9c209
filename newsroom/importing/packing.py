"""Unpacks exports: a .gz holds one file, a .zip any number; other files stay as they are."""

import os
import shutil
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.utils.translation import gettext as _

from newsroom.importing.broken_export import BrokenExport

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
GZIP_WINDOW = 31  # for zlib: a stream with the header of gzip
CHUNK = 1 << 16  # bytes
MOST_FILES = 1_000  # of a .zip
MEGABYTE = 1 << 20
TAKEN = 0.9  # of the free disk, at most
COPIES_OF_MAC = "__MACOSX/"
UNREADABLE = (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error)


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A readable file, and the name under which the report speaks of it."""

    name: str
    path: Path

    @property
    def size(self):
        return self.path.stat().st_size


@contextmanager
def unpack_exports(paths, endings):
    """Yield the ``ExportFile``s of some paths, in their order. Packed ones are temporary files.

    ``endings`` are those of the names of exports; of a .zip other files are left out. All together
    may take IMPORT_UNPACKED_MB: a small archive can hold more than a disk does.
    """
    with TemporaryDirectory() as name:
        unpacker = _Unpacker(Path(name), endings)
        yield [file for path in paths for file in unpacker.unpack(Path(path))]


class _Unpacker:
    """Unpacks files into a folder, as long as there is room."""

    def __init__(self, folder, endings):
        self._folder, self._endings = folder, endings
        self._numbers = count()
        free = shutil.disk_usage(folder).free
        self._limit = self._room = min(settings.IMPORT_UNPACKED_MB * MEGABYTE, int(free * TAKEN))

    def unpack(self, path):
        with open(path, "rb") as file:
            magic = file.read(4)
        if magic.startswith(GZIP):
            return [self._unpack_gzip(path)]
        return self._unpack_zip(path) if magic == ZIP else [ExportFile(_read_name(path), path)]

    def _unpack_gzip(self, path):
        copy, fault = self._choose_path(), ""
        with open(path, "rb") as packed, open(copy, "wb") as target:
            # Of a file that is cut off or damaged, what is whole is imported; the reader tells it.
            try:
                for chunk in inflate_gzip(packed):
                    self._write(target, chunk, _read_name(path))
            except zlib.error as error:
                fault = str(error)
        if fault and not copy.stat().st_size:
            reason = _("this .gz cannot be unpacked (%s). Fetch it once more.") % fault
            raise BrokenExport(0, reason)
        return ExportFile(_read_name(path), copy)

    def _unpack_zip(self, path):
        files = []
        try:
            with zipfile.ZipFile(path) as archive:
                for entry in self._list_exports(archive):
                    copy = self._choose_path()
                    with archive.open(entry) as packed, open(copy, "wb") as target:
                        while chunk := packed.read(CHUNK):
                            self._write(target, chunk, _read_name(path))
                    files.append(ExportFile(f"{_read_name(path)}/{entry.filename}", copy))
        except UNREADABLE as error:
            reason = _("this .zip cannot be unpacked (%s). Unpack it yourself and name its files.")
            raise BrokenExport(1, reason % error) from error
        return files

    def _list_exports(self, archive):
        """Return the entries that may be exports, by their names."""
        entries = [
            entry
            for entry in sorted(archive.infolist(), key=lambda entry: entry.filename)
            if entry.filename.lower().endswith(self._endings)
            and not entry.filename.startswith(COPIES_OF_MAC)
        ]
        if not entries:
            raise BrokenExport(1, _("this .zip holds no %s file.") % self._endings[0])
        if len(entries) > MOST_FILES:
            reason = _("this .zip holds %(number)d files, more than %(most)d.")
            raise BrokenExport(1, reason % {"number": len(entries), "most": MOST_FILES})
        return entries

    def _choose_path(self):
        return self._folder / f"{next(self._numbers)}.xml"

    def _write(self, target, chunk, name):
        self._room -= len(chunk)
        if self._room < 0:
            reason = _(
                "%(name)s takes more than %(size)d MB unpacked. Unpack it yourself and name its"
                " files, or raise IMPORT_UNPACKED_MB."
            )
            raise BrokenExport(0, reason % {"name": name, "size": self._limit // MEGABYTE})
        target.write(chunk)


def _read_name(path):
    """Return the name of a file for the report, whatever its encoding."""
    return os.fsencode(path.name).decode(errors="replace")


def inflate_gzip(packed):
    """Yield the content of a .gz, which may hold several streams, in pieces of bounded size."""
    reader = zlib.decompressobj(GZIP_WINDOW)
    while chunk := _take_rest(reader) or packed.read(CHUNK):
        if reader.eof:
            reader = zlib.decompressobj(GZIP_WINDOW)
        yield reader.decompress(chunk, CHUNK)
    yield reader.flush()


def _take_rest(reader):
    """Return what a reader was given and has not read."""
    return reader.unused_data if reader.eof else reader.unconsumed_tail
