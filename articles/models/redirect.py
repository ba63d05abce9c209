"""Addresses that moved. No address of this site, or of one it was imported from, dies."""

import hashlib
import re
import unicodedata
from urllib.parse import unquote

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

COMMENT_PAGE = re.compile(r"/comment-page-\d+$")


def normalize_path(path):
    """Return the form in which a path is stored and looked up.

    Percent-decoded and NFC, without a trailing slash and WordPress's ``/comment-page-N``; case
    counts. A query, if any, is kept as it is.
    """
    path, mark, query = path.partition("?")
    path = unicodedata.normalize("NFC", unquote(path, errors="replace")).replace("\0", "")
    path = COMMENT_PAGE.sub("", "/" + path.strip("/"))
    return f"{path or '/'}{mark}{query}"


def hash_path(path):
    """Return the SHA-256 of a normalize_path path in hex: a key of one length for paths of any."""
    return hashlib.sha256(path.encode(errors="replace")).hexdigest()


class RedirectQuerySet(models.QuerySet):
    def for_path(self, path):
        """Return the redirect of a path, or None."""
        return (
            self.filter(path_hash=hash_path(normalize_path(path)))
            .select_related("article", "category", "tag")
            .first()
        )

    def remember(self, path, **target):
        """Let ``path`` lead to a target (article, category, tag or to_path) from now on."""
        path = normalize_path(path)
        blank = {"article": None, "category": None, "tag": None, "to_path": ""}
        return self.update_or_create(
            path_hash=hash_path(path), defaults={**blank, "path": path, **target}
        )[0]


class Redirect(models.Model):
    """An old path and where it leads now; the paths may be of any length."""

    path = models.TextField(_("old path"), help_text=_("Decoded, without the host."))
    path_hash = models.CharField(max_length=64, unique=True, editable=False)
    article = models.ForeignKey(
        "articles.Article",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
        verbose_name=_("article"),
    )
    category = models.ForeignKey(
        "articles.Category",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
        verbose_name=_("category"),
    )
    tag = models.ForeignKey(
        "taggit.Tag",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
        verbose_name=_("tag"),
    )
    to_path = models.TextField(
        _("new path"), blank=True, help_text=_("Only where it is none of the above.")
    )

    objects = RedirectQuerySet.as_manager()

    class Meta:
        verbose_name = _("redirect")
        verbose_name_plural = _("redirects")
        constraints = [
            models.CheckConstraint(
                condition=(
                    Q(article__isnull=False, category=None, tag=None, to_path="")
                    | Q(article=None, category__isnull=False, tag=None, to_path="")
                    | Q(article=None, category=None, tag__isnull=False, to_path="")
                    | Q(article=None, category=None, tag=None) & ~Q(to_path="")
                ),
                name="redirect_one_target",
                violation_error_message=_("Name exactly one target."),
            )
        ]

    def __str__(self):
        return self.path

    def save(self, *args, **kwargs):
        self.path = normalize_path(self.path)
        self.path_hash = hash_path(self.path)
        super().save(*args, **kwargs)

    @property
    def destination(self):
        """The path to answer with, or None where the target is not public."""
        if self.article_id:
            return self.article.get_absolute_url() if self.article.is_reachable else None
        if self.category_id:
            return self.category.get_absolute_url()
        if self.tag_id:
            return reverse("articles:tag", args=[self.tag.slug])
        return self.to_path


class KeepsAddress(models.Model):
    """A model whose old address redirects once its slug has changed.

    ``redirect_field`` names the field of ``Redirect`` that points at the model.
    """

    redirect_field = None

    class Meta:
        abstract = True

    @classmethod
    def from_db(cls, db, field_names, values):
        instance = super().from_db(db, field_names, values)
        instance._loaded_slug = instance.__dict__.get("slug")
        return instance

    def save(self, *args, **kwargs):
        old_slug = getattr(self, "_loaded_slug", None)
        moved = old_slug and old_slug != self.slug
        super().save(*args, **kwargs)
        if moved:
            current, self.slug = self.slug, old_slug
            old_path, self.slug = self.get_absolute_url(), current
            Redirect.objects.remember(old_path, **{self.redirect_field: self})
        self._loaded_slug = self.slug
