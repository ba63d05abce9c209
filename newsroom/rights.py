"""Logs each change of the rights of the staff, and who made it in the admin."""

import logging
from contextlib import contextmanager

from django.contrib.auth.models import Group, Permission
from django.db.models.signals import m2m_changed, post_delete, post_save, pre_save
from simple_history.models import HistoricalRecords

from newsroom.models import User

NEW_USER = {"is_active": True, "is_staff": False, "is_superuser": False}
FLAGS = tuple(NEW_USER)
LINKS = (User.groups.through, User.user_permissions.through, Group.permissions.through)
VERBS = {"post_add": "gets", "post_remove": "loses", "pre_clear": "loses each"}

logger = logging.getLogger("newsroom.security")


def watch_rights():
    for link in LINKS:
        m2m_changed.connect(_log_links, sender=link)
    pre_save.connect(_remember_flags, sender=User)
    post_save.connect(_log_flags, sender=User)
    post_delete.connect(_log_deletion, sender=User)


@contextmanager
def log_no_rights():
    """Log nothing: for the logins of the demo, which it prints."""
    logger.disabled = True
    try:
        yield
    finally:
        logger.disabled = False


def _log_links(sender, instance, action, model, pk_set, **kwargs):
    if action not in VERBS or pk_set == set():
        return
    linked = model.objects.filter(pk__in=pk_set) if pk_set else []
    names = ", ".join(sorted(map(_name, linked))) or model._meta.model_name
    log_change(f"{_name(instance)} {VERBS[action]} {names}")


def _remember_flags(sender, instance, update_fields, **kwargs):
    before = NEW_USER | {"is_active": instance.is_active}  # an author that an import adds has none
    if update_fields is not None and not set(FLAGS) & set(update_fields):
        before = _read_flags(instance)
    elif not instance._state.adding:
        before = User.objects.filter(pk=instance.pk).values(*FLAGS).first() or NEW_USER
    instance.flags_before = before


def _log_flags(sender, instance, **kwargs):
    before, after = instance.flags_before, _read_flags(instance)
    for flag in FLAGS:
        if before[flag] != after[flag]:
            log_change(f"{_name(instance)} {'gets' if after[flag] else 'loses'} {flag}")


def _log_deletion(sender, instance, **kwargs):
    log_change(f"{_name(instance)} is deleted")


def _read_flags(user):
    return {flag: getattr(user, flag) for flag in FLAGS}


def _name(row):
    """Return what a row is in the log; a user is a number."""
    label = {Group: "name", Permission: "codename"}.get(type(row), "pk")
    return f"{row._meta.model_name} {getattr(row, label)}"


def log_change(change):
    """Log a change of a person's rights or second factor, and who made it."""
    request = getattr(HistoricalRecords.context, "request", None)
    user = getattr(request, "user", None)
    by = f"user {user.pk}" if user and user.pk else "a command"
    logger.info("Rights: %s (by %s)", change, by)
