"""A worker that dies between the commit and the answer: the form is sent again."""

import time
from http.client import HTTPConnection, HTTPException
from urllib.parse import urlencode
from urllib.request import urlopen

import pytest
from django.db import connection

from comments.models import Comment
from tests import factories
from tests.benchmarks import databases, servers
from tests.benchmarks.dying import HEADER

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

PATIENCE = 30  # seconds until the next worker answers


@pytest.fixture
def site(transactional_db):
    url = databases.address_of(connection.settings_dict)
    with servers.Server(url, DJANGO_SETTINGS_MODULE="tests.benchmarks.dying_settings") as site:
        yield site


def send(site, article, token, **headers):
    """Send a comment as a browser without cookies does; returns status, headers and page."""
    connection = HTTPConnection(servers.HOST, site.port, timeout=PATIENCE)
    headers |= {"Origin": site.address, "Sec-Fetch-Site": "same-origin"}
    headers |= {"Content-Type": "application/x-www-form-urlencoded"}
    body = urlencode({"text": "一度だけ", "token": token})
    try:
        connection.request("POST", f"/threads/{article.pk}/comments/", body, headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    finally:
        connection.close()


def test_the_comment_of_a_lost_answer_is_found(site):
    article = factories.article()
    with urlopen(f"{site.address}/threads/{article.pk}/token/") as answer:
        token = answer.read().decode()
    with pytest.raises((OSError, HTTPException)):
        send(site, article, token, **{HEADER: "1"})
    comment = Comment.objects.get()
    until = time.monotonic() + PATIENCE
    while True:
        try:
            status, headers, _page = send(site, article, token)
            break
        except OSError:  # the next worker is not there yet
            assert time.monotonic() < until
            time.sleep(0.2)
    assert (status, headers["Location"]) == (303, f"/comments/{comment.pk}/")
    assert "Set-Cookie" not in headers  # the key went with the answer that was lost
    assert Comment.objects.count() == 1
