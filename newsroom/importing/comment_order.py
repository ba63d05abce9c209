"""The order in which imported comments are numbered."""

import heapq
from collections import defaultdict


def order_comments(comments, known):
    """Return [(comment, old id of its parent or 0)] and the number of lost parents.

    The order is by date, except that a reply never precedes its parent. ``known`` are the old ids
    of parents outside ``comments``. A comment whose parent is missing, or is its own descendant,
    becomes a top-level comment.
    """
    old_ids = {comment.old_id for comment in comments}
    replies = defaultdict(list)
    roots, lost = [], 0
    for comment in comments:
        if comment.parent in old_ids:
            replies[comment.parent].append(comment)
        else:
            parent = comment.parent if comment.parent in known else 0
            lost += bool(comment.parent and not parent)
            roots.append((comment, parent))
    placed = set()
    ordered = [*_walk(roots, replies, placed)]
    if len(ordered) < len(comments):  # the others are in circles of parents
        for comment in sorted(comments, key=_build_key):
            if comment.old_id not in placed:
                lost += 1
                ordered += _walk([(comment, 0)], replies, placed)
    return ordered, lost


def _walk(roots, replies, placed):
    """Yield (comment, parent) of some branches, oldest first, and add their ids to ``placed``."""
    heap = [(*_build_key(comment), comment, parent) for comment, parent in roots]
    heapq.heapify(heap)
    placed.update(comment.old_id for comment, _parent in roots)
    while heap:
        *_key, comment, parent = heapq.heappop(heap)
        yield comment, parent
        for reply in replies[comment.old_id]:
            if reply.old_id not in placed:
                placed.add(reply.old_id)
                heapq.heappush(heap, (*_build_key(reply), reply, comment.old_id))


def _build_key(comment):
    return (comment.posted_at.timestamp(), comment.old_id)
