"""The keys under which networks are hashed."""

import hmac
import secrets
from datetime import UTC, timedelta

from django.core.cache import cache
from django.db import models
from django.utils import timezone


class NetworkKeyQuerySet(models.QuerySet):
    def outdated(self, *, before):
        """Return the keys created before a moment, without the one in use."""
        return self.filter(created_at__lt=before).exclude(week=NetworkKey.this_week())


class NetworkKey(models.Model):
    """The key of a week. Once it is deleted, no hash can be traced to its network."""

    week = models.CharField(max_length=8, unique=True)
    key = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    objects = NetworkKeyQuerySet.as_manager()

    class Meta:
        verbose_name = "network key"

    def __str__(self):
        return self.week

    @classmethod
    def this_week(cls):
        """Return the name of this week."""
        return cls.name_week(timezone.now())

    @staticmethod
    def name_week(at):
        """Return the name of the week of a moment (ISO 8601, in UTC)."""
        year, week, _day = at.astimezone(UTC).isocalendar()
        return f"{year}-{week:02d}"

    @classmethod
    def derive(cls, purpose):
        """Return the key of this week for a purpose, in bytes. Without the key of the week, the
        hashes of one purpose cannot be matched with those of another."""
        return _derive_key(cls._load_current(), purpose)

    @classmethod
    def derive_past(cls, purpose, at):
        """Return the key for a purpose in the week of a moment; None if it is purged."""
        key = cls.objects.filter(week=cls.name_week(at)).values_list("key", flat=True).first()
        return key and _derive_key(key, purpose)

    @classmethod
    def _load_current(cls):
        """Return the key of this week in hex, created at its first use; cached."""
        name = cls.this_week()
        return cache.get_or_set(
            f"network-key:{name}",
            lambda: (
                cls.objects.get_or_create(week=name, defaults={"key": secrets.token_hex(32)})[0].key
            ),
            timeout=timedelta(hours=1).total_seconds(),
        )


def _derive_key(key, purpose):
    return hmac.digest(bytes.fromhex(key), purpose.encode(), "sha256")
