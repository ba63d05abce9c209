"""A real nginx with newsroom/deploy/nginx.conf, in front of the server that the unit starts.

Of the configuration only the listening addresses, the paths and the user are replaced.
"""

import getpass
import grp
import http.client
import os
import shlex
import signal
import socket
import ssl
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.conf import settings

DEPLOY = settings.BASE_DIR / "newsroom" / "deploy"
HOST = "news.example.org"
READER = "127.0.0.77"  # the address of the tests' reader, which no log may hold
PATIENCE = 20  # seconds
WEB_SOCKET, LOG_SOCKET = "/run/newsroom/web.sock", "/run/newsroom-nginx-log"


def choose_ports(count):
    """Return ports that nobody uses."""
    probes = [socket.socket() for _number in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


def wait_until(condition, process=None, *, seconds=PATIENCE):
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until or (process and process.poll() is not None):
            raise RuntimeError("What should have happened has not.")
        time.sleep(0.02)


def read_unit(name):
    """Return {key: value} of a unit file, of a repeated key the last value."""
    lines = (DEPLOY / "systemd" / name).read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line[:1].isalpha())


def read_example():
    """Return {name: value} of the settings in env.example."""
    lines = (DEPLOY / "env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line[:1].isupper())


class Process:
    """A process of a group of its own, whose output is in a file."""

    def __init__(self, command, log, **options):
        self._command, self._log, self._options = command, log, options
        self.process = None

    def start(self):
        with self._log.open("ab") as log:
            self.process = subprocess.Popen(
                self._command, stdout=log, stderr=log, start_new_session=True, **self._options
            )

    def send(self, number, *, to_all=False):
        """Send a signal to the main process, or to its workers too."""
        (os.killpg if to_all else os.kill)(self.process.pid, number)

    def kill(self):
        """End it and its workers in one stroke, as a power cut does."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None


class Site(Process):
    """The application server, by the command in its unit."""

    def __init__(self, folder, variables, *, workers=1):
        self._workers = workers
        self._socket = folder / "web.sock"
        command = shlex.split(read_unit("newsroom-web.service")["ExecStart"])
        assert command[0] == "/srv/newsroom/.venv/bin/granian"
        assert command.count(WEB_SOCKET) == 1
        command[:1] = [sys.executable, "-m", "granian"]
        command[command.index(WEB_SOCKET)] = str(self._socket)
        environment = {**os.environ, **variables}
        super().__init__(command, folder / "site.log", env=environment, cwd=settings.BASE_DIR)

    def start(self, *, workers=None):
        self._socket.unlink(missing_ok=True)  # as systemd empties RuntimeDirectory
        self._command[self._command.index("--workers") + 1] = str(workers or self._workers)
        super().start()
        wait_until(self._answers, self.process)

    def _answers(self):
        with suppress(OSError), socket.socket(socket.AF_UNIX) as connection:
            connection.connect(str(self._socket))
            connection.sendall(b"GET /healthz HTTP/1.0\r\nHost: x\r\n\r\n")
            return connection.recv(12).startswith(b"HTTP/1")
        return False


class ErrorLog(Process):
    """What newsroom-nginx-log.service runs; the socket is bound here, as systemd binds it."""

    def __init__(self, folder):
        self.path = folder / "nginx-errors.log"
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(folder / "nginx-log"))
        script = DEPLOY / "nginx_errors.py"
        super().__init__([sys.executable, "-I", script], self.path, stdin=self._socket)

    def receive(self):
        """Return the next message as nginx sends it, in place of the service."""
        self._socket.settimeout(PATIENCE)
        try:
            return self._socket.recv(8_192).decode()
        finally:
            self._socket.settimeout(None)

    @property
    def text(self):
        return self.path.read_text()


class Nginx(Process):
    """The web server. ``folder`` has what it serves in ``var`` and gets all that it writes."""

    def __init__(self, folder):
        self.folder, self.var = folder, folder / "var"
        self.port, self.plain_port, self.private_port = choose_ports(3)
        make_certificate(folder)
        (folder / "logs").mkdir()
        self.configuration = folder / "nginx.conf"
        self.configuration.write_text(self._configure((DEPLOY / "nginx.conf").read_text()))
        command = ["nginx", "-c", self.configuration, "-g", "daemon off;"]
        super().__init__(command, folder / "nginx.log")

    def _configure(self, text):
        user = f"user {getpass.getuser()} {grp.getgrgid(os.getgid()).gr_name};"
        replaced = {
            "user www-data;": user,
            "worker_processes auto;": "worker_processes 1;",
            "pid /run/nginx.pid;": f"pid {self.folder}/nginx.pid;",
            "/var/log/nginx/": f"{self.folder}/logs/",
            f"unix:{LOG_SOCKET}": f"unix:{self.folder}/nginx-log",
            f"unix:{WEB_SOCKET}": f"unix:{self.folder}/web.sock",
            "/etc/newsroom/tls/": f"{self.folder}/",
            "/var/cache/nginx/newsroom": f"{self.folder}/cache",
            "/var/www/acme": f"{self.folder}/acme",
            "root /srv/newsroom/.var;": f"root {self.var};",
            "listen 80": f"listen 127.0.0.1:{self.plain_port}",
            "listen [::]:80": f"listen 127.0.0.2:{self.plain_port}",
            "listen 443": f"listen 127.0.0.1:{self.port}",
            "listen [::]:443": f"listen 127.0.0.2:{self.port}",
            "listen 127.0.0.1:9180": f"listen 127.0.0.1:{self.private_port}",
        }
        for old, new in replaced.items():
            assert old in text, old
            text = text.replace(old, new)
        return text

    def start(self):
        super().start()
        wait_until(self._listens, self.process)

    def _listens(self):
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), timeout=1):
            return True
        return False

    @property
    def address(self):
        return f"https://{HOST}:{self.port}"

    @property
    def access_log(self):
        return (self.folder / "logs" / "access.log").read_text()

    @cached_property
    def tls(self):
        return ssl.create_default_context(cafile=self.folder / "fullchain.pem")

    def connect(self, *, name=HOST, source=READER, context=None):
        """Return a TLS connection of the reader."""
        plain = self.connect_plainly(self.port, source=source)
        return (context or self.tls).wrap_socket(plain, server_hostname=name)

    def connect_plainly(self, port, *, source=READER):
        place = ("127.0.0.1", port)
        return socket.create_connection(place, timeout=PATIENCE, source_address=(source, 0))

    def ask(self, path, *, method="GET", body=None, port=None, host=None, source=READER, **headers):
        """Send a request and return the answer: by TLS, or in plain text to another ``port``.
        ``_`` in the name of a header becomes ``-``."""
        connection = http.client.HTTPConnection(HOST)
        connection.sock = self.connect_plainly(port, source=source) if port else self.connect()
        named = {"Host": host or f"{HOST}:{port or self.port}"}
        named |= {name.replace("_", "-"): value for name, value in headers.items()}
        try:
            connection.request(method, path, body=body, headers=named)
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def send(self, path, fields, **headers):
        """Send a form of a page of the site."""
        return self.ask(
            path,
            method="POST",
            body=urlencode(fields),
            Content_Type="application/x-www-form-urlencoded",
            Origin=self.address,
            Sec_Fetch_Site="same-origin",
            **headers,
        )


@dataclass(frozen=True)
class Answer:
    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def __getitem__(self, name):
        """Return the value of a header, of one that is repeated all values."""
        return ", ".join(self.headers.get_all(name, []))

    @property
    def text(self):
        return self.body.decode()

    @property
    def cookies(self):
        """The Cookie header of a browser that has taken the cookies of this answer."""
        lines = self.headers.get_all("Set-Cookie", [])
        return "; ".join(line.split(";")[0].strip() for line in lines)


def make_certificate(folder, *, host=HOST):
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"]
    command += ["-nodes", "-days", "2", "-subj", f"/CN={host}"]
    command += ["-addext", f"subjectAltName=DNS:{host}"]
    command += ["-keyout", folder / "privkey.pem", "-out", folder / "fullchain.pem"]
    subprocess.run(command, check=True, capture_output=True)
