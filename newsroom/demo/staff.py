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


@dataclass(frozen=True)
class Profile:
    """What readers see of a member on their page, each text by language. The portrait has the
    name of the login."""

    login: str
    roles: dict
    lines: dict
    mail: str

    @property
    def role(self):
        return self.roles[settings.LANGUAGE_CODE]

    @property
    def line(self):
        return self.lines[settings.LANGUAGE_CODE]


PROFILES = [
    Profile(
        "writer",
        {"ja": "記者 港と通信、離島", "en": "Reporter, harbour and islands"},
        {
            "ja": "瀬凪港の岸壁を毎朝歩いて出勤する。海底の線と、島の医療を追って九年。",
            "en": "Walks to work along the quay. Nine years on seabed cables and island clinics.",
        },
        "writer@example.com",
    ),
    Profile(
        "editor",
        {"ja": "編集デスク", "en": "Editor"},
        {
            "ja": "見出しは十五字、数字は二度確かめる。日曜は路面電車に乗る。",
            "en": "Counts every figure twice and takes the tram on Sundays.",
        },
        "editor@example.com",
    ),
]

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
