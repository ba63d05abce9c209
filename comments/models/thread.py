"""A thread: all comments of one article."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Count, F, Max, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone
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

    @property
    def accepts_comments(self):
        """Whether readers may write: an editor has it open, and the article is young enough."""
        days, published_at = settings.COMMENT_CLOSE_AFTER_DAYS, self.article.published_at
        if not self.is_open or not days or not published_at:
            return self.is_open
        return timezone.now() - published_at < timedelta(days=days)

    def next_ordinal(self, code):
        """Return the how manieth the next published comment of an ID is. Only inside
        ``thread_write``."""
        if not code:
            return 0
        own = self.comments.filter(reader_code=code)
        return (own.aggregate(highest=Max("reader_ordinal"))["highest"] or 0) + 1

    def changed(self, trees=None):
        """Note that readers see a change in these trees (default: all of them): count what is
        published in each and in the thread, and give both a new version. Only inside
        ``thread_write``.
        """
        self.version += 1
        roots = self.comments.filter(parent=None)
        # Not by thread: that would lead a planner away from the index of the trees.
        own = self.comments.model.objects.filter(tree_id=OuterRef("tree_id"), state="published")
        count = own.order_by().values("tree_id").annotate(count=Count("pk")).values("count")
        if trees is not None:
            roots = roots.filter(tree_id__in=trees)
        roots.update(tree_version=self.version, tree_published=Coalesce(Subquery(count), 0))
        self.published_count = self.comments.filter(parent=None).aggregate(
            published=Coalesce(Sum("tree_published"), 0)
        )["published"]
        self.save(update_fields=["published_count", "version"])

    def touched(self, trees, *, published=0):
        """Note a change in these trees whose effect on the counts is known: ``published`` more
        comments in the first of them. Only inside ``thread_write``.
        """
        self.version += 1
        self.published_count += published
        self.save(update_fields=["published_count", "version", "last_number"])
        first, *others = trees
        roots = self.comments.filter(parent=None)
        roots.filter(tree_id=first).update(
            tree_version=self.version, tree_published=F("tree_published") + published
        )
        if others:
            roots.filter(tree_id__in=others).update(tree_version=self.version)
