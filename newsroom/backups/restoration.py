"""Makes a site of a backup."""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from articles.models import Article, MediaFile
from comments.models import Comment
from newsroom.backups.creation import DUMPS
from newsroom.backups.file_copies import copy_file, hash_file, list_files
from newsroom.backups.manifest import DATABASE, MEDIA, BackupError, Manifest
from newsroom.backups.table_counts import count_rows
from newsroom.edition import renew_identity
from newsroom.models import Edition, User

CONTENT = {"users": User, "articles": Article, "comments": Comment, "media": MediaFile}
FOLDER_MODE = 0o755


def restore_backup(folder, *, force):
    """Make a backup the content of this site; returns its manifest. Raises ``BackupError``.

    The backup is checked before anything changes. Media come first and surplus ones go last, so
    at no moment does the database name a file that is missing. The database is replaced in one
    transaction; it gets a new identity, so nothing that was cached before is shown.
    """
    folder = Path(folder).absolute()
    manifest = Manifest.read(folder)
    _check_fit(manifest)
    manifest.check_files(folder)
    dump = DUMPS[connection.vendor]
    manifest.check_tables(dump.read_back(folder / DATABASE))
    if not force and (contents := find_contents()):
        raise BackupError(
            f"This site is not empty: it has {contents}. With --force the backup replaces it all."
        )
    _copy_media(manifest, folder / MEDIA)
    dump.load(connection, folder / DATABASE)
    renew_identity()
    _check_rows(manifest)
    _delete_surplus_media(manifest)
    call_command("migrate", verbosity=0, interactive=False)
    return manifest


def find_contents():
    """Return what this site has, such as “users: 3, articles: 5”; empty for a new one."""
    tables = connection.introspection.table_names()
    counts = [
        (model.objects.count(), name)
        for name, model in CONTENT.items()
        if model._meta.db_table in tables
    ]
    counts.append((len(list_files(settings.MEDIA_ROOT)), "files in the media folder"))
    return ", ".join(f"{name}: {count}" for count, name in counts if count)


def _check_fit(manifest):
    if manifest.vendor != connection.vendor:
        raise BackupError(
            f"The backup is of {manifest.vendor}, DATABASE_URL names {connection.vendor}."
        )
    known = {".".join(key) for key in MigrationLoader(None).disk_migrations}
    if unknown := sorted(set(manifest.migrations) - known):
        raise BackupError(
            f"The backup is of release {manifest.release}, which this code does not know: it has "
            f"the migration {unknown[0]}. Install that release or a newer one."
        )


def _check_rows(manifest):
    """Compare the database with the manifest, but for the edition, which restoring renews."""
    edition = Edition._meta.db_table
    rows = {**count_rows(connection), edition: manifest.tables.get(edition)}
    try:
        manifest.check_tables(rows)
    except BackupError as error:
        raise BackupError(f"{error} Is the site running? Stop it and restore again.") from error


def _copy_media(manifest, source):
    for name, checksum in manifest.media.items():
        target = settings.MEDIA_ROOT / name
        if not target.is_file() or hash_file(target) != checksum:
            mode = settings.FILE_UPLOAD_PERMISSIONS
            copy_file(source / name, target, mode=mode, folder_mode=FOLDER_MODE)


def _delete_surplus_media(manifest):
    for name in set(list_files(settings.MEDIA_ROOT)) - manifest.media.keys():
        (settings.MEDIA_ROOT / name).unlink(missing_ok=True)
