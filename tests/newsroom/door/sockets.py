"""Requests byte by byte, as no client library sends them."""

import socket
import time
from contextlib import closing
from urllib.parse import urlsplit

BOUNDARY = "----WebKitFormBoundaryOfTheTests"


def connect(site):
    place = urlsplit(site.address)
    return socket.create_connection((place.hostname, place.port), timeout=30)


def head(site, path, *, method="POST", **headers):
    """Return the head of a request that a page of the site sends; ``_`` in a name becomes ``-``."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {urlsplit(site.address).netloc}",
        f"Origin: {site.address}",
        "Sec-Fetch-Site: same-origin",
        *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items()),
    ]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n"


def multipart(fields):
    """Return a multipart body and its content type."""
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    body = f"{''.join(parts)}--{BOUNDARY}--\r\n".encode()
    return body, f"multipart/form-data; boundary={BOUNDARY}"


def chunk(content):
    """Return one chunk of a chunked body; an empty one ends it."""
    return b"%x\r\n%b\r\n" % (len(content), content)


def exchange(site, request, *, ends=False):
    """Return the status of the answer to some bytes, None where the connection only ends.
    ``ends``: nothing more is ever sent on the connection."""
    with closing(connect(site)) as connection:
        connection.sendall(request)
        if ends:
            connection.shutdown(socket.SHUT_WR)
        return read_status(connection)


def read_status(connection):
    answer = b""
    while b"\r\n" not in answer:
        received = connection.recv(4096)
        if not received:
            return None
        answer += received
    return int(answer.split()[1])


def time_page(site, path):
    """Return the status of a page and the seconds until it was there."""
    started = time.monotonic()
    status = exchange(site, head(site, path, method="GET", Connection="close"))
    return status, time.monotonic() - started
