"""Links that show an article before it is public, to whoever knows one, until a set moment.

The database keeps a hash of the secret in the address, so nobody reads the addresses from it.
"""

import secrets
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LENGTH = 32  # random bytes of a secret
KEPT = timedelta(days=30)  # how long the list shows a link that has ended
NOTED = timedelta(minutes=1)  # uses within it are noted once


def hash_secret(secret):
    return sha256(secret.encode(errors="surrogatepass")).hexdigest()


class ShareLinkQuerySet(models.QuerySet):
    def make(self, article, *, by, days):
        """Return a new link to an article and its secret, which nothing can read again."""
        now = timezone.now()
        self.filter(article=article, expires_at__lt=now - KEPT).delete()
        secret = secrets.token_urlsafe(LENGTH)
        link = self.create(
            article=article,
            secret_hash=hash_secret(secret),
            made_by=by,
            expires_at=now + timedelta(days=days),
        )
        return link, secret

    def find(self, secret):
        """Return the link with a secret, also one that has ended, or None."""
        return self.select_related("article").filter(secret_hash=hash_secret(secret)).first()

    def revoke(self):
        """End links that have not been ended before."""
        return self.filter(revoked_at=None).update(revoked_at=timezone.now())


class ShareLink(models.Model):
    """A link to one article. It ends at its moment, when somebody revokes it, when the article is
    put into the trash, and when readers see the article."""

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="share_links", verbose_name=_("article")
    )
    secret_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)

    objects = ShareLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("share link")
        verbose_name_plural = _("share links")
        default_permissions = ()
        ordering = ["-made_at", "-pk"]

    def __str__(self):
        return str(self.article)

    @property
    def is_over(self):
        """Whether the link shows its article no more. One that was public since the link was made
        is not shown again, even if it is a draft now."""
        now, published_at = timezone.now(), self.article.published_at
        was_public = published_at is not None and self.made_at <= published_at <= now
        is_over = self.revoked_at is not None or self.expires_at <= now
        return is_over or was_public or self.article.is_trashed or self.article.is_expired

    def note_use(self):
        """Note that somebody has used the link."""
        now = timezone.now()
        if self.used_at is None or self.used_at < now - NOTED:
            type(self).objects.filter(pk=self.pk).update(used_at=now)
