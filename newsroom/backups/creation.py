"""Makes a backup."""

import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone

from newsroom.backups import postgresql_dump, sqlite_dump
from newsroom.backups.file_copies import (
    copy_file,
    hash_file,
    list_files,
    open_private,
    sync_path,
)
from newsroom.backups.manifest import DATABASE, MEDIA, BackupError, Manifest

DUMPS = {"sqlite": sqlite_dump, "postgresql": postgresql_dump}


def create_backup(folder):
    """Back the site up into a new folder; returns the manifest. Raises ``BackupError``."""
    folder = Path(folder).absolute()
    if folder.exists():
        raise BackupError(f"{folder} exists. A backup makes its own folder; name another one.")
    if folder.is_relative_to(settings.MEDIA_ROOT):
        raise BackupError(f"{folder} is in the media folder, which the site publishes.")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise BackupError(f"{folder} cannot be made: {error.strerror}.") from error
    try:
        return _fill(work, folder)
    except OSError as error:
        raise BackupError(f"{folder} cannot be written: {error.strerror}.") from error
    finally:
        shutil.rmtree(work, ignore_errors=True)  # after a success it has its new name


def _fill(work, folder):
    """Write a backup into one folder, read it back and give it the name of the other."""
    created_at = timezone.now().isoformat(timespec="seconds")
    with open_private(work / DATABASE):
        tables = DUMPS[connection.vendor].dump(connection, work / DATABASE)
    sync_path(work / DATABASE)
    manifest = Manifest(
        created_at=created_at,
        release=settings.RELEASE,
        vendor=connection.vendor,
        migrations=list_migrations(),
        tables=tables,
        files={DATABASE: hash_file(work / DATABASE), **_copy_media(work / MEDIA)},
    )
    manifest.write(work)
    Manifest.read(work).check_files(work)
    for written in [path for path in work.rglob("*") if path.is_dir()] + [work]:
        sync_path(written)
    work.rename(folder)
    sync_path(folder.parent)
    return manifest


def _copy_media(target):
    """Copy the media; returns their SHA-256 by their path in the backup."""
    checksums = {}
    for name in list_files(settings.MEDIA_ROOT):
        with suppress(FileNotFoundError):  # an editor has deleted it meanwhile
            checksums[f"{MEDIA}/{name}"] = copy_file(settings.MEDIA_ROOT / name, target / name)
    return checksums


def list_migrations():
    """Return the applied migrations as ``app.name``."""
    return sorted(map(".".join, MigrationRecorder(connection).applied_migrations()))
