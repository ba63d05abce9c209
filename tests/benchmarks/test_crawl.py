"""What the benchmark says of crawls."""

from io import BytesIO

import pytest

from articles.models import Article
from tests import factories
from tests.benchmarks import crawl

pytestmark = [pytest.mark.django_db, pytest.mark.once]
METRICS = """newsroom_pages_preloaded_total{{pid="1"}} 1.0
newsroom_request_seconds_count{{method="GET",source="application",status="200"}} {rendered}
"""


EXPECTED = crawl.TRIES * crawl.IN_USE


class FakeServer:
    """A server that has preloaded an article. ``rendered``: the pages that it rendered on demand,
    each time that somebody looks at its metrics."""

    address, group, log, rendered, folders = "http://site", 0, "", [0, 0, EXPECTED], []

    def __init__(self, url, **changes):
        self.folders.append(changes["METRICS_DIR"])
        self._rendered = iter(self.rendered)

    def __enter__(self):
        return self

    def __exit__(self, *error):
        pass

    def open(self, address):
        return BytesIO(METRICS.format(rendered=float(next(self._rendered))).encode())


@pytest.fixture
def server(monkeypatch):
    servers = []
    monkeypatch.setattr(FakeServer, "folders", [])

    def start(url, **changes):
        servers.append(FakeServer(url, **changes))
        return servers[-1]

    monkeypatch.setattr(crawl, "Server", start)
    monkeypatch.setattr(crawl, "urlopen", lambda address: servers[-1].open(address))
    monkeypatch.setattr(crawl, "read_group", lambda group: 0.0)
    monkeypatch.setattr(crawl, "_crawl", lambda requests, paths, prepare: [])
    monkeypatch.setattr(crawl, "Requests", lambda site: None)
    factories.article()
    return FakeServer


def test_each_server_counts_in_a_folder_of_its_own(server):
    for _ in range(2):
        assert crawl._measure_preloaded(["/"]) == (0.0, [])
    assert len(set(server.folders)) == 2


def test_a_page_that_was_not_preloaded_is_said(server, monkeypatch):
    monkeypatch.setattr(server, "rendered", [0, 4, EXPECTED + 5])
    with pytest.raises(crawl.UnkeptPages, match="1 page"):
        crawl._measure_preloaded(["/"])


def test_a_page_costs_the_least_of_its_tries():
    tries = [[(3, 30), (9, 50)], [(5, 30), (4, 50)]]
    mean, _percentile, worst = crawl._write_rows("crawl", tries, most=1)
    assert (mean.cpu, worst.cpu, worst.most) == (5.25, 4, 1)


def test_a_new_article_is_published_in_each_category_of_a_crawl():
    categories = [factories.category(name) for name in ("海", "港")]
    articles = [factories.article(category=each) for each in [*categories, categories[0]]]
    crawl._publish(articles)
    new = Article.objects.exclude(pk__in=[each.pk for each in articles])
    assert {each.category for each in new} == set(categories)
    assert new.count() == 2
