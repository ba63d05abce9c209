"""An empty Debian 12 that boots: a folder made by mmdebstrap, started by systemd-nspawn."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import contextmanager, suppress
from pathlib import Path

RELEASE = "bookworm"
PROGRAMS = ("mmdebstrap", "systemd-nspawn", "nsenter")
PATIENCE = 60  # seconds for systemd to start, and to end
# How this machine reaches its packages; the container reaches them in the same way.
OF_THE_MACHINE = (
    *("/etc/hosts", "/etc/resolv.conf", "/etc/pip.conf"),
    "/etc/ssl/certs/ca-certificates.crt",
)
PORTS = (80, 443, 9180)  # of the paper; the container has the network of this machine
SOURCE = "/mnt"  # where the project is in the container


class NotPossible(Exception):
    """This machine cannot start the container. The text says why."""


class Container:
    """A running Debian, which runs scripts as root."""

    def __init__(self, root, machine):
        self.root = root
        self._machine = machine

    def run(self, script, *, input="", prints=True):
        """Run a script in a shell that ends at the first command that fails. Returns the output,
        with ``prints`` None."""
        command = ["nsenter", "--target", self._find_leader(), "--all", "env", "-i"]
        command += ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/root"]
        command += ["bash", "-euo", "pipefail", "-c", script]
        output = None if prints else subprocess.PIPE
        return subprocess.run(command, check=True, stdout=output, text=True, input=input).stdout

    def wait_for_systemd(self):
        until = time.monotonic() + PATIENCE
        while True:
            with suppress(subprocess.CalledProcessError, ValueError):
                return self.run("systemctl is-system-running --wait", prints=False)
            if time.monotonic() > until or self._machine.poll() is not None:
                raise NotPossible("systemd does not start in a container")
            time.sleep(0.2)

    def _find_leader(self):
        """Return the number of the first process in the container."""
        path = Path(f"/proc/{self._machine.pid}/task/{self._machine.pid}/children")
        [leader] = path.read_text().split()
        return leader


@contextmanager
def boot(project):
    """Start a container that sees a folder of this machine at ``SOURCE``."""
    if os.geteuid():
        raise NotPossible("only root may start containers")
    if busy := [str(port) for port in PORTS if _is_taken(port)]:
        raise NotPossible(f"something listens on port {', '.join(busy)}")
    if missing := [program for program in PROGRAMS if not shutil.which(program)]:
        raise NotPossible(f"there is no {', '.join(missing)}")
    root = Path(tempfile.mkdtemp(prefix="debian-", dir="/var/tmp"))  # on a disk
    try:
        build_root(root)
        command = ["systemd-nspawn", "--quiet", "--boot", "--register=no", "--keep-unit"]
        command += [f"--directory={root}", f"--bind-ro={project}:{SOURCE}", "--console=pipe"]
        command += ["--resolv-conf=off", "--timezone=off", "--hostname=paper"]
        machine = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, start_new_session=True
        )
        try:
            container = Container(root, machine)
            container.wait_for_systemd()
            yield container
        finally:
            machine.terminate()
            machine.wait(PATIENCE)
    finally:
        shutil.rmtree(root)


def build_root(root):
    command = ["mmdebstrap", "--quiet", "--variant=apt", "--mode=root"]
    command += ["--include=systemd-sysv,dbus,ca-certificates", "--dpkgopt=force-unsafe-io"]
    command += [f"--aptopt={option}" for option in list_apt_options()]
    try:
        subprocess.run([*command, RELEASE, str(root), find_mirror()], check=True)
    except subprocess.CalledProcessError as failure:
        raise NotPossible("mmdebstrap cannot make an empty Debian here") from failure
    for name in OF_THE_MACHINE:
        if Path(name).exists():
            (root / name[1:]).unlink(missing_ok=True)
            shutil.copy(name, root / name[1:])


def find_mirror():
    """Return the address from which this machine takes its packages."""
    wanted = ["Identifier: Packages", f"Codename: {RELEASE}", "Component: main", "Origin: Debian"]
    lines = _read("apt-get", "indextargets", "--format", "$(REPO_URI)", *wanted).splitlines()
    if not lines:
        raise NotPossible(f"apt knows no packages of {RELEASE}; run apt-get update")
    return lines[0]


def list_apt_options():
    names = ["Acquire::Check-Valid-Until", "Acquire::Check-Date"]
    return _read("apt-config", "dump", "--format", '%f "%v";%n', *names).splitlines()


def _is_taken(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _read(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
