"""A crawl: every article of the archive once, one after the other.

It is measured with nothing kept; after an editor has changed another article, when only the lists
on each page are made again; and on a server that has preloaded its pages, as it does by itself.
"""

import re
import time
from statistics import quantiles
from urllib.request import urlopen

from django.db import connection

from articles.models import Article
from tests.benchmarks import databases, rows
from tests.benchmarks.cpu import read_group
from tests.benchmarks.requests_one_by_one import Requests, forget_all, forget_lists
from tests.benchmarks.rows import Row, write_row
from tests.benchmarks.servers import Server
from tests.settings import run

MADE = re.compile(r"newsroom_pages_preloaded_total\S* ([\d.]+)")
PATIENCE = 600  # seconds until all pages are preloaded


def measure_crawl(requests, paths):
    """Return the rows of a crawl on a running site, and on a new server that preloads."""
    name = f"crawl of {len(paths)} articles"
    forget_all()
    cold = requests.measure(paths)
    forget_lists()
    changed = requests.measure(paths)
    preloading, preloaded = _measure_preloaded(paths)
    return [
        *_write_rows(f"{name}, nothing kept", cold),
        *_write_rows(f"{name}, after a change of another", changed, most=rows.CRAWLED),
        *_write_rows(f"{name}, preloaded", preloaded, most=rows.CRAWLED),
        Row("preloading: an article", preloading),
    ]


def _measure_preloaded(paths):
    """Return what it costs to preload a page, and the requests of a crawl afterwards."""
    count = Article.objects.listed().count()
    url = databases.address_of(connection.settings_dict)
    changes = {"PAGES_PRELOADED": str(count), "METRICS_DIR": str(run.folder() / "metrics")}
    with Server(url, **changes) as site:
        used, until = read_group(site.group), time.monotonic() + PATIENCE
        while _count_preloaded(site) < count:
            if time.monotonic() > until:
                raise RuntimeError(f"The pages are not preloaded.\n{site.log}")
            time.sleep(0.5)
        cost = (read_group(site.group) - used) / count
        return cost, Requests(site).measure(paths)


def _count_preloaded(site):
    with urlopen(f"{site.address}/metrics") as answer:
        return sum(map(float, MADE.findall(answer.read().decode())))


def _write_rows(name, taken, **target):
    costs = [cost for cost, _seconds in taken]
    return [
        write_row(f"{name}: mean", taken),
        Row(f"{name}: 99th percentile", quantiles(costs, n=100, method="inclusive")[-1]),
        Row(f"{name}: worst", max(costs), **target),
    ]
