"""The users who may moderate."""

from django.contrib.auth import get_user_model

from comments.models.comment import MODERATE

BACKEND = "django.contrib.auth.backends.ModelBackend"


def list_moderators():
    """Return the active users who may moderate."""
    return get_user_model().objects.with_perm(MODERATE, backend=BACKEND).order_by("pk")


def has_other_moderators(user):
    """Whether somebody else than a user, or None, may moderate."""
    return list_moderators().exclude(pk=user and user.pk).exists()
