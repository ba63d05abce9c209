"""Unpacks exports: a .gz holds one file, a .zip any number; other files stay as they are."""

import shutil
import zipfile
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from django.utils.translation import gettext as _

from newsroom.importing.broken_export import BrokenExport

GZIP, ZIP = b"\x1f\x8b", b"PK\x03\x04"
GZIP_WINDOW = 31  # for zlib: a stream with the header of gzip
CHUNK = 1 << 20
COPIES_OF_MAC = "__MACOSX/"


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

    ``endings`` are those of the names of exports; of a .zip other files are left out.
    """
    with TemporaryDirectory() as name:
        folder = Path(name)
        yield [file for path in paths for file in _unpack(Path(path), folder, endings)]


def _unpack(path, folder, endings):
    with open(path, "rb") as file:
        magic = file.read(4)
    if magic.startswith(GZIP):
        return [_unpack_gzip(path, folder)]
    return _unpack_zip(path, folder, endings) if magic == ZIP else [ExportFile(path.name, path)]


def _unpack_gzip(path, folder):
    copy = folder / f"{len(list(folder.iterdir()))}.xml"
    fault = ""
    with open(path, "rb") as packed, open(copy, "wb") as target:
        # Of a file that is cut off or damaged, what is whole is imported; the reader tells it.
        reader = zlib.decompressobj(GZIP_WINDOW)
        try:
            while chunk := reader.unused_data or packed.read(CHUNK):
                if reader.eof:  # a file may hold several streams
                    reader = zlib.decompressobj(GZIP_WINDOW)
                target.write(reader.decompress(chunk))
        except zlib.error as error:
            fault = str(error)
    if fault and not copy.stat().st_size:
        reason = _("this .gz cannot be unpacked (%s). Fetch it once more.") % fault
        raise BrokenExport(0, reason)
    return ExportFile(path.name, copy)


def _unpack_zip(path, folder, endings):
    files = []
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in sorted(archive.infolist(), key=lambda entry: entry.filename):
                name = entry.filename
                if name.lower().endswith(endings) and not name.startswith(COPIES_OF_MAC):
                    copy = folder / f"{len(list(folder.iterdir()))}.xml"
                    with archive.open(entry) as packed, open(copy, "wb") as target:
                        shutil.copyfileobj(packed, target)
                    files.append(ExportFile(f"{path.name}/{name}", copy))
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, zlib.error) as error:
        reason = _("this .zip cannot be unpacked (%s). Unpack it yourself and name its files.")
        raise BrokenExport(1, reason % error) from error
    if not files:
        raise BrokenExport(1, _("this .zip holds no %s file.") % endings[0])
    return files
