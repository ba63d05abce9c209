"""The manifest of a backup: what it holds, by which it is checked."""

import json
from dataclasses import asdict, dataclass

from newsroom.backups.file_copies import hash_file, is_within, write_synced

FORMAT = 1
NAME, DATABASE, MEDIA = "manifest.json", "database", "media"


class BackupError(Exception):
    """A backup cannot be made, read or restored. Its text is a sentence for the operator."""


@dataclass(frozen=True)
class Manifest:
    """``tables``: the number of rows by table. ``files``: the SHA-256 of every file of the
    backup by its path there. ``migrations``: those applied, as ``app.name``."""

    created_at: str
    release: str
    vendor: str
    migrations: list
    tables: dict
    files: dict
    format: int = FORMAT

    @classmethod
    def read(cls, folder):
        """Return the manifest of a backup's folder."""
        try:
            values = json.loads((folder / NAME).read_text())
            if values["format"] != FORMAT:
                raise BackupError(f"{folder} has the format {values['format']}, not {FORMAT}.")
            return cls(**values)
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise BackupError(f"{folder} is no backup: its {NAME} cannot be read.") from error

    def write(self, folder):
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        write_synced(folder / NAME, text.encode())

    def check_files(self, folder):
        """Read all files of a backup. Raises ``BackupError`` if one is missing or has changed."""
        for name, checksum in self.files.items():
            if not is_within(folder, name):
                raise BackupError(f"{folder} is no backup: it names the file {name}.")
            try:
                is_same = hash_file(folder / name) == checksum
            except OSError as error:
                raise BackupError(f"{folder / name} cannot be read: {error.strerror}.") from error
            if not is_same:
                raise BackupError(f"{folder / name} is not what was written.")

    def check_tables(self, tables):
        """Raises ``BackupError`` if a database has other numbers of rows."""
        for table, rows in self.tables.items():
            if tables.get(table) != rows:
                raise BackupError(f"{table} has {tables.get(table)} rows, not {rows}.")

    @property
    def media(self):
        """The SHA-256 of the media by their path in the media folder."""
        return {
            name.removeprefix(f"{MEDIA}/"): checksum
            for name, checksum in self.files.items()
            if name.startswith(f"{MEDIA}/")
        }
