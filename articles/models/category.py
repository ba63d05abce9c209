"""The categories of the site, a small tree."""

from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from mptt.managers import TreeManager
from mptt.models import MPTTModel, TreeForeignKey

from articles.models import compiled
from articles.models.language import LineInLanguage
from articles.models.phrased import Phrased
from articles.models.redirect import KeepsAddress
from articles.web.addresses import build_path

NOWHERE = 0, 0, 0  # the tree and the edges of no category


class CategoryManager(TreeManager):
    def build_navigation(self, category):
        """Return the template context of a page in a category (or None), in one query.

        ``nav_categories`` are the root categories, ``current_category`` is the category, and
        ``trail`` lists the categories from its root down to itself.
        """
        edges = (category.tree_id, category.lft, category.rght) if category else NOWHERE
        categories = [NamedCategory(*row) for row in _roots_and_trail(*edges)]
        return {
            "nav_categories": [each for each in categories if each.parent_id is None],
            "current_category": category,
            "trail": [each for each in categories if each.on_trail],
        }

    def list_named(self):
        """Return all categories as ``NamedCategory``, each before those below it. One query."""
        return [NamedCategory(*row) for row in _all()]


class Category(Phrased, KeepsAddress, MPTTModel):
    """A category. Each article has one main category and may be listed in others too."""

    name = LineInLanguage(_("name"), max_length=100)
    slug = models.SlugField(_("slug"), max_length=200, unique=True, allow_unicode=True)
    parent = TreeForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        verbose_name=_("parent category"),
    )
    description = models.TextField(_("description"), blank=True)

    objects = CategoryManager()
    redirect_field = "category"
    headline_field = "name"

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")

    def __str__(self):
        return str(self.name)

    def get_absolute_url(self):
        return build_path("articles:category", self.slug)


class NamedCategory(NamedTuple):
    """What the navigation shows of a category. A model costs ten times as much."""

    pk: int
    tree_id: int
    parent_id: int | None
    name: str
    slug: str
    on_trail: bool = False

    def get_absolute_url(self):
        return build_path("articles:category", self.slug)


@compiled.rows
def _all():
    return Category.objects.values_list(*NamedCategory._fields[:-1])


@compiled.rows
def _roots_and_trail(tree_id, lft, rght):
    on_trail = Q(tree_id=tree_id, lft__lte=lft, rght__gte=rght)
    categories = Category.objects.filter(Q(parent=None) | on_trail).annotate(on_trail=on_trail)
    return categories.values_list(*NamedCategory._fields)
