"""The WSGI application. The server runs it by way of newsroom/asgi.py."""

import os
from functools import partial

import django
from django.core.handlers.wsgi import WSGIHandler

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "newsroom.settings")
django.setup(set_prefix=False)

from newsroom.metrics import measure  # noqa: E402  # wants the settings
from newsroom.page_cache.application import PageCache  # noqa: E402
from newsroom.probes import Probes  # noqa: E402
from newsroom.reader_doors import ReaderDoors, take_request  # noqa: E402
from newsroom.request_ids import RequestIds  # noqa: E402


class Handler(WSGIHandler):
    request_class = staticmethod(take_request)


handler = Handler()
build_page_cache = partial(PageCache, ReaderDoors(handler))
application = Probes(measure(RequestIds(build_page_cache())))
