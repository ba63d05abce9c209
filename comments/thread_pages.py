"""The pages of a thread. Their cost does not depend on the length of the thread.

A page has at most 50 top-level comments and 200 comments in all. Where the trees are longer than
that, each shows its first comments, in the order of the tree, and says how many follow.
"""

from django.core.paginator import Paginator
from django.db.models import F, Q
from django.utils.functional import cached_property

from comments.nodes import Tree, add_answers, build_nodes, count_below_cuts
from comments.orders import ORDERS
from comments.thread_rows import count_roots, read_above, read_below, read_first, read_roots

ROOTS = 50  # top-level comments a page
COMMENTS = 200  # comments a page, replies included


class ThreadPage:
    """A page of a thread in one of the orders. ``number`` counts from 1; if the page
    does not exist, the nearest one is shown."""

    def __init__(self, thread, *, order="old", number=1):
        self.thread = thread
        self.order = order if order in ORDERS else "old"
        self._wanted = number
        self.kept = None  # the page's HTML, see ``comments.kept_pages``

    @cached_property
    def page_count(self):
        """The number of pages. No query for a thread that must fit into one."""
        if self.thread.last_number <= ROOTS:
            return 1
        return max(1, -(-self.root_count // ROOTS))

    @cached_property
    def root_count(self):
        """The number of top-level comments of the thread. One query."""
        return count_roots(self.thread.pk) or 0

    @property
    def first_root(self):
        """The number of top-level comments on the pages before."""
        return (self.number - 1) * ROOTS

    @cached_property
    def number(self):
        return min(max(1, self._wanted), self.page_count)

    @cached_property
    def roots(self):
        """The top-level comments of the page, as rows."""
        return read_roots(self.thread, self.order, self.first_root, ROOTS)

    @cached_property
    def share(self):
        """The most comments that the page shows of a tree."""
        return compute_share([root.tree_size for root in self.roots], COMMENTS)

    @cached_property
    def trees(self):
        """The trees of the page, each with its nodes and the number of those left out."""
        return read_trees(self.roots, self.share)

    def find_page(self, root):
        """Return the number of a top-level comment's page, in the order of posting."""
        before = self.thread.comments.shown_roots().filter(number__lt=root.number).count()
        return before // ROOTS + 1

    def shows(self, comment):
        """Return whether the page shows a comment rather than leaving it out."""
        return any(root.tree_id == comment.tree_id for root in self.roots) and (
            comment.read_index() < self.share
        )


class BranchPage:
    """A page of the comments below a comment, 200 at a time, in the order of the tree.

    A page that begins in the midst of a branch shows the comments above it first, as ``above``.
    """

    def __init__(self, top, *, number=1):
        self.top = top
        self._wanted = number

    @cached_property
    def page_count(self):
        return max(1, -(-self.top.get_descendant_count() // COMMENTS))

    @cached_property
    def number(self):
        return min(max(1, self._wanted), self.page_count)

    @cached_property
    def nodes(self):
        """The nodes of the page, with the comments above the first, both from below the top."""
        below = [*self.above, *self._comments]
        return add_answers(build_nodes(below, base=self.top.level + 1, root=self._root))

    @cached_property
    def above(self):
        """The comments between the top and the first of the page."""
        if self.number == 1 or not self._comments:
            return []
        return read_above(self.top, self._comments[0])

    @cached_property
    def _root(self):
        return self.top if self.top.level == 0 else self.top.get_root()

    @cached_property
    def _comments(self):
        return read_below(self.top, (self.number - 1) * COMMENTS, COMMENTS)

    def find_page(self, comment):
        """Return the number of the page of a comment below the top."""
        before = self.top.below().filter(lft__lt=comment.lft).count()
        return before // COMMENTS + 1


class WholePage:
    """A page of everything in a thread, held and removed comments too, for moderators."""

    def __init__(self, thread, *, number=1):
        self._all = type(thread).comments.rel.related_model.objects
        # The keys alone are sorted: the rows of a long thread are too wide. Without the sum
        # PostgreSQL would walk the trees of the whole site to those of this thread.
        keys = self._all.filter(thread=thread.pk or 0).order_by(F("tree_id") + 0, "lft")
        self._keys = Paginator(keys.values_list("pk", flat=True), COMMENTS)
        self._page = self._keys.get_page(number)

    @property
    def number(self):
        return self._page.number

    @property
    def page_count(self):
        return self._keys.num_pages

    @property
    def count(self):
        return self._keys.count

    @staticmethod
    def find_number(comment):
        """Return the number of the page that a comment is on. One query."""
        earlier = Q(tree_id__lt=comment.tree_id) | Q(tree_id=comment.tree_id, lft__lt=comment.lft)
        siblings = type(comment).objects.filter(earlier, thread=comment.thread_id)
        return siblings.count() // COMMENTS + 1

    @cached_property
    def nodes(self):
        """The nodes of the page, with the comments above the first."""
        listed = list(self._all.filter(pk__in=list(self._page)).for_thread().in_tree_order())
        above = list(listed[0].get_ancestors().for_thread()) if listed else []
        return build_nodes([*above, *listed])

    @cached_property
    def approvable(self):
        """The primary keys of comments that a moderator may approve or hold. One query."""
        pks = [node.comment.pk for node in self.nodes]
        return set(self._all.filter(pk__in=pks).approvable().values_list("pk", flat=True))


def read_trees(roots, share):
    """Return the trees of some top-level comments, each cut after ``share`` comments. One query,
    three where trees are cut."""
    comments = {root.tree_id: [] for root in roots}
    for comment in read_first(roots, share):
        comments[comment.tree_id].append(comment)
    nodes = {tree_id: build_nodes(tree) for tree_id, tree in comments.items()}
    count_below_cuts([(root, nodes[root.tree_id]) for root in roots if root.tree_size > share])
    rest_page = max(0, share - 1) // COMMENTS + 1
    return [Tree(root, nodes[root.tree_id], rest_page) for root in roots]


def compute_share(sizes, most):
    """Return the largest share for which Σ min(size, share) ≤ most, but at least 1.

    >>> compute_share([300], 200), compute_share([3, 500, 500], 200), compute_share([1, 2], 200)
    (200, 98, 200)
    """
    share, left = most, most
    for index, size_ in enumerate(sorted(sizes)):
        share = left // (len(sizes) - index)
        if size_ > share:
            return max(1, share)
        left -= size_
    return most
