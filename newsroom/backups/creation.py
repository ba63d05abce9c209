"""Makes a backup."""

from contextlib import suppress

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
from newsroom.backups.manifest import DATABASE, MEDIA, Manifest
from newsroom.backups.whole_folder import make_whole

DUMPS = {"sqlite": sqlite_dump, "postgresql": postgresql_dump}


def create_backup(folder):
    """Back the site up into a new folder; returns the manifest. Raises ``BackupError``."""
    with make_whole(folder) as work:
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
