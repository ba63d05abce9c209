"""Warms a process up before its first request.

A page asks for what nobody asked for before: modules, compiled queries, translated macros, patterns
of addresses. Its first rendering takes five times as long as any later one, and no reader shall
wait for that. What is there then stays for good, so the garbage collector need not look through it
again and again: that took twice as long as a page, in the middle of a request.
"""

import gc
import logging

from django.db import connection

from articles.models import compiled
from newsroom.page_cache.application import Rendering
from newsroom.page_cache.page_versions import PageVersions
from newsroom.page_cache.preloading import build_environ, list_addresses
from newsroom.template_loading import load_templates

logger = logging.getLogger(__name__)

ARTICLES = 1  # rendered, the newest


def warm_up(application):
    """Load and compile what pages need, and keep the garbage collector from it. ``application``
    renders pages without the page cache, which another process may have filled."""
    load_templates()
    try:
        PageVersions().read("", may_be_late=True)  # soon says if the database is away
        for address in ["/", *list_addresses(ARTICLES)]:
            Rendering.run(application, build_environ(address))
        _compile_statements()
    except Exception as error:  # or it was never migrated: the first requests do it
        logger.info("The process starts cold: %s", error)
    finally:
        connection.close()
    gc.collect()
    gc.freeze()


def _compile_statements():
    """Compile the queries whose parameters are all placeholders."""
    for statement in compiled.STATEMENTS:
        if not {"model", "limit"}.intersection(statement.names):
            statement.prepare()
