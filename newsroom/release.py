"""The release: a name for the code, the templates and the styles that are running."""

from hashlib import sha256

FOLDERS = ("articles", "comments", "newsroom", "static", "templates")
SUFFIXES = {".css", ".html", ".jinja", ".js", ".mo", ".py", ".txt", ".xml"}


def name_release(base):
    """Return a name that every change of a file below the folder ``base`` changes, the same on all
    machines with these files."""
    digest = sha256()
    for folder in FOLDERS:
        for path in sorted((base / folder).rglob("*")):
            if path.suffix in SUFFIXES:
                digest.update(f"{path.relative_to(base).as_posix()}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
