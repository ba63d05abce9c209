"""A number that no column takes, or none, is a fault of the request, at every door."""

import logging
from urllib.parse import urlencode

import pytest
from django.contrib import admin
from django.db import DataError, connection, models, transaction
from django.test import Client, RequestFactory

from comments.models import Comment
from newsroom.number_faults import is_number_fault
from tests import factories
from tests.comments.conftest import HERE
from tests.reading import parsed

pytestmark = pytest.mark.django_db

HUGE = "9" * 19
NUMBERS = (HUGE, f"-{HUGE}", "9" * 40, "9_" * 18 + "9", "٩" * 19)
ACTIONS = ["delete_selected"]
NUMBERED = (
    *("/comments/{}/", "/threads/{}/comments/", "/threads/{}/feed/", "/moderation/threads/{}/"),
    *("/moderation/comments/{}/history/", "/comments/{}/vote/", "/articles/{}/read/"),
    *("/admin/articles/article/{}/change/", "/admin/articles/article/{}/history/"),
    *("/admin/articles/category/{}/delete/", "/admin/comments/comment/{}/change/"),
    *("/moderation/comments/{}/remove/", "/moderation/writers/?before={}"),
    *("/admin/articles/article/?p={}", "/admin/articles/article/?o={}", "/articles/ship/?page={}"),
    *("/threads/1/comments/inline/?parent={}", "/moderation/?act={}", "/search/?page={}"),
    *("/moderation/ledger/?before={}&article=1", "/?p={}", "/?page_id={}", "/?cat={}"),
    *("/admin/articles/article/?published_at__year={}", "/admin/?published_at__gte={}"),
)


@pytest.fixture
def staff_client():
    sender = Client(raise_request_exception=False)
    sender.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    return sender


@pytest.fixture
def errors(caplog, monkeypatch):
    """What the log holds as an error."""
    monkeypatch.setattr(logging.root.manager, "disable", logging.NOTSET)
    return lambda: [record for record in caplog.records if record.levelno >= logging.ERROR]


def answer(client, method, path, fields=()):
    """Return an answer that is no failure, in a transaction of its own as on the site."""
    encoded = urlencode(fields)
    with transaction.atomic():
        got = client.generic(method, path, encoded, "application/x-www-form-urlencoded", **HERE)
        assert got.status_code < 500, (method, path, encoded)
        transaction.set_rollback(True)  # PostgreSQL refuses all else after an error
    return got


def list_filters():
    """Return the addresses of the admin's lists with each relation in the query."""
    return [
        f"/admin/{model._meta.app_label}/{model._meta.model_name}/?{field.name}={{}}"
        for model in admin.site._registry
        for field in (*model._meta.concrete_fields, *model._meta.many_to_many)
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
    ]


def test_a_list_of_the_admin_refuses_it_in_our_words(staff_client, errors):
    factories.category()
    got = answer(staff_client, "GET", f"/admin/articles/category/?parent={HUGE}")
    if connection.vendor == "postgresql":  # compares any numbers: none is equal
        assert got.status_code == 200
        return
    assert got.status_code == 400
    assert got["Cache-Control"] == "private, no-store"
    assert parsed(got).xpath("//main//form[@role='search']")
    assert errors() == []


def test_no_filter_of_the_admin_fails(staff_client, errors):
    paths = list_filters()
    assert len(paths) > 20
    for count, path in enumerate(paths):
        answer(staff_client, ("GET", "HEAD")[count % 2], path.format(NUMBERS[count % 5]))
    assert errors() == []


def test_no_address_with_a_number_fails(staff_client, errors):
    factories.article(slug="ship")
    for count, path in enumerate(NUMBERED):
        for method in ("GET", "POST"):
            number = NUMBERS[count % 2]
            answer(staff_client, method, path.format(number), {"value": number})
    assert errors() == []


@pytest.mark.slow
@pytest.mark.parametrize("choice", [HUGE, "1.5", "x'\"", "[", "12\n"])
def test_no_action_of_the_admin_fails(staff_client, errors, choice):
    factories.comment(factories.article())
    for model, page in admin.site._registry.items():
        path = f"/admin/{model._meta.app_label}/{model._meta.model_name}/"
        for action in page.actions or ACTIONS:
            fields = {"action": getattr(action, "__name__", action), "_selected_action": choice}
            answer(staff_client, "POST", path, {**fields, "index": "0"})
            answer(staff_client, "POST", path, {**fields, "post": "yes", "index": choice})
    assert errors() == []


def test_no_field_of_a_form_fails(staff_client, errors):
    names = ("category", "other_categories", "author", "related", "picture", "tags", "lead_image")
    for name in names:
        fields = {"title": "a", "slug": "a", name: HUGE}
        answer(staff_client, "POST", "/admin/articles/article/add/", fields)
    answer(staff_client, "POST", "/admin/articles/category/add/", {"name": "a", "parent": HUGE})
    answer(staff_client, "POST", "/admin/newsroom/user/add/", {"groups": HUGE})
    assert errors() == []


def test_what_the_database_refuses_to_store_is_a_fault_of_the_request():
    comment = factories.comment(factories.article())
    with pytest.raises((OverflowError, DataError)) as caught, transaction.atomic():
        Comment.objects.filter(pk=comment.pk).update(imported_score=2**63)
    assert is_number_fault(caught.value, RequestFactory().post("/", {"score": str(2**63)}))


@pytest.mark.parametrize("path", ["/", "/comments/12/", "/?page=1234"])
def test_an_overflow_without_such_a_number_stays_an_error(path):
    assert not is_number_fault(OverflowError(), RequestFactory().get(path))
    assert is_number_fault(OverflowError(), RequestFactory().get(f"{path}?parent={HUGE}"))


def test_a_fault_of_another_kind_stays_an_error():
    request = RequestFactory().get(f"/?parent={HUGE}")
    assert not is_number_fault(ValueError(HUGE), request)
    assert not is_number_fault(ValueError("Field 'id' expected a number but got 'x'."), request)
    assert not is_number_fault(DataError("value too long"), request)
