"""Every address under /moderation/ is for moderators alone, is cached nowhere, asks for a CSRF
token, writes nothing on GET, and says of what does not exist that it does not."""

import re
from datetime import timedelta
from urllib.parse import unquote

import pytest
from django.apps import apps
from django.contrib import admin
from django.core import mail, serializers
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from comments import urls
from comments.bans import ban_reader
from comments.digests import send_urgent
from comments.erasing import request_erasure
from comments.models import FeedKey, Measure, Mention, Objection, Report
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


HIDDEN = {
    "draft": {"status": "draft"},
    "in review": {"status": "review"},
    "scheduled": {"published_at": timezone.now() + timedelta(days=30)},
}


@pytest.mark.django_db
@pytest.mark.parametrize("hidden", HIDDEN.values(), ids=HIDDEN)
def test_no_page_names_an_article_that_is_not_public(moderator, hidden):
    """Neither its headline nor its address; nor does the admin, the feed or a mail."""
    article = factories.article(title="極秘の見出し", slug="gokuhi-no-slug", lead="極秘の前文")
    own = factories.reader("own")
    comment = factories.comment(article, text="秘密の記事への意見です", reader=own)
    held = factories.comment(article, text="待つ意見", state="held", parent=comment)
    factories.comment(article, text="> 秘密の記事への意見です\nそうだ")
    act = look_up(comment, Verb.LOOKUP, by=moderator.user, note="似た名前")
    Report.objects.create(comment=comment, reason="spam", reporter="x")
    request_erasure(held, by=moderator.user, reason="privacy", note="申し立て")
    objection = Objection.objects.create(comment=held, text="なぜ")
    Mention.objects.create(article=article, title="他紙", state="held")
    Measure.take(Verb.LOCK, by=moderator.user, comment=comment)
    Measure.take(Verb.MODE, by=moderator.user, thread=comment.thread, value="held")
    ban_reader(comment, by=moderator.user, days=7, reason="abuse")
    removal = comment.prune(by=moderator.user, reason="privacy")
    FeedKey.objects.renew(moderator.user)
    Article.objects.filter(pk=article.pk).update(**hidden)
    keys = dict.fromkeys(("action", "undo", "take_back", "quoting"), removal.pk)
    keys |= {"lookup_result": act.pk, "objection": objection.pk}
    places = {"article_id": article.pk, "key": comment.pk, "verb": "remove", "kind": "mode"}
    addresses = [
        build_address(door, pk=keys.get(door.name, comment.pk), **places) for door in DOORS
    ]
    addresses += [
        f"/moderation/search/?q=秘密の記事&article={article.pk}",
        "/moderation/log/?kind=people",
        f"/moderation/feed/{FeedKey.objects.get().token}/",
        *(f"/moderation/?view=list&kind={kind}" for kind in ("held", "objections", "mentions")),
        *(f"/moderation/?entry={pk}" for pk in (comment.pk, held.pk)),
        f"/moderation/erasures/{held.erasures.get().pk}/confirm/",
        *list_admin_addresses(),
    ]
    seen = 0
    for address in addresses:
        page = moderator.get(address, follow=True)
        seen += page.status_code == 200
        if address.endswith("の見出し") and page.status_code == 200:
            assert page.context["cl"].result_count == 0, address
        for secret in ("極秘", "gokuhi"):
            assert secret not in unquote(page.content.decode()), address
    assert seen > 40
    moderator.user.email = "moderator@example.com"
    moderator.user.save()
    send_urgent(timezone.now() + timedelta(days=2))
    assert mail.outbox and not any("極秘" in letter.body for letter in mail.outbox)


def list_admin_addresses():
    """The lists and pages of the comments' admin, also those that search and filter."""
    for model in admin.site._registry:
        if model._meta.app_label == "comments":
            path = reverse(f"admin:comments_{model._meta.model_name}_changelist")
            yield from (path, f"{path}?q=の見出し")
            yield from (f"{path}{row.pk}/change/" for row in model._base_manager.all())


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
