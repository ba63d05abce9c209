"""The HTML of trees, cached under the version that every change in the tree raises.

A vote renders one tree again, and a reader's page is one ``get_many``. The total behind an ID
(``3/7``) depends on other trees too, so it is filled in when the page is put together.
"""

import re
from hashlib import sha256

from django.conf import settings
from django.core.cache import cache
from django.db.models import F, Max
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from comments.models import Comment
from comments.nodes import add_answers, mark_measures
from comments.parts import render_part
from comments.thread_pages import read_trees

DAY = 86_400  # seconds
# The placeholder of an ID's total, between two characters of Unicode's private area.
TOTAL = re.compile("\ue000([A-Za-z0-9_-]{8})\ue001")


def render_page_trees(page):
    """Return the HTML of the trees of a ``ThreadPage``, in order, safe to print.

    Two queries where everything is cached (the top-level comments and the totals of the IDs),
    two more where something is not.
    """
    regime = page.thread.regime
    keys = {root.pk: _build_key(root, page.share, regime) for root in page.roots}
    return fill_totals(_render_trees(keys, page.roots, page.read_trees, regime), page.thread)


def render_tree(root, share):
    """Return the HTML of the first ``share`` comments of one tree, safe to print."""
    regime = root.thread.regime
    keys = {root.pk: _build_key(root, share, regime)}
    html = _render_trees(keys, [root], lambda roots: read_trees(roots, share), regime)
    return fill_totals(html, root.thread)


def _render_trees(keys, roots, read, regime):
    """Return the HTML of trees in order, with placeholders for the totals of the IDs: from the
    cache (``keys`` by top-level comment), else rendered from the trees of ``read(roots)``."""
    html = cache.get_many(keys.values())
    missing = [root for root in roots if keys[root.pk] not in html]
    rendered = {}
    if missing:
        trees = read(missing)
        mark_measures(add_answers([node for tree in trees for node in tree.nodes]), regime)
        for tree in trees:
            rendered[keys[tree.root.pk]] = render_part("tree", tree, regime.is_open)
        cache.set_many(rendered, timeout=DAY)
    return "".join((html | rendered)[keys[root.pk]] for root in roots)


def render_branch(branch):
    """Return the HTML of a ``BranchPage``, safe to print."""
    regime = branch.top.thread.regime
    nodes = mark_measures(branch.nodes, regime)
    return fill_totals(render_part("branch", nodes, regime.is_open), branch.top.thread)


def fill_totals(html, thread):
    """Fill in the number of comments that each ID has in the thread. One query."""
    codes = set(TOTAL.findall(html))
    # The sum keeps PostgreSQL from the index of the thread, where it would read all of 20,000.
    own = Comment.objects.published().alias(place=F("thread_id") + 0)
    own = own.filter(reader_code__in=codes, place=thread.pk or 0).order_by()
    totals = dict(own.values_list("reader_code").annotate(total=Max("reader_ordinal")))
    return mark_safe(TOTAL.sub(lambda match: str(totals.get(match[1], "")), html))


def _build_key(root, share, regime):
    down = "down" if settings.COMMENT_DOWN_VOTES else "up"
    parts = (
        get_language(),
        root.pk,
        root.tree_version,
        min(share, root.tree_size),
        regime.is_open,
        down,
        _hash_measures(regime.describe_tree(root.tree_id)),
    )
    return "tree:" + ":".join(map(str, parts))


def _hash_measures(measures):
    return sha256(repr(measures).encode()).hexdigest()[:16] if measures else ""
