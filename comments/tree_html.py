"""The HTML of trees, cached under the version that every change in the tree raises.

A vote renders one tree again, and a reader's page is one ``get_many``. The total behind an ID
(``3/7``) depends on other trees too, so it is filled in when the page is put together.
"""

import re

from django.conf import settings
from django.core.cache import cache
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from comments.nodes import add_answers
from comments.thread_pages import count_tree, read_trees

DAY = 86_400  # seconds
# The placeholder of an ID's total, between two characters of Unicode's private area.
TOTAL = re.compile("\ue000([A-Za-z0-9_-]{8})\ue001")


def render_page_trees(page, article, *, is_open):
    """Return the HTML of the trees of a ``ThreadPage``, in order, safe to print.

    Two queries where everything is cached (the top-level comments and the totals of the IDs),
    two more where something is not.
    """
    keys = {root.pk: _build_key(root, page.share, is_open) for root in page.roots}
    return fill_totals(
        _render_trees(keys, page.roots, page.read_trees, article, is_open), page.thread
    )


def render_tree(root, share, article, *, is_open):
    """Return the HTML of the first ``share`` comments of one tree, safe to print."""
    keys = {root.pk: _build_key(root, share, is_open)}
    html = _render_trees(keys, [root], lambda roots: read_trees(roots, share), article, is_open)
    return fill_totals(html, root.thread)


def _render_trees(keys, roots, read, article, is_open):
    """Return the HTML of trees in order, with placeholders for the totals of the IDs: from the
    cache (``keys`` by top-level comment), else rendered from the trees of ``read(roots)``."""
    html = cache.get_many(keys.values())
    missing = [root for root in roots if keys[root.pk] not in html]
    rendered = {}
    if missing:
        trees = read(missing)
        add_answers([node for tree in trees for node in tree.nodes])
        for tree in trees:
            context = {"tree": tree, "article": article, "is_open": is_open, "totals": True}
            rendered[keys[tree.root.pk]] = render_to_string("comments/_tree.html", context)
        cache.set_many(rendered, timeout=DAY)
    return "".join((html | rendered)[keys[root.pk]] for root in roots)


def render_branch(branch, article, *, is_open):
    """Return the HTML of a ``BranchPage``, safe to print."""
    context = {"branch": branch, "article": article, "is_open": is_open, "totals": True}
    return fill_totals(render_to_string("comments/_branch.html", context), branch.top.thread)


def fill_totals(html, thread):
    """Fill in the number of comments that each ID has in the thread. One query."""
    codes = set(TOTAL.findall(html))
    own = thread.comments.published().filter(reader_code__in=codes).order_by()
    totals = dict(own.values_list("reader_code").annotate(total=Max("reader_ordinal")))
    return mark_safe(TOTAL.sub(lambda match: str(totals.get(match[1], "")), html))


def _build_key(root, share, is_open):
    down = "down" if settings.COMMENT_DOWN_VOTES else "up"
    parts = (
        get_language(),
        root.pk,
        root.tree_version,
        min(share, count_tree(root)),
        is_open,
        down,
    )
    return "tree:" + ":".join(map(str, parts))
