"""Pages cost the same on a site of 500 articles, whose lists are full, and on one of 20,000, and
the first page of a thread the same whether 400 comments or 20,000 are in it."""

import random
import sys
from collections import Counter
from time import process_time

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import Client

from newsroom.load_data.filler import fill_site
from newsroom.load_data.invention import Invention
from tests.benchmarks import databases, statements
from tests.benchmarks.statements import KEPT

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FEW, MANY = 500, 20_000  # articles
SHORT, WHOLE, LONG = 60, 400, 20_000  # comments: a short thread, one that fills a page, a long one
ROUNDS = 5
OTHER = "/articles/?page=2"  # has the rankings and the navigation, too
# A section counts its articles: on SQLite 3.4 times as much was measured. The first page of a long
# thread counts what is below the cuts of its trees: 2.7 times on a busy machine.
COSTLIER = {"section": 5.0, "thread, first page": 4.0}
CPU, WORK = 2.0, 2.5  # how many times as much the large site may cost
SMALL = {"postgresql": 200, "sqlite": 100}  # pages or hundreds of steps that do not count
# What grows by its nature, and how much of the database's work it may take.
GROWING = {
    "search": (8, "the entries that hold the word, up to 260"),
    "search in comments": (8, "the entries that hold the word, up to 260"),
    # 66 times was measured on PostgreSQL: 193 blocks and rows, and 12,829.
    "feed of a tag": (100, "the articles with the tag, which their dates sort"),
    "thread, first page": (12, "the comments below the cuts of its trees, up to 1,000 in each"),
    "thread, newest": (8, "the comments of each ID in the thread"),
}
COMMON = 5  # the rank of the word that is searched for: it fills a page of hits on both sites


@pytest.fixture(scope="module")
def growth(django_db_setup, django_db_blocker):
    """{page: (what it costs on the small site, and on the large one)}."""
    chance = random.Random(1)
    with django_db_blocker.unblock():
        lengths = [chance.randint(0, SHORT) for _ in range(FEW - 2)]
        *_others, whole, short = fill_site(lengths=[*lengths, WHOLE, SHORT], pictures=1)
        small = measure_pages(whole, short)
        lengths = [chance.randint(0, 2) for _ in range(MANY - FEW - 2)]
        *_others, long, short = fill_site(lengths=[*lengths, LONG, SHORT], pictures=1)
        large = measure_pages(long, short)
        yield {name: (small[name], large[name]) for name in small}
        databases.empty_tables()


def measure_pages(thread, article):
    """Return {page: (seconds of the processor, work of the database)}, each with an empty cache."""
    section, tag = article.category.parent, article.tags.order_by("pk").first()
    word = Invention(random.Random(1)).words[COMMON]  # of the default seed
    pages = {
        "home": "/",
        "section": section.get_absolute_url(),
        "article": article.get_absolute_url(),
        "thread, first page": thread.get_absolute_url(),
        "thread, newest": f"{thread.get_absolute_url()}?order=new",
        "search": f"/search/?q={word}",
        "search in comments": f"/search/?q={word}&in=comments",
        "feed": "/feed/",
        "feed of a section": f"{section.get_absolute_url()}feed/",
        "feed of a tag": f"/tags/{tag.slug}/feed/",
        "feed of comments": "/comments/feed/",
        "feed of a thread": f"/threads/{thread.pk}/feed/",
    }
    return {name: (measure_cpu(path), measure_work(path)) for name, path in pages.items()}


def ask(path):
    assert Client().get(path).status_code == 200, path


def forget():
    """Keep nothing but what is about the whole site: another page has just shown it."""
    for cache in caches.all():
        cache.clear()
    ask(OTHER)


def measure_cpu(path):
    return min(_measure_once(path) for _ in range(ROUNDS))


def _measure_once(path):
    forget()
    begun = process_time()
    ask(path)
    return process_time() - begun


def measure_work(path):
    """Return {SQL: work} of all that is not about the whole site, and kept for a minute or more."""
    forget()
    with statements.record_statements() as seen:
        ask(path)
    work = Counter()
    for sql, params in seen:
        if not any(part in sql for part in KEPT):
            work[sql] += statements.measure_work(sql, params)
    return work


def write_report(growth):
    """Return a line for each page, and what works most for it."""
    lines = []
    for name, (small, large) in growth.items():
        [(sql, most)] = large[1].most_common(1)
        lines.append(
            f"{name:20} CPU {1_000 * small[0]:6.1f} → {1_000 * large[0]:6.1f} ms, work "
            f"{small[1].total():6} → {large[1].total():6}, {most} of it: {sql[:40]} … {sql[-100:]}"
        )
    return "\n".join(lines)


def test_pages_take_no_more_of_the_processor(growth):
    sys.stdout.write(f"\n{write_report(growth)}\n")
    grown = {
        name
        for name, (small, large) in growth.items()
        if large[0] > COSTLIER.get(name, CPU) * small[0]
    }
    assert grown == set()


def test_pages_take_no_more_work_of_the_database(growth):
    least = SMALL[connection.vendor]
    grown = {
        name
        for name, (small, large) in growth.items()
        if large[1].total() > GROWING.get(name, (WORK,))[0] * max(small[1].total(), least)
    }
    assert grown == set(), write_report(growth)
