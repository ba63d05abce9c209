"""Series (連載): articles that belong together, in an order."""

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Max
from django.utils.translation import gettext_lazy as _

from articles.models.language import LineInLanguage
from articles.models.phrased import Phrased
from articles.web.addresses import build_path

LAST = 9_999  # the highest number


class Series(Phrased):
    title = LineInLanguage(_("title"), max_length=200)
    slug = models.SlugField(_("slug"), max_length=200, unique=True, allow_unicode=True)
    description = models.TextField(_("description"), blank=True)

    class Meta:
        verbose_name = _("series")
        verbose_name_plural = _("series")
        ordering = ["title", "pk"]

    def __str__(self):
        return str(self.title)

    def get_absolute_url(self):
        return build_path("articles:series", self.slug)


class Serial(models.Model):
    """An article that may be a part of a series. Saving numbers a part without a number as the
    next one."""

    series = models.ForeignKey(
        Series,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("series"),
    )
    series_number = models.PositiveSmallIntegerField(
        _("number in the series"),
        null=True,
        blank=True,
        validators=[MaxValueValidator(LAST)],
        help_text=_("Without a number it becomes the next one."),
    )

    class Meta:
        abstract = True

    def save(self, *args, **kwargs):
        if self.series_id is None:
            self.series_number = None
        elif self.series_number is None:
            others = type(self)._base_manager.filter(series=self.series_id).exclude(pk=self.pk)
            highest = others.aggregate(highest=Max(F("series_number")))["highest"] or 0
            self.series_number = min(highest + 1, LAST)
        super().save(*args, **kwargs)

    save.alters_data = True
