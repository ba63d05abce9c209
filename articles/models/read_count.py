"""Read counts by the hour."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models.article import Article


class ReadCount(models.Model):
    """The networks that read an article in one hour, as a sketch.

    ``slots`` holds four hexadecimal digits for each network, one of 65,536 slots that the article
    has. A slot stands for tens of thousands of addresses, so nothing is stored about a reader. It
    may hold a slot twice.
    """

    article = models.ForeignKey(
        Article,
        models.CASCADE,
        db_index=False,
        related_name="read_counts",
        verbose_name=_("article"),
    )
    hour = models.DateTimeField(_("hour"), help_text=_("Start of the hour."))
    slots = models.TextField(editable=False)

    class Meta:
        verbose_name = _("read count")
        verbose_name_plural = _("read counts")
        constraints = [
            models.UniqueConstraint(fields=["article", "hour"], name="read_count_once"),
        ]
        indexes = [models.Index(fields=["hour", "article"], name="read_count_recent")]

    def __str__(self):
        return f"{self.article_id} {self.hour:%Y-%m-%d %H}"
