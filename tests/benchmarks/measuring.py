"""Measures one database: fills it, and returns the rows of the table."""

import logging
import random
from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from newsroom.load_data.filler import fill_site
from newsroom.load_data.invention import Invention
from tests.benchmarks import client, rows
from tests.benchmarks.cpu import LOOP, measure_loop
from tests.benchmarks.crawl import measure_crawl
from tests.benchmarks.importing import measure_import
from tests.benchmarks.requests_one_by_one import (
    Requests,
    forget_all,
    forget_lists,
    renew_thread,
    wait_for_expiry,
)
from tests.benchmarks.rows import Pace, Row, write_row
from tests.benchmarks.servers import files

SIZES = (72, 300, 1_000, 20_000)  # comments of the articles that are asked for again and again
CRAWLED = 500  # articles with 20 to 160 comments
COLD = 10  # requests for a cold page
CHANGING, EXPIRIES = (72, 1_000), 5  # sizes, and requests for a page whose figures are too old
PLAIN = 20  # requests for a page that is never kept
ROUNDS = 2
CLIENTS = (1, 8)
ENCODING = "gzip"
MOST_COMMON, RARE = 20, 4_000  # words, by their frequency
SEED = 1


class Measuring:
    """Measures a running site beside its yardsticks; ``nginx`` may be None."""

    def __init__(self, site, yardstick, nginx, *, seconds, crawled=CRAWLED, sizes=SIZES):
        self._site, self._yardstick, self._nginx = site, yardstick, nginx
        self._seconds, self._crawled, self._sizes = seconds, crawled, sizes
        self._requests = Requests(site)

    def run(self, say=lambda text: None):
        """Return (seconds of the loop, rows)."""
        chance = random.Random(SEED)
        lengths = [chance.randint(20, 160) for _ in range(self._crawled)]
        *self._archive, first = fill_site(lengths=[*lengths, 1], seed=SEED)[: self._crawled + 1]
        self._articles = dict(
            zip(self._sizes, fill_site(lengths=list(self._sizes), seed=SEED + 1), strict=True)
        )
        say("filled")
        logging.getLogger("newsroom.security").setLevel(logging.WARNING)
        loop, result = measure_loop(), []
        for part in (
            self._measure_pages,
            self._measure_crawl,
            self._measure_searches,
            self._measure_writes,
            self._measure_desks,
            measure_import,
        ):
            result += part()
            say(result[-1].name)
        loop = min(loop, measure_loop())
        return loop, [Row(f"{LOOP:,} squares summed", loop), *result]

    def _measure_pages(self):
        """The front page and articles in four states each, and what sends the same bytes."""
        result = self._measure_page("home", "/", rows.NOTHING, parts=rows.NOTHING)
        for size, article in self._articles.items():
            most = {72: rows.NOTHING, 1_000: rows.LONG_NOTHING}.get(size)
            name, path = f"article, {size:,} comments", article.get_absolute_url()
            result += self._measure_page(name, path, most)
            if size in CHANGING:
                result += self._measure_changes(name, path, article)
        return result

    def _measure_changes(self, name, path, article):
        """A kept page of which only some gaps are filled again."""
        renewed = self._requests.measure_cold(path, partial(renew_thread, article), COLD)
        expired = self._requests.measure_cold(path, wait_for_expiry, EXPIRIES)
        return [
            write_row(f"{name}: after a comment or a vote", renewed),
            write_row(f"{name}: figures filled in again", expired, most=rows.PARTS),
        ]

    def _measure_page(self, name, path, most, *, parts=rows.PARTS):
        cold = self._requests.measure_cold
        result = [
            write_row(f"{name}: nothing kept", cold(path, forget_all, COLD), most=most),
            write_row(f"{name}: parts kept", cold(path, forget_lists, COLD), most=parts),
        ]
        headers = self._store(path)
        read = {"path": path, "encoding": ENCODING}
        groups = {
            "kept": (self._site, read),
            "304": (self._site, read | {"etag": headers["ETag"]}),
            "bare": (self._yardstick, {"path": f"/bare/{self._file}"}),
        }
        if self._nginx:
            groups["nginx"] = (self._nginx, {"path": f"/{self._file}"})
        seen = self._measure_paces({key: ("Read", *group) for key, group in groups.items()})
        few = name == "home" or "72" in name
        return [
            *result,
            self._row(f"{name}: kept", seen, "kept", "bare", least=rows.KEPT),
            self._row(f"{name}: 304", seen, "304", "bare", least=rows.KEPT),
            *([self._row(f"the same bytes, bare WSGI app ({name})", seen, "bare")] if few else []),
            *([self._row(f"the same bytes, nginx ({name})", seen, "nginx")] if few else []),
        ]

    def _store(self, path):
        """Keep the bytes of a page as a file of the yardsticks; returns the page's headers."""
        body, headers = Requests(self._site, cookie="").get(path, **{"Accept-Encoding": ENCODING})
        self._file = f"page-{len(list(files().iterdir()))}.html"
        (files() / self._file).write_bytes(body)
        return headers

    def _measure_crawl(self):
        return measure_crawl(self._requests, self._archive)

    def _measure_searches(self):
        words = Invention(random.Random(SEED)).words
        queries = {
            "a common word": {"q": words[MOST_COMMON]},
            "a rare word": {"q": words[RARE]},
            "two words in comments": {"q": f"{words[1]} {words[2]}", "in": "comments"},
        }
        result = []
        for name, query in queries.items():
            path = f"/search/?{urlencode(query)}"
            self._requests.get(path)
            result.append(write_row(f"search: {name}", self._requests.measure([path] * PLAIN)))
        return result

    def _measure_writes(self):
        """Replies in many trees, and votes on them, beside the insert of one plain row."""
        from tests.benchmarks import filling
        from tests.benchmarks.trials import SPREAD

        article = filling.article()
        trees = filling.thread(article, SPREAD)
        comments = [pk for tree in trees for pk in tree]
        posts = {"threads": [(article.pk, trees)], "limit": 100}
        seen = self._measure_paces(
            {
                "insert": ("Insert", self._yardstick, {}),
                "post": ("Post", self._site, posts),
                "vote": ("Vote", self._site, {"comments": comments}),
            }
        )
        return [
            self._row("post", seen, "post", "insert", least=rows.POST, most=rows.POST_COST),
            self._row("vote", seen, "vote", "insert", least=rows.VOTE, most=rows.VOTE_COST),
            self._row("a plain row inserted by Django", seen, "insert"),
        ]

    def _measure_desks(self):
        """Pages of the staff, which are never kept."""
        pages = {
            "moderation queue": ("Moderator", reverse("comments:queue")),
            "admin, list of articles": ("Editor", reverse("admin:articles_article_changelist")),
        }
        result = []
        for name, (group, path) in pages.items():
            requests = Requests(self._site, cookie=_sign_in(group))
            requests.get(path)
            result.append(write_row(name, requests.measure([path] * PLAIN)))
        return result

    def _measure_paces(self, loads):
        """Return {(load, clients): what the client saw}. ``loads``: (workload, server, options) by
        name; they take turns, so that a busy machine meets them all alike."""
        groups = {}
        for name, (workload, server, options) in loads.items():
            for clients in CLIENTS:
                groups[f"{name} {clients}"] = {
                    "workload": workload,
                    "options": options
                    | ({"first": 10_000 * clients} if workload == "Vote" else {}),
                    "clients": clients,
                    "address": server.address,
                    "process_group": server.group,
                }
        phases = [{"groups": [name], "seconds": 0.3, "measured": False} for name in groups]
        seconds = self._seconds / ROUNDS
        for _ in range(ROUNDS):
            phases += [{"groups": [name], "seconds": seconds, "measured": True} for name in groups]
        seen = client.measure({"groups": groups, "phases": phases})["groups"]
        for name, group in seen.items():
            if group["errors"] or group["broken"]:
                raise RuntimeError(f"{name}: {group['samples']}\n{self._site.log}")
        return {(name, n): seen[f"{name} {n}"] for name in loads for n in CLIENTS}

    def _row(self, name, seen, load, yardstick=None, **target):
        """Return the row of a load whose pace stands beside that of its yardstick."""
        from tests.benchmarks.report import pace, percentile

        if (load, CLIENTS[0]) not in seen:
            return Row(name, note="not installed")
        groups = {clients: seen[load, clients] for clients in CLIENTS}
        cpu, most, ratios = _sum_cost(groups.values()), CLIENTS[-1], {}
        if yardstick:
            others = [seen[yardstick, clients] for clients in CLIENTS]
            ratios["ratio"] = pace(groups[most]) / pace(seen[yardstick, most])
            ratios["cpu_ratio"] = _sum_cost(others) / cpu
        paces = {
            clients: Pace(pace(group), percentile(group, 50), percentile(group, 99))
            for clients, group in groups.items()
        }
        return Row(name, cpu, paces, **ratios, **target)


def _sum_cost(groups):
    """Return the seconds of processor of an answer."""
    answers = sum(len(group["latencies"]) for group in groups)
    return sum(group["cpu"] for group in groups) / answers


def _sign_in(group):
    """Return the session cookie of a new member of the staff."""
    from tests import staff

    browser = staff.browser_of(staff.member(f"benchmark-{group.lower()}", group))
    return f"{settings.SESSION_COOKIE_NAME}={browser.cookies[settings.SESSION_COOKIE_NAME].value}"
