"""What refuses to start says why in a sentence, and what starts can be stopped at any moment."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from queue import Empty, Queue
from threading import Thread

import psutil
import pytest

from tests.benchmarks.servers import ROOT, Server
from tests.settings import run

SECONDS = 2.0  # from Ctrl-C to the end, on an idle machine
BUSY = 2.0  # more, for a machine with other work
STAGES = {
    "at once": None,
    "preparing the database": "データベース",
    "collecting the files": "静的ファイル",
    "loading the content": "デモ",
    "serving": "Ctrl-C",
}


def environment(**changes):
    names = ("PATH", "LANG", "HOME")
    kept = {name: os.environ[name] for name in names if name in os.environ}
    return {**kept, "PYTHONUNBUFFERED": "1", "SECRET_KEY": "only-for-tests", **changes}


def manage(*arguments, python=(sys.executable,), cwd=ROOT, user=None, **variables):
    """Run a command; returns its exit code and what it said to stderr."""
    done = subprocess.run(
        [*python, str(cwd / "manage.py"), *arguments],
        env=environment(**variables),
        cwd=cwd,
        user=user,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return done.returncode, done.stderr.strip()


@pytest.fixture
def port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    """A copy of the site, as somebody has cloned it."""
    folder = tmp_path_factory.mktemp("project")
    for name in ("articles", "comments", "newsroom", "templates", "static"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(ROOT / "manage.py", folder)
    return folder


def test_a_missing_install_is_told_in_a_sentence():
    code, said = manage("demo", python=(sys.executable, "-S"))
    assert code == 1
    assert said.startswith("django is not installed")
    assert "pip install -qq --require-hashes -r requirements.lock" in said  # as in the README
    assert "Traceback" not in said


@pytest.mark.slow
def test_a_database_that_is_away_is_told_in_a_sentence():
    code, said = manage("migrate", DATABASE_URL="postgres://nobody@127.0.0.1:1/none")
    assert code == 1
    assert "connection" in said and "Traceback" not in said


@pytest.fixture
def read_only(project):
    """A folder that the command cannot write into, whoever runs it."""
    data = project / "data"
    data.mkdir(exist_ok=True)
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "ro", "none", data], check=False)
    if mounted.returncode:  # not root: the mode is enough
        data.chmod(0o500)
    yield data
    if mounted.returncode:
        data.chmod(0o700)
    else:
        subprocess.run(["umount", data], check=True)


@pytest.mark.parametrize(
    "command",
    ["serve", *(pytest.param(name, marks=pytest.mark.slow) for name in ("demo", "migrate"))],
)
def test_a_read_only_folder_is_told_in_a_sentence(read_only, port, command):
    options = [] if command == "migrate" else ["--port", str(port)]
    places = {"DATABASE_URL": f"sqlite:///{read_only}/site.sqlite3", "MEDIA_ROOT": str(read_only)}
    code, said = manage(command, *options, LANGUAGE_CODE="en", **places)
    assert code == 1
    assert "cannot be written" in said or "unable to open database file" in said
    assert "Traceback" not in said and len(said.splitlines()) == 1


def test_a_demo_that_cannot_keep_its_key_says_so(project, port):
    (project / ".env").mkdir()  # nothing can be written there
    code, said = manage("demo", "--port", str(port), cwd=project, SECRET_KEY="")
    (project / ".env").rmdir()
    assert (code, "Traceback" in said) == (1, False)
    assert ".env" in said


def test_missing_static_files_are_told_before_the_start(tmp_path, port):
    places = {"DATABASE_URL": f"sqlite:///{tmp_path}/site.sqlite3", "MEDIA_ROOT": str(tmp_path)}
    static = {"DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings", run.VARIABLE: str(tmp_path)}
    code, said = manage("serve", "--port", str(port), **places, **static)
    assert (code, "collectstatic" in said, "Traceback" in said) == (1, True, False)


@pytest.mark.slow
def test_a_second_server_on_a_port_is_refused(tmp_path):
    with Server("sqlite://:memory:") as first:
        code, said = manage("serve", "--port", str(first.port), LANGUAGE_CODE="en")
    assert code == 1
    assert str(first.port) in said and f"--port {first.port + 1}" in said
    assert "Traceback" not in said


INTERRUPTED = """
import os, runpy, signal, sys, weakref

class Interrupting:
    \"\"\"Sends the signal of Ctrl-C when Django is imported.\"\"\"

    def find_spec(self, name, path, target=None):
        if name == "django.core.management":
            sys.meta_path.remove(self)
            MOMENTS[sys.argv.pop()]()

    def __set_name__(self, owner, name):
        interrupt()

def interrupt(*ignored):
    os.kill(os.getpid(), signal.SIGINT)

def lose_reference():
    finder = Interrupting()
    reference = weakref.ref(finder, interrupt)
    del finder

MOMENTS = {
    "an import": interrupt,
    "a class being made": lambda: type("Made", (), {"finder": Interrupting()}),
    "a callback": lose_reference,
}
sys.meta_path.insert(0, Interrupting())
sys.argv[0] = "manage.py"
runpy.run_path("manage.py", run_name="__main__")
"""


@pytest.mark.once
@pytest.mark.parametrize("moment", ["an import", "a class being made", "a callback"])
@pytest.mark.parametrize("command", ["demo", "serve"])
def test_ctrl_c_ends_a_start_without_an_exception(command, moment):
    """One would be wrapped or forgotten, with its traceback printed."""
    done = subprocess.run(
        [sys.executable, "-c", INTERRUPTED, command, moment],
        env=environment(),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "Stopped.\n")


class Demo:
    """A running ``manage.py demo``, with what it prints line by line."""

    def __init__(self, project, port):
        self._lines = Queue()
        self.process = subprocess.Popen(
            [sys.executable, str(project / "manage.py"), "demo", "--port", str(port)],
            env=environment(PYTHONPATH=str(project)),
            cwd=project,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.said = []
        Thread(target=self._read, daemon=True).start()

    def _read(self):
        for line in self.process.stdout:
            self._lines.put(line)
        self._lines.put("")

    def wait_for(self, words):
        while words not in "".join(self.said):
            line = self._lines.get(timeout=240)
            if not line:
                raise AssertionError("".join(self.said))
            self.said.append(line)

    def interrupt(self):
        """Press Ctrl-C as a terminal does; returns the seconds until the end, and all it said."""
        since = time.monotonic()
        os.killpg(self.process.pid, signal.SIGINT)
        self.process.wait(timeout=60)
        seconds = time.monotonic() - since
        try:
            while line := self._lines.get(timeout=5):
                self.said.append(line)
        except Empty:
            pass
        return seconds, "".join(self.said)


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_ctrl_c_ends_the_demo_at_any_stage(project, port, stage):
    demo = Demo(project, port)
    if STAGES[stage]:
        demo.wait_for(STAGES[stage])
        time.sleep(1 if stage == "serving" else 0.3)
    else:
        time.sleep(0.3)
    children = psutil.Process(demo.process.pid).children(recursive=True)
    seconds, said = demo.interrupt()
    assert seconds < SECONDS + BUSY
    assert "Traceback" not in said
    assert "Stopped" in said or "中断しました" in said or "終了しました" in said
    _gone, alive = psutil.wait_procs(children, timeout=5)
    assert alive == []
