"""The demo logins: one of each role."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group


@dataclass(frozen=True)
class Member:
    """A demo login. The passwords are no secret: they are printed."""

    login: str
    names: dict  # by language
    group: str
    is_superuser: bool = False

    @property
    def display_name(self):
        return self.names[settings.LANGUAGE_CODE]

    @property
    def password(self):
        return f"{self.login}-of-kowan-shinpo"


STAFF = [
    Member("writer", {"ja": "早瀬ちとせ", "en": "Orla Penhale"}, "Writer"),
    Member("editor", {"ja": "鷹野伊織", "en": "Tobias Marsh"}, "Editor"),
    Member("moderator", {"ja": "三澄ことは", "en": "Ines Calloway"}, "Moderator"),
    Member("admin", {"ja": "波多江修", "en": "Ruth Okafor"}, "", is_superuser=True),
]


def find_or_create_user(member):
    """Return the member's user. A login that exists is left as it is."""
    users = get_user_model().objects
    user = users.filter(username=member.login).first()
    if user is None:
        user = users.create_user(
            member.login,
            password=member.password,
            display_name=member.display_name,
            is_staff=True,
            is_superuser=member.is_superuser,
        )
        if member.group:
            user.groups.add(Group.objects.get(name=member.group))
    return user
