"""The demo logins: one of each role."""

from dataclasses import dataclass

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group


@dataclass(frozen=True)
class Member:
    """A demo login. The passwords are no secret: they are printed."""

    login: str
    display_name: str
    group: str
    is_superuser: bool = False

    @property
    def password(self):
        return f"{self.login}-of-kowan-shinpo"


STAFF = [
    Member("writer", "早瀬ちとせ", "Writer"),
    Member("editor", "鷹野伊織", "Editor"),
    Member("moderator", "三澄ことは", "Moderator"),
    Member("admin", "波多江修", "", is_superuser=True),
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
