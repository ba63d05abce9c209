"""Keys to the moderators' feed: secrets in its addresses."""

import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.crypto import constant_time_compare

from articles.web.paging import read_integer
from comments.models.comment import MODERATE
from comments.models.moderators import list_moderators

LENGTH = 32  # random bytes


class FeedKeyQuerySet(models.QuerySet):
    def renew(self, moderator):
        """Give a moderator a new secret; the address with the old one is void."""
        values = {"secret": secrets.token_urlsafe(LENGTH), "created_at": timezone.now()}
        return self.update_or_create(moderator=moderator, defaults=values)[0]

    def find(self, token):
        """Return the key of an active moderator with this token, or None."""
        pk, _hyphen, secret = token.partition("-")
        keys = self.select_related("moderator").filter(moderator=read_integer(pk))
        key = keys.first()
        if not key or not constant_time_compare(secret, key.secret):
            return None
        return key if key.moderator.is_active and key.moderator.has_perm(MODERATE) else None

    def revoke_lost(self):
        """Delete the keys of users who may no longer moderate. A user who regains the permission
        makes a new key."""
        self.exclude(moderator__in=list_moderators().order_by()).delete()


class FeedKey(models.Model):
    """The random secret of one moderator's feed. Whoever knows it can read the feed."""

    moderator = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    secret = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    objects = FeedKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "feed key"

    def __str__(self):
        return str(self.moderator)

    @property
    def token(self):
        return f"{self.moderator_id}-{self.secret}"
