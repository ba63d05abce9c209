"""nginx with the files of the yardstick: what a machine can send at most."""

import os
import shutil
import socket
import subprocess
import time
from contextlib import suppress

from tests.benchmarks.servers import HOST, PATIENCE, files, free_port
from tests.settings import run

CONFIGURATION = """
{user}
worker_processes 1;
daemon off;
pid {folder}/nginx.pid;
error_log {folder}/nginx.log;
events {{ worker_connections 512; }}
http {{
    access_log off;
    sendfile on;
    keepalive_requests 1000000;
    default_type text/html;
    client_body_temp_path {folder}/nginx-body;
    proxy_temp_path {folder}/nginx-proxy;
    fastcgi_temp_path {folder}/nginx-fastcgi;
    uwsgi_temp_path {folder}/nginx-uwsgi;
    scgi_temp_path {folder}/nginx-scgi;
    server {{ listen {host}:{port}; root {files}; }}
}}
"""


def is_installed():
    return shutil.which("nginx") is not None


class StaticNginx:
    """``with StaticNginx():`` serves the folder of the yardstick's files."""

    def __enter__(self):
        self.port = free_port()
        path = run.folder() / "nginx.conf"
        path.write_text(
            CONFIGURATION.format(
                user="user root;" if os.geteuid() == 0 else "",  # who else may not read the folder
                folder=run.folder(),
                files=files(),
                host=HOST,
                port=self.port,
            )
        )
        self._process = subprocess.Popen(
            ["nginx", "-c", path], stderr=subprocess.DEVNULL, start_new_session=True
        )
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(OSError), socket.create_connection((HOST, self.port), timeout=1):
                return self
            time.sleep(0.05)
        raise RuntimeError("nginx did not start.")

    def __exit__(self, *error):
        self._process.terminate()
        self._process.wait()

    @property
    def address(self):
        return f"http://{HOST}:{self.port}"

    @property
    def group(self):
        return self._process.pid
