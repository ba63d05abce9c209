"""The staff as it signs in: members of the groups that every site has."""

from django.contrib.auth.models import Group
from django.test import Client

from tests import factories


def member(name, *groups, **fields):
    """A staff member in these groups."""
    made = factories.user(name, is_staff=True, **fields)
    made.groups.set(Group.objects.filter(name__in=groups))
    return made


def writer(name="writer"):
    return member(name, "Writer", display_name="記者")


def editor(name="editor"):
    return member(name, "Editor", display_name="編集")


def moderator(name="moderator"):
    return member(name, "Moderator", display_name="司会")


def browser_of(user):
    """A client in which this user is signed in; it speaks Japanese."""
    client = Client(headers={"accept-language": "ja"})
    client.force_login(user)
    client.user = user
    return client
