"""Changes of rights are in the log, with who made them."""

import logging

import pytest
from django.contrib.auth.models import Group, Permission

from tests import factories
from tests.staff import browser_of, editor

pytestmark = pytest.mark.django_db


@pytest.fixture
def lines(caplog):
    """Return the lines about rights since the last call."""
    caplog.set_level(logging.INFO, "newsroom.security")

    def read():
        found = [record.getMessage() for record in caplog.records if "Rights" in record.msg]
        caplog.clear()
        return found

    return read


def test_a_change_in_the_admin_names_the_admin(lines):
    chief = factories.user("chief", is_staff=True, is_superuser=True)
    user, browser = editor(), browser_of(chief)
    group = Group.objects.get(name="Moderator")
    lines()
    form = {"username": "editor", "is_active": "on", "groups": [group.pk], "email": ""}
    form |= {"date_joined_0": "2026-01-01", "date_joined_1": "00:00"}
    assert browser.post(f"/admin/newsroom/user/{user.pk}/change/", form).status_code == 302
    assert lines() == [
        f"Rights: user {user.pk} loses is_staff (by user {chief.pk})",
        f"Rights: user {user.pk} loses group Editor (by user {chief.pk})",
        f"Rights: user {user.pk} gets group Moderator (by user {chief.pk})",
    ]


def test_a_change_by_a_command_is_logged(lines):
    user = factories.user("chief", is_superuser=True)
    created = lines()
    assert f"Rights: user {user.pk} gets is_superuser (by a command)" in created
    permission = Permission.objects.get(codename="publish_article")
    user.user_permissions.add(permission)
    Group.objects.get(name="Writer").permissions.add(permission)
    assert lines() == [
        f"Rights: user {user.pk} gets permission publish_article (by a command)",
        "Rights: group Writer gets permission publish_article (by a command)",
    ]
    user.groups.clear()
    number = user.pk
    user.delete()
    assert lines() == [
        f"Rights: user {number} loses each group (by a command)",
        f"Rights: user {number} is deleted (by a command)",
    ]


def test_an_author_whom_an_import_adds_loses_nothing(lines):
    author = factories.user("author", is_active=False)
    assert lines() == []
    author.is_active = True
    author.save()
    assert lines() == [f"Rights: user {author.pk} gets is_active (by a command)"]


def test_a_login_changes_no_rights(lines, django_assert_num_queries):
    user = factories.user("chief")
    lines()
    with django_assert_num_queries(1):
        user.save(update_fields=["last_login"])
    assert lines() == []
