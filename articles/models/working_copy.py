"""Working copies: what an open form of an article holds, and who has it open.

A form saves its fields here every few seconds. A working copy is no revision and never public, and
only its user reads it. Saving the article deletes it.
"""

import json
from datetime import datetime, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

PRESENT = timedelta(seconds=60)  # after its last sign of life a form counts as closed
LONGEST = 2_000_000  # characters of the fields of one form
MOST = 40  # rows of one user
TITLE = 60  # characters of the title that a list of working copies shows
LONGEST_NAME = 40  # of a page
PREVIEWED = "preview-"  # begins the name of the page of a row that holds what a preview shows


def name_previewed(page):
    """Return the name of the row that holds what the preview of a form shows."""
    return f"{PREVIEWED}{page}"[:LONGEST_NAME]


class WorkingCopyQuerySet(models.QuerySet):
    def of_forms(self):
        """The rows of forms, without those that hold what a preview shows."""
        return self.exclude(page__startswith=PREVIEWED)

    def of_article(self, article):
        """The copies of an article, or those of new articles for None."""
        return self.of_forms().filter(article=article)

    def with_words(self):
        words = self.of_forms().filter(saved_at__isnull=False)
        return words.order_by("-saved_at", "-pk")

    def open_now(self):
        """The forms that somebody has open; ``WorkingCopy.is_open`` is the same rule."""
        return self.of_forms().filter(beat_at__gte=timezone.now() - PRESENT)

    def left(self):
        """The words of forms that are closed."""
        return self.with_words().exclude(beat_at__gte=timezone.now() - PRESENT)

    def older_than(self, moment):
        """The copies whose form gave no sign of life and saved nothing since a moment."""
        return self.filter(changed_at__lt=moment)

    def beat(self, *, user, article, page):
        """Note that a form is open. Return its row."""
        return self._write(user, article, page, {})

    def save_words(self, fields, *, user, article, page, base, of_change=False):
        """Store the fields of a form, as {name: [values]}, and the revision it started from.

        Raises ``ValidationError`` if they are too long.
        """
        if len(json.dumps(fields)) > LONGEST:
            raise ValidationError(_("The text is too long to be saved automatically."))
        now = timezone.now()
        values = {"fields": fields, "base": base, "saved_at": now, "of_change": of_change}
        return self._write(user, article, page, values)

    @transaction.atomic
    def _write(self, user, article, page, values):
        now = timezone.now()
        values |= {"beat_at": now, "changed_at": now}
        copy, is_new = self.update_or_create(
            user=user, page=page, defaults=values, create_defaults={"article": article, **values}
        )
        if is_new:
            self._trim(user)
        return copy

    def _trim(self, user):
        """Delete a user's rows without words whose forms are closed, and the oldest beyond MOST."""
        own = self.filter(user=user)
        own.filter(saved_at=None).exclude(beat_at__gte=timezone.now() - PRESENT).delete()
        kept = own.order_by("-changed_at", "-pk").values_list("pk", flat=True)[:MOST]
        own.exclude(pk__in=list(kept)).delete()

    def close(self, *, user, page):
        """Note that a form was closed. One without words leaves nothing behind."""
        self.filter(user=user, page=page, saved_at=None).delete()
        self.filter(user=user, page=page).update(beat_at=None)

    def discard(self, *, user, version):
        """Delete a user's copy unless its form has saved newer words since ``version``."""
        pk, _colon, moment = version.partition(":")
        try:
            saved_at = datetime.fromisoformat(moment)
            return self.filter(user=user, pk=int(pk), saved_at=saved_at).delete()[0]
        except (ValueError, OverflowError):
            return 0


class WorkingCopy(models.Model):
    """The fields of one open form of an article, or of a new article, in one tab."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    article = models.ForeignKey(
        "articles.Article", models.CASCADE, null=True, related_name="working_copies"
    )
    page = models.CharField(max_length=LONGEST_NAME)  # names the form
    fields = models.JSONField(default=dict)
    of_change = models.BooleanField(default=False)  # of the form of a draft change
    base = models.BigIntegerField(null=True)  # the revision that the form started from
    opened_at = models.DateTimeField(default=timezone.now)
    beat_at = models.DateTimeField(null=True)  # the last sign of life; None: closed
    saved_at = models.DateTimeField(null=True)  # the last change of the fields
    changed_at = models.DateTimeField(default=timezone.now)

    objects = WorkingCopyQuerySet.as_manager()

    class Meta:
        verbose_name = _("working copy")
        verbose_name_plural = _("working copies")
        default_permissions = ()
        constraints = [
            models.UniqueConstraint(fields=["user", "page"], name="working_copy_of_a_page")
        ]
        indexes = [models.Index(fields=["changed_at"], name="working_copy_age")]

    def __str__(self):
        return self.title or str(_("Untitled"))

    @property
    def title(self):
        return "".join(self.fields.get("title", [])).strip()[:TITLE]

    @property
    def is_open(self):
        return self.beat_at is not None and self.beat_at >= timezone.now() - PRESENT

    @property
    def version(self):
        """A name for these words; it changes when others are saved."""
        return f"{self.pk}:{self.saved_at.isoformat()}" if self.saved_at else ""
