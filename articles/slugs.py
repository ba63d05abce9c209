"""Slugs for articles and categories that were saved without one."""

from itertools import count

from django.utils.text import slugify

LENGTH = 80  # characters, before a number is added


def find_free_slug(text, *, among, fallback):
    """Return a slug for a text that no object of the queryset ``among`` uses.

    Japanese letters stay. A text without letters and digits gives ``fallback``.
    """
    stem = slugify(text, allow_unicode=True)[:LENGTH].strip("-_") or fallback
    if not among.filter(slug=stem).exists():
        return stem
    taken_slugs = set(among.filter(slug__startswith=f"{stem}-").values_list("slug", flat=True))
    return next(slug for number in count(2) if (slug := f"{stem}-{number}") not in taken_slugs)
