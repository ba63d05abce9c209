"""Who must have a second factor: ``settings.SECOND_FACTOR_GROUPS``."""

from django.conf import settings
from django.db.models.signals import m2m_changed, post_save

from newsroom.models import User
from newsroom.second_factor.devices import is_enrolled

SUPERUSERS = "superusers"  # stands for all superusers, who need no group


def requires_second_factor(user):
    wanted = {name.casefold() for name in settings.SECOND_FACTOR_GROUPS}
    if user.is_superuser and SUPERUSERS in wanted:
        return True
    return bool(wanted) and any(group.name.casefold() in wanted for group in user.groups.all())


def requires_of_group(name):
    """Return whether the settings name this group."""
    return name.casefold() in {wanted.casefold() for wanted in settings.SECOND_FACTOR_GROUPS}


def asks_for_second_factor(user):
    """Return whether a right password is not enough."""
    return is_enrolled(user) or requires_second_factor(user)


def watch_requirements():
    """End the sessions of those who get a group that requires what they do not have."""
    m2m_changed.connect(_check_links, sender=User.groups.through)
    post_save.connect(_check_user, sender=User)


def _check_links(sender, instance, action, reverse, pk_set, **kwargs):
    if action == "post_add" and settings.SECOND_FACTOR_GROUPS:
        for user in User.objects.filter(pk__in=pk_set) if reverse else [instance]:
            _end_unprotected(user)


def _check_user(sender, instance, created, update_fields, **kwargs):
    may_be_new = update_fields is None or "is_superuser" in update_fields
    if settings.SECOND_FACTOR_GROUPS and not created and may_be_new and instance.is_superuser:
        _end_unprotected(instance)


def _end_unprotected(user):
    if requires_second_factor(user) and not is_enrolled(user):
        user.end_sessions()
