"""The client: a process of its own that keeps many connections busy and measures the answers.

It reads a plan from stdin and writes what it saw to stdout, both as JSON. One thread waits for
all connections at once; each sends its next request as soon as the last one is answered.
"""

import json
import os
import resource
import selectors
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

from tests.benchmarks.workloads import KINDS

SILENCE = 60  # seconds without any answer after which the rest counts as broken
SAMPLES = 3  # unexpected answers that are kept to be looked at
TICKS = os.sysconf("SC_CLK_TCK")


class Group:
    """Connections with one workload and one server, and what was seen of them."""

    def __init__(self, *, workload, options, address, clients, process_group):
        self.workload = KINDS[workload](address, **options)
        self.place = urlsplit(address).hostname, urlsplit(address).port
        self.clients, self.process_group = clients, process_group
        self.seconds = self.cpu = 0.0
        self.latencies, self.errors, self.broken, self.samples = [], 0, 0, []

    def seen(self):
        return {
            "seconds": self.seconds,
            "cpu": self.cpu,
            "latencies": self.latencies,
            "errors": self.errors,
            "broken": self.broken,
            "samples": self.samples,
            "acknowledged": self.workload.acknowledged,
        }


class Connection:
    """One kept-alive connection with at most one request under way."""

    def __init__(self, group):
        self.group = group
        self.socket = socket.create_connection(group.place, timeout=SILENCE)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._answer, self._head, self._note, self._since = bytearray(), None, None, 0.0

    def send(self):
        """Send the next request; returns whether there was one and it went out."""
        following = self.group.workload.request()
        if following is None:
            return False
        request, self._note = following
        self._answer, self._head, self._since = bytearray(), None, time.perf_counter()
        try:
            self.socket.sendall(request)
        except OSError:
            self.group.broken += 1
            return False
        return True

    def receive(self, *, measured):
        """Read what came; returns None while the answer goes on, else whether it came whole."""
        try:
            part = self.socket.recv(262_144)
        except OSError:
            part = b""
        if not part:
            self.group.broken += 1
            return False
        self._answer += part
        if not self._is_whole():
            return None
        self._take(measured)
        return True

    def _is_whole(self):
        """Whether the answer has come to its end: by its length, or by its last chunk."""
        if self._head is None:
            end = self._answer.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._head = bytes(self._answer[:end]).decode("latin-1")
            self._headers = _headers(self._head)
            self._body_at = end + 4
        if self._headers.get("transfer-encoding") == "chunked":
            return self._answer.endswith(b"0\r\n\r\n")
        if self._head[9:12] == "304":  # may name the length of what it does not send
            return True
        return len(self._answer) - self._body_at >= int(self._headers.get("content-length", 0))

    def _take(self, measured):
        group, status = self.group, int(self._head[9:12])
        if group.workload.answered(self._note, status, self._headers):
            if measured:
                group.latencies.append(round((time.perf_counter() - self._since) * 1e6))
        else:
            group.errors += 1
            if len(group.samples) < SAMPLES:
                body = bytes(self._answer[self._body_at :][:2_000])
                group.samples.append(f"{self._head}\n\n{body.decode(errors='replace')}")


def _headers(head):
    lines = (line.partition(":") for line in head.split("\r\n")[1:])
    return {name.lower(): value.strip() for name, _colon, value in lines}


def phase(groups, seconds, *, measured=True):
    """Keep the connections of all groups busy for a time, then wait for the last answers."""
    with selectors.DefaultSelector() as selector:
        waiting = 0
        connections = [Connection(group) for group in groups for _ in range(group.clients)]
        cpu = {group: _cpu(group.process_group) for group in groups}
        began = time.perf_counter()
        for connection in connections:
            if connection.send():
                selector.register(connection.socket, selectors.EVENT_READ, connection)
                waiting += 1
        while waiting:
            ready = selector.select(SILENCE)
            if not ready:
                break
            for key, _events in ready:
                whole = key.data.receive(measured=measured)
                if whole is None:
                    continue
                if whole and time.perf_counter() - began < seconds and key.data.send():
                    continue
                selector.unregister(key.fileobj)
                waiting -= 1
        for key in selector.get_map().values():
            key.data.group.broken += 1
        for group in groups if measured else ():
            group.seconds += time.perf_counter() - began
            group.cpu += _cpu(group.process_group) - cpu[group]
        for connection in connections:
            connection.socket.close()


def _cpu(process_group):
    """Return the seconds of CPU that a process group took so far, 0.0 where nobody can tell."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == process_group:
            ticks += int(fields[11]) + int(fields[12])
    return ticks / TICKS


def measure(plan):
    """Send what a plan says from a process of its own; returns what it saw.

    ``plan`` has ``groups`` (by name, the arguments of ``Group``) and ``phases``: each the names
    of the groups that work at the same time, the seconds, and whether it is measured.
    """
    return finished(started(plan))


def started(plan):
    """Start the process of a plan; ``finished`` waits for what it saw."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.client"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        cwd=Path(__file__).resolve().parents[2],
        text=True,
    )
    process.stdin.write(json.dumps(plan))
    process.stdin.close()
    process.stdin = None
    return process


def finished(process):
    said, _nothing = process.communicate()
    if process.returncode:
        raise RuntimeError("The client failed.")
    return json.loads(said)


def main():
    plan = json.load(sys.stdin)
    groups = {name: Group(**about) for name, about in plan["groups"].items()}
    began = time.perf_counter()
    for step in plan["phases"]:
        phase([groups[name] for name in step["groups"]], step["seconds"], measured=step["measured"])
    used = resource.getrusage(resource.RUSAGE_SELF)
    busy = (used.ru_utime + used.ru_stime) / (time.perf_counter() - began)
    seen = {name: group.seen() for name, group in groups.items()}
    json.dump({"groups": seen, "busy": busy}, sys.stdout)


if __name__ == "__main__":
    main()
