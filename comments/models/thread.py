"""A thread: all comments of one article."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from articles.models import Article


class ThreadQuerySet(models.QuerySet):
    def of(self, article):
        """Return the thread of an article, made at its first use."""
        return self.get_or_create(article=article)[0]

    def most_discussed(self):
        """Those of listed articles that have comments, the most first, with their articles."""
        return (
            self.filter(article__in=Article.objects.listed(), published_count__gt=0)
            .select_related("article")
            .defer("article__body")
            .order_by("-published_count", "-article_id")
        )


class Thread(models.Model):
    """All comments of one article, and what is counted over them.

    The row is the lock of every change (``comments.trees.thread_write``).
    """

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="thread", verbose_name=_("article")
    )
    is_open = models.BooleanField(
        _("open"), default=True, help_text=_("Whether readers may write new comments.")
    )
    published_count = models.PositiveIntegerField(
        _("published comments"), default=0, editable=False
    )
    last_number = models.PositiveIntegerField(_("last number"), default=0, editable=False)
    version = models.PositiveBigIntegerField(
        default=0, editable=False, help_text=_("Grows with every change that readers can see.")
    )

    objects = ThreadQuerySet.as_manager()

    class Meta:
        verbose_name = _("thread")
        verbose_name_plural = _("threads")
        indexes = [models.Index(fields=["-published_count"], name="thread_most_discussed")]

    def __str__(self):
        return str(self.article)

    def recount(self):
        """Count the published comments anew and note that readers see a change.

        Only inside ``thread_write``.
        """
        self.published_count = self.comments.published().count()
        self.version += 1
        self.save(update_fields=["published_count", "version"])
