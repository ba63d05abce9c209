"""The front page as editors order it: pinned articles come first, all others by rule."""

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

MOST_PINS = 10  # as many as the opening and the latest articles of the front page
ONLY = 1  # the primary key of the one row


class FrontPinQuerySet(models.QuerySet):
    def running(self, at=None):
        """The pins that have not ended, now or at a given moment."""
        return self.filter(Q(until=None) | Q(until__gt=at or timezone.now()))


class FrontPin(models.Model):
    """The place of an article on the front page, until it ends."""

    article = models.OneToOneField(
        "articles.Article", models.CASCADE, related_name="pin", verbose_name=_("article")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    until = models.DateTimeField(_("until"), null=True, blank=True)

    objects = FrontPinQuerySet.as_manager()

    class Meta:
        verbose_name = _("pinned article")
        verbose_name_plural = _("pinned articles")
        default_permissions = ()
        ordering = ["position", "pk"]
        indexes = [models.Index(fields=["until"], name="front_pin_until")]

    def __str__(self):
        return str(self.article)


class FrontPage(models.Model):
    """The one order of the front page. ``number`` rises with each save, so that nobody replaces
    an order that they have not seen."""

    number = models.PositiveBigIntegerField(default=0)
    saved_at = models.DateTimeField(null=True)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )

    class Meta:
        default_permissions = ()

    def __str__(self):
        return str(self.number)

    @classmethod
    def load(cls):
        return cls.objects.select_related("saved_by").filter(pk=ONLY).first() or cls(pk=ONLY)

    @classmethod
    @transaction.atomic
    def arrange(cls, places, *, by, seen):
        """Replace the order by pairs of article key and end; whether nobody was faster.

        ``seen`` is the number of the order that the editor saw.
        """
        cls.objects.get_or_create(pk=ONLY)
        page = cls.objects.select_for_update().get(pk=ONLY)
        if page.number != seen:
            return False
        FrontPin.objects.all().delete()
        FrontPin.objects.bulk_create(
            FrontPin(article_id=pk, position=position, until=until)
            for position, (pk, until) in enumerate(places[:MOST_PINS], start=1)
        )
        page.number, page.saved_at, page.saved_by = seen + 1, timezone.now(), by
        page.save()
        return True
