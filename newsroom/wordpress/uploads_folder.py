"""A copy of wp-content/uploads: its files by their paths, whatever computer copied them."""

import os
import unicodedata
from pathlib import Path

from newsroom.importing.old_urls import read_path
from newsroom.wordpress.export_index import UPLOADS, VARIANT


class UploadsFolder:
    """Finds the file of an address. Names match in any Unicode form (a Mac stores NFD).

    ``folder`` is the uploads folder, or one above it.
    """

    def __init__(self, folder):
        self._folder = Path(folder).resolve()
        self._paths = {}  # real path below the folder, by its NFC form
        self._variants = {}  # of pictures whose original may be gone
        for place, _folders, names in os.walk(self._folder):
            for name in names:
                path = Path(place, name).relative_to(self._folder).as_posix()
                self._paths[unicodedata.normalize("NFC", path)] = path
        for path in self._paths:
            if (original := VARIANT.sub("", path)) != path:
                self._variants.setdefault(original, []).append(path)

    def find(self, *candidates):
        """Return the path of the first of some relative paths or addresses that exists, or None.

        Of a picture the original is taken, else its largest size.
        """
        for candidate in filter(None, candidates):
            for path in self._list_forms(candidate):
                if found := self._resolve(path):
                    return found
        return None

    def _list_forms(self, candidate):
        path = unicodedata.normalize("NFC", candidate).lstrip("/")
        original = VARIANT.sub("", path)
        stem, dot, kind = original.rpartition(".")
        sizes = sorted(self._variants.get(original, ()), key=self._measure, reverse=True)
        return [original, f"{stem}-scaled{dot}{kind}", path, *sizes]

    def _measure(self, path):
        return (self._folder / self._paths[path]).stat().st_size

    def _resolve(self, path):
        """Return the file of a path, or None for a link that leaves the folder."""
        if path not in self._paths:
            return None
        found = (self._folder / self._paths[path]).resolve()
        return found if found.is_relative_to(self._folder) and found.is_file() else None


def list_candidates(attached_file, url):
    """Return the paths that an attachment may have below the uploads folder or one above it."""
    path = read_path(url).lstrip("/")
    inside = UPLOADS.sub("", f"/{path}")
    bases = [attached_file, inside, path]
    return [*bases, *(f"{base}{inside}" for base in ("uploads/", "wp-content/uploads/"))]
