"""A crawl: every article of the archive once, one after the other.

It is measured with nothing kept; after an editor has changed another article or published one, when
only the lists on each page are made again; after a comment in each thread; and on a server that has
preloaded its pages, as it does by itself.

A single request also pays for what else the server happens to do: its threads compute rankings,
look for scheduled changes and collect garbage. So each crawl is repeated from the same state, and a
page costs the least of its tries, each at the same place of its crawl. The means are of all tries.
"""

import re
import time
from functools import partial
from itertools import chain
from statistics import quantiles
from tempfile import mkdtemp
from urllib.request import urlopen

from django.db import connection
from django.utils import timezone

from articles.models import Article
from tests import factories
from tests.benchmarks import databases, rows
from tests.benchmarks.cpu import read_group
from tests.benchmarks.requests_one_by_one import (
    Requests,
    forget_all,
    forget_lists,
    renew_thread,
    wait_for_expiry,
)
from tests.benchmarks.rows import Row, write_row
from tests.benchmarks.servers import Server
from tests.settings import run

MADE = re.compile(r"newsroom_pages_preloaded_total\S* ([\d.]+)")
RENDERED = re.compile(r"newsroom_request_seconds_count\S*source=\"application\"\S* ([\d.]+)")
PATIENCE = 600  # seconds until all pages are preloaded
TRIES = 3
# Seconds from a change to a crawl: the server makes what all pages share by then. The rows "parts
# kept" measure a page that is asked for at once.
SETTLING = 2
IN_USE = 20  # requests before a crawl: an idle server has to fill the processor's caches first


class UnkeptPages(Exception):
    """A server has not preloaded all of its pages."""


def measure_crawl(requests, articles):
    """Return the rows of a crawl on a running site, and on a new server that preloads."""
    paths = [article.get_absolute_url() for article in articles]
    name = f"crawl of {len(paths)} articles"
    states = {
        "nothing kept": (forget_all, {}),
        "after a change of another": (forget_lists, {"most": rows.CRAWLED}),
        "after new articles": (partial(_publish, articles), {"most": rows.CRAWLED}),
        "after a comment in each": (partial(_renew_threads, articles), {}),
    }
    result = []
    for state, (prepare, target) in states.items():
        result += _write_rows(f"{name}, {state}", _crawl(requests, paths, prepare), **target)
    preloading, preloaded = _measure_preloaded(paths)
    return [
        *result,
        *_write_rows(f"{name}, preloaded", preloaded, most=rows.CRAWLED),
        Row("preloading: an article", preloading),
    ]


def _crawl(requests, paths, prepare):
    """Return what each request of each try took."""
    tries = []
    for _ in range(TRIES):
        prepare()
        time.sleep(SETTLING)
        for _ in range(IN_USE):
            requests.get("/robots.txt")
        tries.append(requests.measure(paths))
    return tries


def _publish(articles):
    """Publish an article in each of their categories, which may be on the lists of the others."""
    for category in {article.category_id for article in articles}:
        factories.article(title="新着の記事", category_id=category, published_at=timezone.now())


def _renew_threads(articles):
    for article in articles:
        renew_thread(article)


def _measure_preloaded(paths):
    """Return what it costs to preload a page, and the requests of crawls afterwards. The figures on
    the pages are too old each time."""
    count = Article.objects.listed().count()
    url = databases.address_of(connection.settings_dict)
    # A folder of its own: another server's counts would be taken for those of this one.
    changes = {"PAGES_PRELOADED": str(count), "METRICS_DIR": mkdtemp(dir=run.folder())}
    with Server(url, **changes) as site:
        used, until = read_group(site.group), time.monotonic() + PATIENCE
        while count_made(site) < count:
            if time.monotonic() > until:
                raise RuntimeError(f"The pages are not preloaded.\n{site.log}")
            time.sleep(0.5)
        cost = (read_group(site.group) - used) / count
        expected = _count(RENDERED, site) + TRIES * IN_USE
        tries = _crawl(Requests(site), paths, wait_for_expiry)
        if rendered := _count(RENDERED, site) - expected:
            raise UnkeptPages(f"{rendered:.0f} pages of {len(paths)} were not preloaded.")
        return cost, tries


def count_made(site):
    """Return how many pages a server has preloaded."""
    return _count(MADE, site)


def _count(pattern, site):
    with urlopen(f"{site.address}/metrics") as answer:
        return sum(map(float, pattern.findall(answer.read().decode())))


def _write_rows(name, tries, **target):
    least = [min(cost for cost, _seconds in of_page) for of_page in zip(*tries, strict=True)]
    return [
        write_row(f"{name}: mean", list(chain.from_iterable(tries))),
        Row(f"{name}: 99th percentile", quantiles(least, n=100, method="inclusive")[-1]),
        Row(f"{name}: worst", max(least), **target),
    ]
