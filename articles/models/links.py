"""The links of an article: its sources and its related articles."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class ArticleSource(models.Model):
    """A source (参考) of an article: a document or a web page."""

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="sources", verbose_name=_("article")
    )
    title = models.CharField(_("title"), max_length=300)
    publisher = models.CharField(_("publisher"), max_length=200, blank=True)
    url = models.URLField(_("address"), max_length=2000, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        ordering = ["position", "pk"]

    def __str__(self):
        return self.title


class RelatedArticle(models.Model):
    """A link to another article; an editor chooses the links and their order."""

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="related_links", verbose_name=_("article")
    )
    related = models.ForeignKey(
        "articles.Article",
        models.CASCADE,
        related_name="linked_from",
        verbose_name=_("related article"),
    )
    position = models.PositiveIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("related article")
        verbose_name_plural = _("related articles")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["article", "related"], name="related_article_once"),
            models.CheckConstraint(
                condition=~Q(article=F("related")),
                name="related_article_other",
                violation_error_message=_("An article cannot be related to itself."),
            ),
        ]

    def __str__(self):
        return str(self.related)
