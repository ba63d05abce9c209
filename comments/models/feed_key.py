"""Keys to the feeds of the staff: secrets in their addresses."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from articles.web.paging import read_integer
from comments.models.comment import MODERATE
from comments.models.moderators import list_moderators

LENGTH = 32  # random bytes


def draw_secret():
    return secrets.token_urlsafe(LENGTH)


class FeedSecretQuerySet(models.QuerySet):
    def renew(self, owner):
        """Give a user a new secret; the address with the old one is void."""
        values = {"secret": draw_secret(), "created_at": timezone.now()}
        return self.update_or_create(owner=owner, defaults=values)[0]

    def find(self, token):
        """Return the row with this token, or None. Its owner must be active and have the right."""
        pk, _hyphen, secret = token.partition("-")
        row = self.select_related("owner").filter(owner=read_integer(pk)).first()
        if not row or not constant_time_compare(secret, row.secret):
            return None
        return row if row.owner.is_active and row.owner.has_perm(self.model.permission) else None


class FeedSecret(models.Model):
    """The random secret of one user's feed. Whoever knows it can read the feed."""

    permission = ""  # what the owner of a feed must have

    owner = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    secret = models.CharField(max_length=64, default=draw_secret)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        abstract = True

    def __str__(self):
        return str(self.owner)

    @property
    def token(self):
        return f"{self.owner_id}-{self.secret}"


class FeedKeyQuerySet(FeedSecretQuerySet):
    def revoke_lost(self):
        """Delete the keys of users who may no longer moderate. A user who regains the permission
        makes a new key."""
        self.exclude(owner__in=list_moderators().order_by()).delete()


class FeedKey(FeedSecret):
    """The key of one moderator's feed."""

    permission = MODERATE

    objects = FeedKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "feed key"
