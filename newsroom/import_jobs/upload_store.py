"""Files that were uploaded for an import: in a folder of their own each, private, for a time.

They hold what the site itself never keeps, such as the mail addresses of commenters.
"""

import os
import re
import secrets
import shutil
from contextlib import suppress
from datetime import timedelta
from hashlib import blake2b
from pathlib import Path

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

KEPT = timedelta(days=7)  # after the last change
TOKEN = re.compile(r"[0-9a-f]{32}")
UNSAFE = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]+')
LONGEST_NAME = 80  # characters: 240 bytes of UTF-8, of the 255 that a file system allows
NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
MORE = os.O_WRONLY | os.O_APPEND | os.O_NOFOLLOW


class UploadRefused(Exception):
    """A file cannot be taken; the message is a sentence."""


def draw_token():
    return secrets.token_hex(16)


def find_folder(token):
    """Return the folder of an upload. Raises UploadRefused for a name that is no token."""
    if not TOKEN.fullmatch(token):
        raise UploadRefused(_("The upload is not known. Please choose the file again."))
    return Path(settings.IMPORT_UPLOADS) / token


def list_uploaded(token):
    """Return the names of the files of an upload."""
    folder = find_folder(token)
    return sorted(path.name for path in folder.iterdir()) if folder.is_dir() else []


def store_piece(token, name, offset, chunks, endings):
    """Append bytes to a file of an upload; returns its size. ``offset`` 0 begins the file anew.

    Raises UploadRefused for a wrong name, too many bytes, or an offset that is not the size of what
    is there: a piece is missing, or came twice.
    """
    folder, name = find_folder(token), _choose_name(name, endings)
    path = folder / name
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not offset:
            path.unlink(missing_ok=True)
        present = path.stat().st_size if path.exists() else 0
        if offset != present:
            raise UploadRefused(_("A part of the upload is missing. Please choose the file again."))
        room = settings.IMPORT_UPLOAD_MB * 1024**2 - _measure(folder)
        with open(os.open(path, MORE if offset else NEW, 0o600), "ab") as file:
            for chunk in chunks:
                room -= len(chunk)
                if room < 0:
                    file.truncate(present)
                    raise UploadRefused(
                        _("The files are larger than %(size)s MB together.")
                        % {"size": settings.IMPORT_UPLOAD_MB}
                    )
                file.write(chunk)
    except OSError as error:
        raise UploadRefused(
            _("The file could not be stored: %s.") % (error.strerror or error)
        ) from error
    return path.stat().st_size


def delete_upload(token):
    with suppress(FileNotFoundError):
        shutil.rmtree(find_folder(token))


def delete_old_uploads(kept, now=None):
    """Delete the uploads that nobody has changed for ``KEPT``; returns their tokens.

    ``kept`` are those that an import still needs.
    """
    limit, folder = (now or timezone.now()) - KEPT, Path(settings.IMPORT_UPLOADS)
    old = [
        path.name
        for path in (folder.iterdir() if folder.is_dir() else ())
        if TOKEN.fullmatch(path.name)
        and path.name not in kept
        and path.stat().st_mtime < limit.timestamp()
    ]
    for token in old:
        delete_upload(token)
    return old


def _measure(folder):
    return sum(path.stat().st_size for path in folder.iterdir())


def _choose_name(name, endings):
    """Return the name under which a file is stored, readable in the report."""
    name = UNSAFE.sub("_", Path(name.replace("\\", "/")).name).strip(" .")
    if not name.lower().endswith(endings):
        raise UploadRefused(
            _("%(name)s is not a file of this kind. The name must end with one of: %(endings)s.")
            % {"name": name or "?", "endings": ", ".join(endings)}
        )
    stem, _dot, ending = name.rpartition(".")
    room = LONGEST_NAME - len(ending)
    if len(stem) > room:  # the parts of an export differ at the end of their names
        code = blake2b(name.encode(errors="replace"), digest_size=4).hexdigest()
        stem = f"{stem[: room - len(code) - 1]}-{code}"
    return f"{stem}.{ending}"
