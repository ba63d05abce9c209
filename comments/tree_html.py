"""The HTML of trees.

A page of a thread is kept as a whole (``comments.kept_pages``). Here is what it is made from, and
the fragments: a long tree, opened in place, and a page of a branch.
"""

from django.conf import settings
from django.core.cache import cache
from django.utils import timezone
from django.utils.translation import get_language

from comments.best import find_best, mark_ranks
from comments.nodes import add_answers, mark_measures
from comments.parts import render_part
from comments.thread_pages import read_trees

DAY = 86_400  # seconds


def render_trees(trees, regime, ranks):
    """Return the HTML of trees in order, safe to print. One query, for who answered whom.
    ``ranks``: of the best comments, by primary key."""
    nodes = [node for tree in trees for node in tree.nodes]
    mark_ranks(nodes, ranks)
    mark_measures(add_answers(nodes), regime)
    return render_part("trees", trees, regime.is_open)


def render_tree(root, share):
    """Return the HTML of the first ``share`` comments of one tree, safe to print. Kept until the
    thread changes."""
    thread = root.thread
    key = f"tree:{get_language()}:{root.pk}:{min(share, root.tree_size)}"
    stamp = stamp_thread(thread)
    kept, html = cache.get(key) or (None, "")
    if kept != stamp:
        ranks = find_best(thread.pk).ranks
        html = render_trees(read_trees([root], share), thread.regime, ranks)
        cache.set(key, (stamp, html), timeout=DAY)
    return html


def render_branch(branch, ranks):
    """Return the HTML of a ``BranchPage``, safe to print. ``ranks``: as above."""
    regime = branch.top.thread.regime
    mark_ranks(branch.nodes, ranks)
    return render_part("branch", mark_measures(branch.nodes, regime), regime.is_open)


def stamp_thread(thread):
    """Return what the HTML of a thread's comments depends on beside its language: the same for as
    long as it holds."""
    year = timezone.localdate().year  # the times of other years name theirs
    is_open, branches = thread.regime.is_open, thread.regime.describe_branches()
    return thread.version, year, settings.COMMENT_DOWN_VOTES, is_open, branches
