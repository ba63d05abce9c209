"""The servers under load, as processes of their own: granian as ``manage.py demo`` starts it."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from tests.settings import run

HOST = "127.0.0.1"
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30  # seconds until a server answers, or has stopped
SITE = "newsroom.asgi:application"
YARDSTICK = "tests.benchmarks.yardstick:application"


def files():
    """Return the folder of what the yardstick answers with as it is."""
    folder = run.folder() / "files"
    folder.mkdir(exist_ok=True)
    return folder


def environment(database_url, port=8000):
    """Return the variables under which the site runs: production, without limits of pace, and
    with readers behind a proxy, so that each may have a network of their own."""
    return {
        "DJANGO_SETTINGS_MODULE": "tests.benchmarks.settings",
        "DATABASE_URL": database_url,
        "DATABASE_POOL_SIZE": "16",
        "DEBUG": "off",
        "SECRET_KEY": "only-for-benchmarks-and-as-long-as-one-of-production-would-be",
        "SITE_URL": f"http://{HOST}:{port}",
        "ALLOWED_HOSTS": HOST,
        "TRUSTED_PROXIES": "127.0.0.0/8",
        "COMMENT_LIMITS": "off",
        "COMMENT_DOWN_VOTES": "off",
        "COMMENT_CLOSE_AFTER_DAYS": "0",
        "CACHE_URL": "locmem://",
        "PAGES_PRELOADED": "0",
        "MEDIA_ROOT": str(run.folder() / "media"),
        "LANGUAGE_CODE": "ja",
        "TIME_ZONE": "Asia/Tokyo",
    }


class Server:
    """A server on a free port of this machine, in a process group of its own.

    ``with Server(database_url):`` starts and stops it; ``kill`` ends it as a power cut would.
    """

    def __init__(self, database_url, application=SITE, *, workers=1, **environment_changes):
        from newsroom.server import SERVER  # wants Django's settings

        self.port = free_port()
        self._command = [sys.executable, *SERVER, "--host", HOST, "--port", str(self.port)]
        self._command += ["--workers", str(workers)]
        if application == YARDSTICK:
            self._command += ["--static-path-mount", str(files())]
        self._command.append(application)
        self._environment = environment(database_url, self.port) | environment_changes
        self._log = run.folder() / f"server-{os.getpid()}-{self.port}.log"
        self._process = None

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *error):
        self.stop()

    @property
    def address(self):
        return f"http://{HOST}:{self.port}"

    @property
    def log(self):
        """The first of what the server wrote to stderr: where things began to go wrong."""
        return self._log.read_text(errors="replace")[:12_000] if self._log.exists() else ""

    @property
    def group(self):
        """The number of the process group: the server and its workers."""
        return self._process.pid

    def start(self):
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                env={**os.environ, **self._environment},
                cwd=ROOT,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        until = time.monotonic() + PATIENCE
        while not self._answers():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"The server did not start:\n{self.log}")
            time.sleep(0.05)

    def stop(self):
        """End it as Ctrl-C does, and by force if it takes too long."""
        if self._process.poll() is None:
            self._process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=PATIENCE)
        self.kill()

    def kill(self):
        """kill -9, the server and its workers in one stroke."""
        with suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _answers(self):
        """Whether it answers a request, whatever it says."""
        try:
            with socket.create_connection((HOST, self.port), timeout=5) as connection:
                connection.sendall(b"HEAD /robots.txt HTTP/1.0\r\nHost: %b\r\n\r\n" % HOST.encode())
                return connection.recv(12).startswith(b"HTTP/1")
        except OSError:
            return False


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]
