"""Prometheus metrics of all processes of a server, at ``/metrics`` of a private address.

The processes count in files of one folder, ``settings.METRICS_DIR``. Each of them can answer.
"""

import os
from http import HTTPStatus
from time import perf_counter

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

from articles.web.networks import parse_address

PATH = "/metrics"
SOURCE = "newsroom.source"  # in the environment: "cache" for a page that was in the page cache
METHODS = {"GET", "HEAD", "POST"}  # others are one label, however many a client invents
# A request with one of these comes from elsewhere, by way of a proxy.
FORWARDED = {
    "HTTP_FORWARDED",
    "HTTP_VIA",
    "HTTP_X_FORWARDED_FOR",
    "HTTP_X_FORWARDED_HOST",
    "HTTP_X_FORWARDED_PROTO",
    "HTTP_X_REAL_IP",
}


def measure(application):
    """Return an application with metrics, or the same one without a folder for them."""
    return Metrics(application) if settings.METRICS_DIR else application


class Metrics:
    """A WSGI application that counts and times the answers of another one."""

    def __init__(self, application):
        self._application = application
        create_folder(settings.METRICS_DIR)
        os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(settings.METRICS_DIR)
        from prometheus_client import Histogram  # reads that variable once, when imported

        self._seconds = Histogram(
            "newsroom_request_seconds",
            "Seconds until an answer begins",
            ["method", "status", "source"],
            registry=None,
            buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10),
        )

    def __call__(self, environ, start_response):
        if environ["PATH_INFO"] == PATH and is_private(environ):
            return send_metrics(start_response)
        begun, status = perf_counter(), "500"

        def start(line, headers, *exc_info):
            nonlocal status
            status = line[:3]
            return start_response(line, headers, *exc_info)

        try:
            return self._application(environ, start)
        finally:
            method = environ["REQUEST_METHOD"]
            method = method if method in METHODS else "other"
            labels = (method, status, environ.get(SOURCE, "application"))
            self._seconds.labels(*labels).observe(perf_counter() - begun)


def build_counter(name, description):
    """Return a counter of this process, or None without a folder for metrics."""
    if not settings.METRICS_DIR:
        return None
    from prometheus_client import Counter  # after ``Metrics`` has named the folder

    return Counter(f"newsroom_{name}", description, registry=None)


def create_folder(folder):
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ImproperlyConfigured(f"METRICS_DIR is no folder to write in: {error}") from error


def is_private(environ):
    """Return whether a request comes straight from one of ``settings.METRICS_NETWORKS``."""
    if FORWARDED & environ.keys():
        return False
    address = parse_address(environ.get("REMOTE_ADDR", ""))
    if address is None:
        return "unix" in settings.METRICS_NETWORKS
    return any(address in network for network in settings.METRICS_NETWORKS if network != "unix")


def send_metrics(start_response):
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest
    from prometheus_client.multiprocess import MultiProcessCollector

    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(settings.METRICS_DIR))
    body = generate_latest(registry)
    headers = [
        ("Content-Type", CONTENT_TYPE_LATEST),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start_response(f"{HTTPStatus.OK.value} {HTTPStatus.OK.phrase}", headers)
    return [body]
