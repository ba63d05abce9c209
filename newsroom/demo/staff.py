"""The demo logins: one of each role."""

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group


def enrol(member):
    """Return (user, whether it is new). A login that exists already is left as it is."""
    users = get_user_model().objects
    user = users.filter(username=member.login).first()
    if user:
        return user, False
    user = users.create_user(
        member.login,
        password=member.password,
        display_name=member.display_name,
        is_staff=True,
        is_superuser=member.is_superuser,
    )
    if member.group:
        user.groups.add(Group.objects.get(name=member.group))
    return user, True
