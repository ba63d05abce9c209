"""A comment of the staff stays one: its writer's account is deactivated, not deleted."""

import pytest
from django.db.models import ProtectedError
from django.test import Client

from comments.models import Comment
from newsroom.models import User
from tests import factories, staff
from tests.reading import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def article():
    return factories.article(slug="ship")


@pytest.fixture
def writer(article):
    """An editor who has written a comment under the badge of the staff."""
    writer = staff.editor()
    factories.comment(article, staff=writer)
    return writer


def has_badge(client):
    page = parsed(client.get("/articles/ship/"))
    return bool(page.xpath("//*[contains(@class, 'comment__badge--staff')]"))


def test_an_account_with_comments_is_not_deleted(client, writer):
    admin = Client()
    admin.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    admin.post(f"/admin/newsroom/user/{writer.pk}/delete/", {"post": "yes"})
    assert User.objects.filter(pk=writer.pk).exists()
    with pytest.raises(ProtectedError):
        writer.delete()
    assert has_badge(client)


def test_a_deactivated_account_leaves_its_badge(client, writer):
    writer.is_active = writer.is_staff = False
    writer.save()
    assert has_badge(client)


def test_an_account_without_comments_is_deleted(writer):
    other = staff.editor("other")
    other.delete()
    assert Comment.objects.filter(staff=writer).exists()
