"""No request makes the site fail, whoever sends it."""

import contextlib
import logging
import traceback

import pytest
from django.core.cache import caches
from django.db import transaction
from django.test import Client
from django.test import client as django_client

from newsroom.whole_requests import WholeRequest
from tests import factories
from tests.newsroom.fuzz.addresses import list_templates
from tests.newsroom.fuzz.requests import Generator, Request
from tests.pictures import stored_once

ROUND = 40  # requests by one sender, after which all is as it was


class Undo(Exception):
    """Ends a transaction without keeping anything."""


@pytest.fixture
def site(db, monkeypatch, settings):
    """The values that the parameters of addresses have on a small site."""
    settings.COMMENT_LIMITS = False
    monkeypatch.setattr(django_client, "WSGIRequest", WholeRequest)  # the server's
    monkeypatch.setattr(logging.root.manager, "disable", logging.CRITICAL)
    category = factories.category(slug="domestic")
    article = factories.article(slug="ship", category=category)
    article.tags.add("harbour")
    comment = factories.comment(article)
    answer = factories.comment(article, parent=comment)
    stored_once()
    return {
        "slug": ["ship", "domestic", "harbour"],
        "int": [article.pk, comment.pk, answer.pk, 999],
        "article_id": [article.pk],
        "str": ["ship", "2026", "1"],
        "path": ["1", "1/change", "library"],
        "year": ["2026"],
        "month": ["11", "01"],
        "name": ["articles", "comments"],
        "verb": ["remove", "restore", "prune", "publish", "hold", "undo"],
        "app_label": ["articles", "comments", "newsroom"],
        "url": ["articles/"],
    }


@pytest.mark.parametrize(
    "requests",
    [pytest.param(300, marks=pytest.mark.once), pytest.param(20_000, marks=pytest.mark.slow)],
    ids=["quick", "long"],
)
def test_no_request_ends_in_a_failure(site, requests):
    generator = Generator(requests, list_templates(), site)
    admin = factories.user("admin", is_staff=True, is_superuser=True)
    senders = [None, admin, factories.moderator(), admin, None, admin, factories.user("nobody")]
    learn_forms(generator, admin)
    failures, statuses = {}, {}
    for number in range(requests // ROUND):
        for request, answer in send_round(generator, senders[number % len(senders)]):
            kind = answer.status_code // 100
            statuses[kind] = statuses.get(kind, 0) + 1
            if kind == 5:
                failures.setdefault(name_failure(answer), request)
    assert not failures, "\n\n".join(f"{name}\n{request}" for name, request in failures.items())
    assert min(statuses[2], statuses[4]) > requests // 20, statuses  # it gets past the door


def send_round(generator, user):
    """Send some requests; undo what each left behind when all are answered."""
    client = Client(raise_request_exception=False)
    with contextlib.suppress(Undo), transaction.atomic():
        if user:
            client.force_login(user)
        for _ in range(ROUND):
            request = generator.make()
            yield request, send(request, client)
        raise Undo
    for cache in caches.all():
        cache.clear()


def send(request, client):
    """Return an answer. What a failure leaves of a transaction would make the next one fail."""
    try:
        with transaction.atomic():
            answer = request.send(client)
            if answer.streaming:
                b"".join(answer.streaming_content)
            if answer.status_code == 400 or answer.status_code >= 500:
                raise Undo
    except Undo:
        pass
    return answer


def learn_forms(generator, admin):
    client = Client(raise_request_exception=False)
    client.force_login(admin)
    for template in list_templates():
        path = generator.fill(template)
        answer = send(Request("GET", path), client)
        if answer.status_code == 200 and not answer.streaming:
            generator.learn(path, answer.content.decode(errors="replace"))


def name_failure(answer):
    """Return the exception and where it was raised."""
    if not answer.exc_info:
        return "no exception"
    return "".join(traceback.format_exception(answer.exc_info[1])[-12:])
