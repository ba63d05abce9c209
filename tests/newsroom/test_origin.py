"""Views without Django's CSRF check ask for the origin of a POST instead."""

import re

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver

from articles.models import ReadCount
from tests import factories

pytestmark = pytest.mark.once

ADDRESSES = {
    *("/threads/1/comments/", "/threads/1/comments/inline/", "/articles/1/read/"),
    *("/comments/1/edit/", "/comments/1/delete/", "/comments/1/vote/", "/comments/1/vote/inline/"),
    *("/comments/1/report/", "/comments/1/removal/", "/comments/1/object/"),
    *("/me/feed/", "/me/seen/", "/me/push/", "/me/push/end/"),
}
FOR_OTHER_SITES = {"/webmention/"}  # told by their servers, and written after they were asked


def exempt_addresses(patterns, start="/"):
    for pattern in patterns:
        address = start + re.sub("<int:[a-z_]+>", "1", str(pattern.pattern))
        if not isinstance(pattern, URLPattern):
            yield from exempt_addresses(pattern.url_patterns, address)
        elif getattr(pattern.callback, "csrf_exempt", False):
            yield address


def test_only_what_readers_send_is_exempt():
    assert set(exempt_addresses(get_resolver().url_patterns)) == ADDRESSES | FOR_OTHER_SITES


@pytest.mark.django_db
@pytest.mark.parametrize("address", sorted(ADDRESSES))
@pytest.mark.parametrize("headers", [{}, {"origin": "https://evil.example"}])
def test_a_post_from_elsewhere_changes_nothing(address, headers, settings):
    settings.READS_WRITTEN_EVERY = 0
    article = factories.article()
    comment = factories.comment(article)
    place = address.replace("comments/1/", f"comments/{comment.pk}/")
    place = re.sub("(threads|articles)/1/", rf"\1/{article.pk}/", place)
    agent = {"user-agent": "Mozilla/5.0 Firefox/140.0"}
    answer = Client().post(place, {"text": "どこかから", "value": 1}, headers=agent | headers)
    if address == "/articles/1/read/":
        assert not ReadCount.objects.exists()
    else:
        assert answer.status_code == 403
