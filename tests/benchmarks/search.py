"""Measures the search among many texts: ``python -m tests.benchmarks.search [--articles N …]``.

Fills an empty database with invented texts in which few words are common and most are rare, then
asks for the search page with queries of several kinds, warm, one at a time. Each is compared to
what a site without an index would ask (``LIKE`` over the same articles and comments, cut at the
same number). Ends with 1 where a hit does not hold what was asked for; a p95 above its target is
said in the table.
"""

import argparse
import os
import random
import sys
import time
from statistics import mean, median, quantiles

from tests.benchmarks import databases, servers

TARGET = 100  # milliseconds: the 95th percentile of all queries
ROUNDS = 12  # of every query
LIKES = 1  # a query of the yardstick takes seconds
WRITES = 1_000
LENGTH = 70  # characters of a comment, about
SEED = 1


def main():
    arguments = _arguments()
    url = databases.address(arguments.database)
    os.environ.update(servers.environment(url))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0, interactive=False)
    from newsroom.load_data.filler import fill_site
    from newsroom.load_data.invention import Invention

    invented = Invention(random.Random(SEED))  # has the words of the filler
    started = time.monotonic()
    fill_site(arguments.articles, arguments.comments, pictures=0, seed=SEED)
    _say(f"Filled in {time.monotonic() - started:.0f} s; {_size()} of index.")
    call_command("collectstatic", verbosity=0, interactive=False)
    rows, wrong = [], []
    for name, query in _build_queries(invented):
        row, faults = _measured(name, query)
        rows.append(row)
        wrong += faults
    _report(arguments, rows)
    _say(_writing(invented))
    _say("\n".join(wrong) or "Every hit holds what was asked for.")
    sys.exit(1 if wrong else 0)


def _arguments():
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.search", description=__doc__)
    parser.add_argument("--articles", type=int, default=20_000)
    parser.add_argument("--comments", type=int, default=500_000)
    parser.add_argument("--database", choices=databases.NAMES, default="postgresql")
    return parser.parse_args()


def _build_queries(invented):
    """Return (name, parameters of the address)."""
    word = invented.words
    return [
        ("the most common word", {"q": word[0]}),
        ("a common word", {"q": word[20]}),
        ("… by date", {"q": word[20], "order": "date"}),
        ("… in comments", {"q": word[20], "in": "comments"}),
        ("… of a week", {"q": word[20], "period": "week"}),
        ("… of a category", {"q": word[20], "category": "load-section-1"}),
        ("a usual word", {"q": word[300], "in": "comments"}),
        ("a rare word", {"q": word[6_000]}),
        ("two common words", {"q": f"{word[1]} {word[2]}"}),
        ("a common and a rare word", {"q": f"{word[1]} {word[4_000]}"}),
        ("a phrase", {"q": f"{word[1]}という{word[3]}"}),
        ("one character", {"q": word[0][0]}),
        ("what nobody wrote", {"q": "魑魅魍魎"}),
        ("nothing but a common ending", {"q": "だろう"}),
        ("common words, not together", {"q": f"{word[0]}{word[1]}の{word[2]}"}),
    ]


def _size():
    from django.db import connection

    if connection.vendor != "postgresql":
        return "an unknown size"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_size_pretty(pg_total_relation_size('articles_searchentry')), "
            "pg_size_pretty(pg_relation_size('articles_searchentry_tokens'))"
        )
        whole, gin = cursor.fetchone()
    return f"{whole} ({gin} of it GIN)"


def _measured(name, parameters):
    from django.test import Client

    from newsroom.site_search import Search

    client, taken = Client(headers={"host": servers.HOST}), []
    client.get("/search/", parameters)  # warms it
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        answer = client.get("/search/", parameters)
        taken.append((time.perf_counter() - begun) * 1_000)
        assert answer.status_code == 200, answer
    search = Search(parameters)
    likes = []
    for _ in range(LIKES):
        begun = time.perf_counter()
        _like(search)
        likes.append((time.perf_counter() - begun) * 1_000)
    row = (name, search.articles.count, search.comments.count, taken, median(likes))
    return row, _faults(name, search, search.load_hits(search.results.keys[:20]))


def _like(search):
    """Ask for the same without an index: a page of hits and both counts, cut as the search cuts
    them."""
    from django.db.models import Q

    from articles.models import Article
    from comments.models import Comment
    from newsroom.site_search import MAX_RESULTS

    articles = Article.objects.published()
    comments = Comment.objects.published().readable()
    for word in search.text.split():
        holds = [Q(**{f"{name}__contains": word}) for name in ("title", "lead", "body")]
        articles = articles.filter(holds[0] | holds[1] | holds[2])
        comments = comments.filter(text__contains=word)
    for rows in (articles.order_by("-published_at"), comments.order_by("-posted_at")):
        list(rows.values_list("pk")[:MAX_RESULTS])


def _faults(name, search, hits):
    if search.results.is_loose:
        return []
    wrong = []
    for hit in hits:
        held = hit.text if search.kind == "comments" else hit.title + hit.lead + hit.body
        wrong += [
            f"{name}: {hit.pk} lacks {word}" for word in search.text.split() if word not in held
        ]
    return wrong


def _writing(invented):
    """Return what it takes to index one comment more, in a transaction with others."""
    from django.db import transaction
    from django.utils import timezone

    from articles.search import Entry, write_entry
    from comments.indexing import COMMENT

    taken = []
    with transaction.atomic():
        for number in range(WRITES):
            entry = Entry(COMMENT, 2**40 + number, "", invented.write_text(LENGTH), timezone.now())
            begun = time.perf_counter()
            write_entry(entry)
            taken.append((time.perf_counter() - begun) * 1_000)
        transaction.set_rollback(True)
    return (
        f"one comment indexed: p50 {median(taken):.2f} ms, mean {mean(taken):.2f} ms, "
        f"p99 {quantiles(taken, n=100)[-1]:.2f} ms, at most {max(taken):.1f} ms"
    )


def _report(arguments, rows):
    _say(
        f"\n{arguments.database}, {os.cpu_count()} cores, "
        f"{arguments.articles:,} articles, {arguments.comments:,} comments"
    )
    _say(" articles  comments   p50 ms   p95 ms  LIKE ms  ratio  query")
    for name, articles, comments, taken, like in rows:
        _say(
            f"{articles:>9} {comments:>9} {median(taken):8.1f} {_p95(taken):8.1f} {like:8.0f} "
            f"{like / median(taken):6.1f}  {name}"
        )
    every = [each for *_row, taken, _like in rows for each in taken]
    verdict = "reached" if _p95(every) <= TARGET else "missed"
    _say(f"p95 of all {_p95(every):.1f} ms, target ≤ {TARGET} ms: {verdict}")


def _p95(taken):
    return quantiles(taken, n=20, method="inclusive")[-1]


def _say(text):
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
