"""Heads of requests as only tools send them, at the real server."""

import pytest

from comments.models import Comment
from tests import factories
from tests.newsroom.door.sockets import exchange, head

pytestmark = pytest.mark.once

FORM = "application/x-www-form-urlencoded"


def test_what_cannot_be_read_is_refused_by_every_view(site):
    article = factories.article(slug="ship")
    many = "&".join(["q=a"] * 2001)
    paths = (
        f"/search/?{many}",
        "/",
        "/articles/ship/",
        "/search/?q=a",
        "/admin/",
        "/admin/login/?next=/admin/",
    )
    faults = [
        {"Content_Type": f"{FORM}; charset=zlib"},
        {"Content_Type": "text/plain; x*=idna''%ff"},
        {"Content_Type": f"{FORM}; charset*=utf-8''%ff"},
        {"Origin": "http://["},  # a second one
        {"Host": "evil.example"},  # a second one
        {"Content_Type": f"{FORM}; charset=idna"},
    ]
    too_many = head(site, paths[0], method="GET", Content_Type=f"{FORM}; charset=utf-8")
    assert exchange(site, too_many) == 400
    for fault in faults:
        for path in (*paths, f"/threads/{article.pk}/mine/"):
            request = head(site, path, method="GET", Connection="close", **fault)
            assert exchange(site, request) == 400, (path, fault)


def test_odd_heads_are_no_failure(site):
    factories.article(slug="ship")
    heads = [
        {"Cookie": "a=b; reader=\xff\xfe; csrftoken=\x80; =; ;;"},
        {"Cookie": f"sessionid={'x' * 4000}"},
        {"Referer": "http://["},
        {"Accept_Language": "ja;q=x, \xff, " + "a-" * 2000},
        {"Accept_Encoding": "gzip;q=nan, *;q=-1"},
        {"If_Modified_Since": "Thu, 99 Foo 99999 99:99:99 GMT"},
        {"If_None_Match": 'W/"\xff", , "'},
        {"Range": "bytes=9-1,-,x-"},
        {"X_Requested_With": "\xff"},
    ]
    for path in ("/", "/articles/ship/", "/admin/login/", "/static/none", "/%ff%00?%ff=%zz"):
        for fields in heads:
            request = head(site, path, method="GET", Connection="close", **fields)
            assert exchange(site, request) < 500, (path, fields)


def test_headers_with_an_underscore_say_nothing(site):
    """The server's own proxy is trusted here, so only the spelling keeps the address out."""
    article = factories.article()
    networks = []
    for number, name in enumerate(("X_Forwarded_For", "X-Forwarded-For", "Accept")):
        body = f"text=comment-number-{number}".encode()
        request = head(
            site,
            f"/threads/{article.pk}/comments/",
            Content_Type=FORM,
            Content_Length=f"{len(body)}\r\n{name}: 203.0.113.9",
        )
        assert exchange(site, request + body) == 303
        networks.append(Comment.objects.latest("pk").network_hash)
    spelled, forwarded, plain = networks
    assert spelled == plain != forwarded
