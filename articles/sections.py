"""Where a page stands among the categories."""

from django.db.models import Q

from articles.models import Category


def sections(category):
    """Return what a page's head needs, in one query: the root categories as ``nav_categories``,
    the category as ``current_category`` and the way down to it, itself included, as ``trail``."""
    above = {"tree_id": 0}
    if category:
        above = {
            "tree_id": category.tree_id,
            "lft__lte": category.lft,
            "rght__gte": category.rght,
        }
    is_above = Q(**above)
    found = list(Category.objects.filter(Q(parent=None) | is_above).annotate(is_above=is_above))
    return {
        "nav_categories": [each for each in found if each.parent_id is None],
        "current_category": category,
        "trail": [each for each in found if each.is_above],
    }
