"""A thread as a flat list in tree order, ready for a template that does not recurse."""

from dataclasses import dataclass, field

from comments.models import Comment
from comments.notices import list_branch_notices
from comments.thread_rows import CommentRow, RootRow, count_below, read_answers

MOST_IN_PLACE = 1_000  # comments of a tree that open in a page; longer trees have their own page


@dataclass(slots=True)
class Node:
    """A comment in the tree, with the lists that open and close after it.

    ``indent``: its depth among the nodes of a page. ``has_list``: a list of its replies follows.
    ``closes``: a range, one step for each list that ends after it. ``descendants``: the number of
    published comments below. ``answers``: (number, primary key) of the comments that name it.
    ``rank``: among the best of the thread, from 1. ``notices`` say which measures begin here.
    """

    comment: Comment | CommentRow
    parent: Comment | CommentRow | None = None
    indent: int = 0
    has_list: bool = False
    closes: range = range(0)
    descendants: int = 0
    is_starter: bool = False
    answers: list = field(default_factory=list)
    is_locked: bool = False
    rank: int = 0
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
    result, path, code = [], [], root and root.reader_code
    for comment in comments:
        level = comment.level
        while path and path[-1].comment.level >= level:
            _leave_node(path)
        node = Node(comment, None, level - base)
        if path:
            above = path[-1]
            node.parent = above.comment
            above.has_list = True
        if path or root is not None:
            node.is_starter = bool(code) and comment.reader_code == code
        else:
            code = comment.reader_code
        if result:
            ends = result[-1].comment.level - level
            if ends > 0:
                result[-1].closes = range(ends)
        result.append(node)
        path.append(node)
    if result:
        result[-1].closes = range(result[-1].comment.level - base)
    while path:
        _leave_node(path)
    return result


def add_answers(nodes):
    """Add the comments that name each node, oldest first; returns the nodes. One query."""
    by_pk = {node.comment.pk: node for node in nodes}
    for target, number, pk in read_answers(list(by_pk)):
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
        path[-1].descendants += node.descendants + node.comment.is_published


def count_below_cuts(trees):
    """Let the comments above the cuts of trees count all that is published below them, on the page
    or not.

    ``trees`` are pairs of a top-level comment and a list of nodes. One query, none where only the
    top-level comments go on.
    """
    open_nodes = {}
    for root, nodes in trees:
        last = nodes[-1].comment if nodes else None
        for node in nodes:
            if node.comment.parent_id is None:
                node.descendants = root.tree_published - node.comment.is_published
            elif node.comment.rght >= last.rght:
                open_nodes[node.comment.pk] = node
    for pk, count in count_below(list(open_nodes)) if open_nodes else ():
        open_nodes[pk].descendants = count


@dataclass(slots=True)
class Tree:
    """A top-level comment with as many of its replies as the page has room for.

    ``rest_page`` is the page of the comment's own replies on which those left out begin.
    """

    root: Comment | RootRow
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
