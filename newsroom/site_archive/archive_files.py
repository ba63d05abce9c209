"""The files of an archive: written with their checksums, and checked before they are read."""

import json
from dataclasses import asdict, dataclass, field
from hashlib import sha256

from newsroom.backups.file_copies import hash_file, is_within, open_private, sync, write_synced
from newsroom.backups.manifest import BackupError
from newsroom.site_archive.line_formats import VERSION

FORMAT = "newsroom site"
NAME, SCHEMA, MEDIA = "manifest.json", "schema.json", "media"
LONGEST_LINE = 64 * 1024 * 1024  # bytes
TOLD = ("articles", "comments", "votes", "users")  # in a sentence


class ArchiveError(BackupError):
    """An archive cannot be written, read or imported. Its text is a sentence for the operator."""


@dataclass(frozen=True)
class Contents:
    """``files``: the SHA-256 of every file of the archive by its path there, ``lines``: how many
    lines those of ``data/`` have."""

    with_keys: bool
    files: dict = field(default_factory=dict)
    lines: dict = field(default_factory=dict)
    format: str = FORMAT
    version: int = VERSION

    @classmethod
    def read(cls, folder):
        """Return the contents of an archive's folder. Raises ``ArchiveError``."""
        try:
            values = json.loads((folder / NAME).read_text(encoding="utf-8"))
            is_ours, version = values["format"] == FORMAT, values["version"]
        except (OSError, ValueError, TypeError, KeyError, RecursionError) as error:
            raise ArchiveError(f"{folder} is no archive: its {NAME} cannot be read.") from error
        if not is_ours:
            raise ArchiveError(f"{folder / NAME} is of another format, {values['format']!r}.")
        if version != VERSION:
            raise ArchiveError(
                f"{folder / NAME} has the version {version!r}, and this release reads {VERSION}."
                " A newer release may read it."
            )
        try:
            contents = cls(**values)
            _check_types(contents)
        except TypeError as error:
            raise ArchiveError(f"{folder / NAME} is damaged: {error}.") from error
        return contents

    def write(self, folder):
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        write_synced(folder / NAME, f"{text}\n".encode())

    def describe(self):
        """Return how much is in the archive, in numbers that a person can compare with a site's."""
        counts = {name: self.lines.get(f"data/{name}.jsonl", 0) for name in TOLD}
        counts |= {"media": len(self.media), "lines in all": sum(self.lines.values())}
        return ", ".join(f"{name}: {number}" for name, number in counts.items())

    def check_files(self, folder):
        """Read all files of an archive. Raises ``ArchiveError`` if one is missing, has changed or
        is not in the folder."""
        for name, checksum in self.files.items():
            path = folder / name
            if not is_within(folder, name):
                raise ArchiveError(f"{folder / NAME} names {name!r}, a path outside of the folder.")
            try:
                is_same = hash_file(path) == checksum
            except OSError as error:
                raise ArchiveError(f"{path} cannot be read: {error.strerror}.") from error
            if not is_same:
                raise ArchiveError(f"{path} is not what was exported: its checksum is another.")

    @property
    def media(self):
        """The SHA-256 of the media by their path in the media folder."""
        return {
            name.removeprefix(f"{MEDIA}/"): checksum
            for name, checksum in self.files.items()
            if name.startswith(f"{MEDIA}/")
        }


def _check_types(contents):
    if not isinstance(contents.with_keys, bool):
        raise TypeError("with_keys is neither true nor false")
    for name, kind in {"files": str, "lines": int}.items():
        values = getattr(contents, name)
        if not isinstance(values, dict) or {type(each) for each in values.values()} - {kind}:
            raise TypeError(f"{name} is no object with values of {kind.__name__}")


def write_lines(path, lines):
    """Write a new file of lines; returns its SHA-256 and how many lines it has."""
    checksum, count = sha256(), 0
    path.parent.mkdir(mode=0o700, exist_ok=True)
    with open_private(path) as file:
        for line in lines:
            encoded = f"{line}\n".encode()
            checksum.update(encoded)
            file.write(encoded)
            count += 1
        sync(file)
    return checksum.hexdigest(), count


def read_lines(path):
    """Yield (number, line in bytes) of a file. Raises ``ArchiveError``."""
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE):
            number += 1
            if not line.endswith(b"\n"):
                raise ArchiveError(f"{path}, line {number}: has no end.")
            yield number, line
