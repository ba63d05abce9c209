"""The folder that the operator has opened for imports (IMPORT_DIR), and nothing outside of it."""

import os
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

MOST = 500  # names that a page offers
DEEPEST = 3  # folders below the opened one


class NotInFolder(Exception):
    """A name leads to nothing in the opened folder; the message is a sentence."""


def list_files(endings):
    """Return the files that end so, as paths below the opened folder, at most ``MOST``."""
    return [name for name in _walk(of_files=True) if name.lower().endswith(endings)][:MOST]


def list_folders():
    """Return the folders below the opened one, at most ``MOST``."""
    return _walk(of_files=False)[:MOST]


def resolve_name(name):
    """Return the path of a file or folder by its path below the opened folder.

    Raises NotInFolder for what is not there and for links and ``..`` that lead outside.
    """
    root = settings.IMPORT_DIR and Path(settings.IMPORT_DIR).resolve()
    path = root and (root / name).resolve()
    if not path or path == root or not path.is_relative_to(root) or not path.exists():
        raise NotInFolder(_("%s is not in the folder for imports.") % name)
    return path


def _walk(*, of_files):
    root = Path(settings.IMPORT_DIR).resolve() if settings.IMPORT_DIR else None
    found = []
    for place, folders, files in os.walk(root) if root else ():
        folders[:] = sorted(filter(_is_shown, folders))
        below = Path(place).relative_to(root)
        for name in sorted(filter(_is_shown, files)) if of_files else folders:
            path = Path(place, name)
            if path.resolve().is_relative_to(root):
                found.append((below / name).as_posix())
        if len(below.parts) >= DEEPEST:
            folders.clear()
        if len(found) > 20 * MOST:
            break
    return found


def _is_shown(name):
    """Whether a name is not hidden and is UTF-8: names of old archives are Shift_JIS."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return not name.startswith(".")
