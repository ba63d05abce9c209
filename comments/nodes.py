"""A thread as a flat list in tree order, ready for a template that does not recurse."""

from dataclasses import dataclass, field

from comments.models import Comment, Reference
from comments.notices import list_branch_notices

MOST_IN_PLACE = 1_000  # comments of a tree that open in a page; longer trees have their own page


@dataclass(slots=True)
class Node:
    """A comment in the tree, with the lists that open and close after it.

    ``indent``: its depth among the nodes of a page. ``has_list``: a list of its replies follows.
    ``closes``: a range, one step for each list that ends after it. ``descendants``: the number of
    published comments below. ``answers``: (number, primary key) of the comments that name it.
    ``notices`` say which measures begin here.
    """

    comment: Comment
    parent: Comment | None = None
    indent: int = 0
    has_list: bool = False
    closes: range = range(0)
    descendants: int = 0
    is_starter: bool = False
    answers: list = field(default_factory=list)
    is_locked: bool = False
    notices: list = field(default_factory=list)

    @property
    def depth(self):
        return self.comment.level

    @property
    def is_placeholder(self):
        return not self.comment.is_published


def build_nodes(comments, *, base=0, root=None):
    """Return the nodes of comments in tree order, as a list.

    ``base`` is the level of the outermost comments, ``root`` the top-level comment if it is not
    the first. The parent of every comment must be among them.
    """
    result, path = [], []
    for comment in comments:
        while path and path[-1].depth >= comment.level:
            _leave_node(path)
        node = Node(comment, indent=comment.level - base)
        if path:
            node.parent = path[-1].comment
            path[-1].has_list = True
        if result:
            result[-1].closes = range(max(0, result[-1].depth - comment.level))
        starter = root or (path[0].comment if path else None)
        node.is_starter = bool(
            starter and comment.reader_code and comment.reader_code == starter.reader_code
        )
        result.append(node)
        path.append(node)
    if result:
        result[-1].closes = range(result[-1].depth - base)
    while path:
        _leave_node(path)
    return result


def add_answers(nodes):
    """Add the comments that name each node, oldest first; returns the nodes. One query."""
    by_pk = {node.comment.pk: node for node in nodes}
    shown = Reference.objects.shown().filter(target__in=by_pk).order_by("source__number")
    for target, number, pk in shown.values_list("target_id", "source__number", "source_id"):
        by_pk[target].answers.append((number, pk))
    return nodes


def mark_measures(nodes, regime):
    """Mark the nodes of locked branches, and say at the top of a branch what holds there; returns
    the nodes."""
    if regime.has_branches:
        for node in nodes:
            node.is_locked = regime.find_lock(node.comment) is not None
            node.notices = list_branch_notices(regime, node.comment)
    return nodes


def _leave_node(path):
    """Remove the last node of a path, and add its published comments to the one above."""
    node = path.pop()
    if path:
        path[-1].descendants += node.descendants + (not node.is_placeholder)


def count_below_cuts(trees):
    """Let the comments above the cuts of trees count all their descendants, on the page or not.

    ``trees`` are lists of nodes. One query, none where only the top-level comments go on.
    """
    open_nodes = {}
    for nodes in trees:
        last = nodes[-1].comment if nodes else None
        for node in nodes:
            if node.comment.parent_id is None:
                node.descendants = node.comment.get_descendant_count()
            elif node.comment.rght >= last.rght:
                open_nodes[node.comment.pk] = node
    counts = Comment.objects.count_below(open_nodes) if open_nodes else {}
    for pk, count in counts.items():
        open_nodes[pk].descendants = count


@dataclass(slots=True)
class Tree:
    """A top-level comment with as many of its replies as the page has room for.

    ``rest_page`` is the page of the comment's own replies on which those left out begin.
    """

    root: Comment
    nodes: list[Node]
    rest_page: int = 1
    most_in_place: int = MOST_IN_PLACE

    @property
    def rest(self):
        """The number of published comments that the page leaves out."""
        return self.root.tree_published - sum(not node.is_placeholder for node in self.nodes)

    @property
    def opens_in_place(self):
        return len(self.nodes) < self.most_in_place
