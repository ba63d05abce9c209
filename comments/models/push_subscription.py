"""Web Push: where a reader's browser wants to be told of answers (RFC 8030)."""

from django.db import models
from django.utils import timezone

MOST = 10  # browsers of a reader


class PushSubscriptionQuerySet(models.QuerySet):
    def add(self, reader, *, endpoint, p256dh, auth):
        """Add the browser of a reader, or renew its keys; the oldest of too many goes."""
        values = {"reader_hash": reader.hash, "p256dh": p256dh, "auth": auth}
        added = self.update_or_create(endpoint=endpoint, defaults=values)[0]
        own = self.filter(reader_hash=reader.hash).order_by("-pk")
        self.filter(pk__in=list(own.values_list("pk", flat=True)[MOST:])).delete()
        return added


class PushSubscription(models.Model):
    """One browser of a reader. ``p256dh`` and ``auth`` are its keys (RFC 8291), in base64url."""

    reader_hash = models.CharField(max_length=64)
    endpoint = models.CharField(max_length=1_000)
    p256dh = models.CharField(max_length=100)
    auth = models.CharField(max_length=40)
    created_at = models.DateTimeField(default=timezone.now)

    objects = PushSubscriptionQuerySet.as_manager()

    class Meta:
        verbose_name = "push subscription"
        indexes = [models.Index(fields=["reader_hash"], name="push_reader")]
        constraints = [models.UniqueConstraint(fields=["endpoint"], name="push_endpoint_once")]

    def __str__(self):
        return f"{self.reader_hash[:8]}: {self.endpoint[:40]}"
