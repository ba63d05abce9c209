"""A folder that has its name only when everything in it is written."""

import shutil
import tempfile
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings

from newsroom.backups.file_copies import sync_path
from newsroom.backups.manifest import BackupError


@contextmanager
def make_whole(folder):
    """Yield a new folder to fill, readable to its owner alone; at the end it gets its name.

    Nothing is left of a block that fails. Raises ``BackupError``, also for an ``OSError``.
    """
    folder = Path(folder).absolute()
    if folder.exists():
        raise BackupError(f"{folder} exists. Name another folder; it is made.")
    if folder.is_relative_to(settings.MEDIA_ROOT):
        raise BackupError(f"{folder} is in the media folder, which the site publishes.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise BackupError(f"{folder} cannot be made: {error.strerror}.") from error
    try:
        yield work
        for written in [path for path in work.rglob("*") if path.is_dir()] + [work]:
            sync_path(written)
        work.rename(folder)
        sync_path(folder.parent)
    except OSError as error:
        raise BackupError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)  # after a success it has its new name
