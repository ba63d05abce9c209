"""A group that must have a second factor does not lose that with its name."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from tests import factories
from tests.reading import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def admin(settings):
    settings.SECOND_FACTOR_GROUPS = ["editor", "superusers-of-another-paper"]
    client = Client()
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def group():
    return Group.objects.get(name="Editor")


def rename(client, group, name):
    answer = client.post(f"/admin/auth/group/{group.pk}/change/", {"name": name})
    group.refresh_from_db()
    return answer


def test_a_new_name_is_refused_with_the_setting(admin, group):
    answer = rename(admin, group, "Desk")
    assert group.name == "Editor"
    assert "SECOND_FACTOR_GROUPS" in parsed(answer).text_content()


def test_another_spelling_of_the_same_name_is_taken(admin, group):
    assert rename(admin, group, "EDITOR").status_code == 302
    assert group.name == "EDITOR"


def test_other_groups_and_permissions_change_as_before(admin, group):
    writers = Group.objects.get(name="Writer")
    assert rename(admin, writers, "Reporter").status_code == 302
    assert writers.name == "Reporter"
    assert rename(admin, group, "Editor").status_code == 302
    assert not group.permissions.exists()


def test_it_cannot_be_deleted(admin, group):
    assert admin.post(f"/admin/auth/group/{group.pk}/delete/", {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": group.pk, "post": "yes"}
    admin.post("/admin/auth/group/", chosen)
    assert Group.objects.filter(name="Editor").exists()
    writers = Group.objects.get(name="Writer")
    assert admin.post(f"/admin/auth/group/{writers.pk}/delete/", {"post": "yes"}).status_code == 302
