"""Where the numbers of trees come from."""

from django.db import models


class TreeNumber(models.Model):
    """A tree's number (mptt's ``tree_id``), given out by the database's own sequence.

    Two writers never get the same one and never wait for each other, which ``MAX + 1`` cannot
    promise. A number is never given twice.
    """

    class Meta:
        verbose_name = "tree number"

    def __str__(self):
        return str(self.pk)

    @classmethod
    def take(cls, count=1):
        """Return ``count`` fresh numbers, ascending."""
        return sorted(row.pk for row in cls.objects.bulk_create([cls() for _ in range(count)]))
