"""A thread as a flat list in tree order, ready for a template that does not recurse."""

from dataclasses import dataclass

from comments.models import Comment


@dataclass(slots=True)
class Node:
    """A comment in its place: what opens before it, what closes after it, what stands below.

    ``opens``: a list of replies begins before it. ``closes``: a range, one round for each level
    that ends after it. ``descendants``: how many published comments stand below.
    """

    comment: Comment
    parent: Comment | None
    opens: bool
    closes: range = range(0)
    descendants: int = 0
    is_starter: bool = False

    @property
    def depth(self):
        return self.comment.level

    @property
    def is_placeholder(self):
        return not self.comment.is_published


def nodes(comments):
    """Return the nodes of comments that are given in tree order, as a list.

    A comment whose parent is not among them cannot be: what is shown is closed upwards.
    """
    result, path = [], []
    for comment in comments:
        while path and path[-1].depth >= comment.level:
            _leave(path)
        parent = path[-1] if path else None
        node = Node(comment, parent and parent.comment, opens=comment.level > 0)
        if parent and result[-1] is not parent:
            node.opens = False
        if result:
            result[-1].closes = range(max(0, result[-1].depth - comment.level))
        root = path[0].comment if path else None
        node.is_starter = bool(
            root and comment.reader_code and comment.reader_code == root.reader_code
        )
        result.append(node)
        path.append(node)
    if result:
        result[-1].closes = range(result[-1].depth)
    while path:
        _leave(path)
    return result


def _leave(path):
    """Leave the last node of a path: its published comments count for the one above it."""
    node = path.pop()
    if path:
        path[-1].descendants += node.descendants + (not node.is_placeholder)


def thread_nodes(thread):
    """Return the nodes that readers see of a thread. One query."""
    return nodes(thread.comments.shown().for_thread().in_tree_order())
