"""Every response of the running site, under HTTPS, by the rules of the HTTP Observatory."""

from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from tests import factories
from tests.benchmarks import databases, servers
from tests.newsroom.observatory import score
from tests.pictures import in_library
from tests.settings import run

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

HOST = "news.example.org"
ALWAYS = {
    *("content-security-policy", "cross-origin-opener-policy", "cross-origin-resource-policy"),
    *("permissions-policy", "referrer-policy", "strict-transport-security"),
    *("x-content-type-options", "x-frame-options"),
}


@pytest.fixture(scope="module")
def server(django_db_setup):
    style = run.folder() / "static" / "scored.css"
    style.parent.mkdir(exist_ok=True)
    style.write_text("a { color: red }")
    url = databases.address_of(connection.settings_dict)
    changes = {
        "DJANGO_SETTINGS_MODULE": "tests.newsroom.door.settings",
        "SITE_URL": f"https://{HOST}",
        "ALLOWED_HOSTS": HOST,
        "MEDIA_ROOT": str(settings.MEDIA_ROOT),
    }
    with servers.Server(url, **changes) as server:
        yield server


class Answer:
    def __init__(self, response):
        self.status, self.body = response.status, response.read()
        self.lines = [(name.lower(), value) for name, value in response.getheaders()]
        self.headers = dict(self.lines)
        self.cookies = [value for name, value in self.lines if name == "set-cookie"]
        self.scored = score(self.headers, self.cookies)


def ask(server, path, *, method="GET", body=None, **headers):
    """Ask as a proxy does that terminates TLS."""
    place = urlsplit(server.address)
    connection = HTTPConnection(place.hostname, place.port, timeout=30)
    sent = {"Host": HOST, "X-Forwarded-Proto": "https", **headers}
    connection.request(method, path, body, sent)
    try:
        return Answer(connection.getresponse())
    finally:
        connection.close()


@pytest.fixture
def site(transactional_db, server):
    return server


@pytest.fixture
def responses(site):
    """One response of each kind."""
    article = factories.article(slug="ship")
    comment = factories.comment(article)
    page = ask(site, "/articles/ship/")
    static = "/static/scored.css"
    return {
        "home": ask(site, "/"),
        "article": page,
        "kept": ask(site, "/articles/ship/"),
        "unchanged": ask(site, "/articles/ship/", **{"If-None-Match": page.headers["etag"]}),
        "head": ask(site, "/articles/ship/", method="HEAD"),
        "comment": ask(site, f"/comments/{comment.pk}/"),
        "search": ask(site, "/search/?q=ship"),
        "feed": ask(site, "/feeds/"),
        "redirect": ask(site, "/articles/ship"),
        "missing": ask(site, "/nothing/"),
        "unreadable": ask(site, "/articles/a%00b/"),
        "wrong host": ask(site, "/", Host="evil.example"),
        "login": ask(site, "/admin/login/"),
        "admin": ask(site, "/admin/"),
        "refused post": ask(site, f"/comments/{comment.pk}/vote/", method="POST", body="value=1"),
        "static": ask(site, static),
        "static unchanged": ask(
            site, static, **{"If-None-Match": ask(site, static).headers["etag"]}
        ),
        "probe": ask(site, "/healthz"),
        "too long": ask(site, "/", method="POST", **{"Content-Length": str(10**9)}),
    }


STATUSES = {
    "unchanged": 304,
    "static unchanged": 304,
    "redirect": 301,
    "missing": 404,
    "unreadable": 400,
    "wrong host": 400,
    "admin": 302,
    "refused post": 403,
    "too long": 413,
}


def test_every_response_scores_130_or_more(responses):
    for name, response in responses.items():
        assert response.status == STATUSES.get(name, 200), name
        assert set(response.headers) >= ALWAYS, name
        assert response.scored.total >= 130, (name, response.scored)
        names = [line for line, _value in response.lines if line != "set-cookie"]
        assert len(names) == len(set(names)), name


def test_the_login_gains_by_its_cookies(responses):
    assert responses["login"].scored.total == 135


def test_pictures_lose_only_what_feed_readers_need(site):
    response = ask(site, in_library().image_file.row)
    assert response.status == 200
    assert {name: value for name, value in response.scored.points.items() if value} == {
        "referrer": 5,
        "framing": 5,
    }


def test_hsts_says_neither_preload_nor_subdomains_unless_asked(responses):
    for name, response in responses.items():
        assert response.headers["strict-transport-security"] == "max-age=31536000", name


def test_plain_http_gets_no_hsts(site):
    for path in ("/", "/healthz"):
        response = ask(site, path, **{"X-Forwarded-Proto": "http"})
        assert "strict-transport-security" not in response.headers
