"""Redirects from old addresses of this site, and of a site that was imported."""

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
    """Return a path in the form in which redirects store it.

    It is percent-decoded and NFC, without a trailing slash and the ``/comment-page-N`` of
    WordPress. Case matters. A query stays unchanged.
    """
    path, separator, query = path.partition("?")
    path = unicodedata.normalize("NFC", unquote(path, errors="replace")).replace("\0", "")
    path = COMMENT_PAGE.sub("", "/" + path.strip("/"))
    return f"{path or '/'}{separator}{query}"


def hash_path(path):
    """Return the SHA-256 of a normalized path in hex; the index takes no long paths."""
    return hashlib.sha256(path.encode(errors="replace")).hexdigest()


class RedirectQuerySet(models.QuerySet):
    def for_path(self, path):
        """Return the redirect from a path, or None."""
        return (
            self.filter(path_hash=hash_path(normalize_path(path)))
            .select_related("article", "category", "tag")
            .first()
        )

    def remember(self, path, **target):
        """Redirect a path to one target: ``article``, ``category``, ``tag`` or ``to_path``."""
        path = normalize_path(path)
        no_target = {"article": None, "category": None, "tag": None, "to_path": ""}
        return self.update_or_create(
            path_hash=hash_path(path), defaults={**no_target, "path": path, **target}
        )[0]

    def lead_on(self, path, **target):
        """Let redirects to a path, which is to redirect itself, lead to its new target at once."""
        path = unquote(path)
        self.filter(to_path__in={path, path.rstrip("/")}).update(to_path="", **target)


def _build_target_field(model, name):
    return models.ForeignKey(
        model,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="redirects",
        verbose_name=name,
    )


class Redirect(models.Model):
    """A redirect from an old path to one target. The paths may have any length."""

    path = models.TextField(_("old path"), help_text=_("Percent-decoded, without the host name."))
    path_hash = models.CharField(max_length=64, unique=True, editable=False)
    article = _build_target_field("articles.Article", _("article"))
    category = _build_target_field("articles.Category", _("category"))
    tag = _build_target_field("taggit.Tag", _("tag"))
    to_path = models.TextField(
        _("new path"), blank=True, help_text=_("Only if the target is none of the above.")
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
                violation_error_message=_("Choose exactly one target."),
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
        """The path to redirect to, or None if the target is not public."""
        if self.article_id:
            is_answered = self.article.is_reachable or self.article.is_gone
            return self.article.get_absolute_url() if is_answered else None
        if self.category_id:
            return self.category.get_absolute_url()
        if self.tag_id:
            return reverse("articles:tag", args=[self.tag.slug])
        return self.to_path

    def answers(self, at):
        """Whether something answers at the target at a given moment."""
        if self.article_id:
            return type(self.article).objects.reachable(at).filter(pk=self.article_id).exists()
        return bool(self.destination)


class KeepsAddress(models.Model):
    """A model whose old address redirects to the new one after its slug has changed.

    ``redirect_field`` is the field of ``Redirect`` that refers to the model.
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
        is_moved = old_slug and old_slug != self.slug
        super().save(*args, **kwargs)
        if is_moved:
            old_path = type(self)(slug=old_slug).get_absolute_url()
            Redirect.objects.remember(old_path, **{self.redirect_field: self})
        self._loaded_slug = self.slug
