"""The keys under which networks are hashed."""

import secrets
from datetime import timedelta

from django.core.cache import cache
from django.db import models
from django.utils import timezone


class NetworkKey(models.Model):
    """The key of a week. Once it is deleted nobody can tell which network a hash stood for."""

    week = models.CharField(max_length=8, unique=True)
    key = models.CharField(max_length=64)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "network key"

    def __str__(self):
        return self.week

    @classmethod
    def current(cls):
        """Return the key of this week (ISO 8601), made at its first use; kept in the cache."""
        year, week, _day = timezone.now().isocalendar()
        name = f"{year}-{week:02d}"
        return cache.get_or_set(
            f"network-key:{name}",
            lambda: (
                cls.objects.get_or_create(week=name, defaults={"key": secrets.token_hex(32)})[0].key
            ),
            timeout=timedelta(hours=1).total_seconds(),
        )
