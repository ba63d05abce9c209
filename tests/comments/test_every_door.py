"""Every address under /moderation/ is for moderators alone, is cached nowhere, asks for a CSRF
token, writes nothing on GET, and says of what does not exist that it does not."""

import re

import pytest
from django.apps import apps
from django.core import serializers
from django.test import Client
from django.urls import reverse

from comments import urls
from comments.models import Mention, Objection, Report
from comments.models.states import Verb
from comments.writer_record import look_up
from tests import factories

# The feed is for whoever knows its address, the corner is empty for everybody else.
OTHERS = {"notice_feed", "corner"}
DOORS = [
    route
    for route in urls.urlpatterns
    if str(route.pattern).startswith("moderation/") and route.name not in OTHERS
]
UNKNOWN = 987_654

pytestmark = pytest.mark.once


def build_address(route, **values):
    """Return the address of a door; what it needs and is not given is unknown."""
    names = re.findall(r"<\w+:(\w+)>", str(route.pattern))
    unknown = {"verb": "unknown", "kind": "unknown", "key": str(UNKNOWN)}
    return reverse(
        f"comments:{route.name}",
        kwargs={name: values.get(name, unknown.get(name, UNKNOWN)) for name in names},
    )


def dump_rows():
    """Everything in the tables of the comments."""
    models = apps.get_app_config("comments").get_models()
    return [serializers.serialize("json", model._base_manager.order_by("pk")) for model in models]


@pytest.mark.django_db
def test_nobody_else_is_admitted():
    client, editor = Client(), Client()
    editor.force_login(factories.user("editor", "articles.publish_article", is_staff=True))
    for door in DOORS:
        address = build_address(door)
        for method in ("get", "post"):
            answer = getattr(client, method)(address)
            assert answer.status_code == 302 and "/login/" in answer["Location"], address
            assert getattr(editor, method)(address).status_code == 403, address


def test_what_does_not_exist_is_no_error_and_nothing_is_cached(moderator):
    for door in DOORS:
        address = build_address(door)
        for method in ("get", "post"):
            answer = getattr(moderator, method)(address)
            assert answer.status_code < 500, address
            assert {"private", "no-store"} <= set(answer["Cache-Control"].split(", ")), address


def test_a_form_needs_its_token(db):
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.moderator())
    for door in DOORS:
        assert client.post(build_address(door)).status_code == 403, door.name


def test_a_page_that_is_opened_writes_nothing(moderator, article):
    comment = factories.comment(article, reader=factories.reader(), state="held")
    act = look_up(comment, Verb.LOOKUP, by=moderator.user, note="似た名前")
    Report.objects.create(comment=comment, reason="spam", reporter="x")
    objection = Objection.objects.create(comment=comment, text="なぜ")
    Mention.objects.create(article=article, title="他紙", state="held")
    moderator.get("/moderation/")  # makes the network key of the week
    acts = dict.fromkeys(("lookup_result", "action", "undo", "take_back", "quoting"), act.pk)
    keys = acts | {"objection": objection.pk}
    places = {"article_id": article.pk, "key": comment.pk, "verb": "remove", "kind": "mode"}
    before = dump_rows()
    for door in DOORS:
        moderator.get(build_address(door, pk=keys.get(door.name, comment.pk), **places))
    assert dump_rows() == before
