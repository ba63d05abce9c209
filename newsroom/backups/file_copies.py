"""Copies of files that outlive a power cut.

Media are copied, not linked: a hard link shares the mode of its file (a backup is readable to its
owner alone, the media are not), and what changes the one in its place changes the other.
"""

import os
from hashlib import file_digest, sha256
from pathlib import Path

LOT = 1_048_576  # bytes
PRIVATE_FOLDER, PRIVATE_FILE = 0o700, 0o600
PART = ".part"  # the end of the name of a file that is being copied


def hash_file(path):
    """Return the SHA-256 of a file, as it is read."""
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def open_private(path):
    """Open a new file, readable to its owner alone, for writing bytes."""
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, PRIVATE_FILE), "wb")


def write_synced(path, content):
    with open_private(path) as file:
        file.write(content)
        sync(file)


def sync(file):
    """Wait until an open file is on the disk."""
    file.flush()
    os.fsync(file.fileno())


def sync_path(path):
    """Wait until a file, or the names in a folder, are on the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def list_files(folder):
    """Return the paths of all files below a folder, relative to it. Links are left out."""
    paths = (
        Path(parent, name)
        for parent, _folders, names in os.walk(folder)
        for name in names
        if not name.endswith(PART)
    )
    return sorted(
        path.relative_to(folder).as_posix()
        for path in paths
        if path.is_file() and not path.is_symlink()
    )


def is_within(folder, name):
    """Whether the name of a file in a manifest leads to a file of the folder, links followed.

    A name is written in one way only: ``media//etc/x`` would be an absolute path below ``media``.
    """
    path = Path(name)
    if path.is_absolute() or ".." in path.parts or path.as_posix() != name:
        return False
    try:
        return (folder / path).resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # links in a circle, or no name of a file
        return False


def copy_file(source, target, *, mode=PRIVATE_FILE, folder_mode=PRIVATE_FOLDER):
    """Copy a file in one step, as whoever looks at the target sees it; returns its SHA-256."""
    make_folders(target.parent, folder_mode)
    part = target.with_name(f"{target.name[:200]}{PART}")
    part.unlink(missing_ok=True)
    checksum = sha256()
    with source.open("rb") as read, open_private(part) as written:
        while lot := read.read(LOT):
            checksum.update(lot)
            written.write(lot)
        os.fchmod(written.fileno(), mode)
        sync(written)
    part.replace(target)
    return checksum.hexdigest()


def make_folders(path, mode):
    """Make a folder and those above it, each with this mode."""
    for folder in [*reversed(path.parents), path]:
        if not folder.exists():
            folder.mkdir(mode, exist_ok=True)
