"""The edges of the nested sets, with room between them: a reply moves no other comment.

Replies are appended, so all room is where a comment ends: before its right edge. A reply takes a
part of its parent's room and leaves the rest to later ones. Where none is left, the smallest branch
around the parent that still has enough is renumbered, and the parent gets half of its room
(Bender et al. 2002, "Two simplified algorithms for maintaining order in a list").
"""

from collections import Counter, defaultdict

from django.db import connection

SIDES = ("lft", "rght", "last_edge")  # of a parent
SPAN = 2**60  # the right edge of a whole tree
SHARE = 5 / 6  # a reply takes room ** SHARE: room for 6,000 replies in a row, or for 15 levels
ENOUGH = 2**16  # room for each comment of a branch that is renumbered

# The edges below a comment in their order, each moved by the room before it and by the bonus.
RENUMBER = """
    WITH edges AS (
        SELECT lft AS edge, 0 AS closes FROM comments_comment
        WHERE tree_id = %(tree)s AND lft > %(lft)s AND lft < %(rght)s
        UNION ALL
        SELECT rght, 1 FROM comments_comment
        WHERE tree_id = %(tree)s AND lft > %(lft)s AND lft < %(rght)s
    ),
    places AS (
        SELECT edge, %(lft)s + ROW_NUMBER() OVER (ORDER BY edge)
            + %(room)s * SUM(closes) OVER (ORDER BY edge)
            + CASE WHEN edge >= %(needy)s THEN %(bonus)s ELSE 0 END AS place
        FROM edges
    )
    UPDATE comments_comment SET lft = begins.place, rght = ends.place
    FROM places AS begins, places AS ends
    WHERE tree_id = %(tree)s AND lft = begins.edge AND rght = ends.edge
"""


def take_room(parent):
    """Return the edges of a new last reply, or None if its parent has no room.

    The parent was read with ``last_edge``: the right edge of the comment that ends last before it
    does in its tree. That is its last reply, if it has one.
    """
    left = max(parent.lft, parent.last_edge or 0) + 1
    room = parent.rght - left
    if room < 2:
        return None
    return left, left + max(2, int(room**SHARE)) - 1


def make_room(parent):
    """Renumber a branch around a comment, and read the edges again that ``take_room`` needs.
    Only inside ``thread_write``."""
    comments = type(parent).objects.order_by().filter(tree_id=parent.tree_id)
    top, below = _find_roomy(comments, parent)
    room = top.rght - top.lft - 1 - 2 * below
    values = {
        "tree": parent.tree_id,
        "lft": top.lft,
        "rght": top.rght,
        "room": room // (2 * (below + 1)),
        "bonus": room // 2,
        "needy": parent.rght,
    }
    with connection.cursor() as cursor:
        cursor.execute(RENUMBER, values)
    [sides] = comments.filter(pk=parent.pk).with_last_edge().values_list(*SIDES)
    for name, side in zip(SIDES, sides, strict=True):
        setattr(parent, name, side)


def _find_roomy(comments, parent):
    """Return the lowest comment around another whose branch has enough room, else the top-level
    one, widened; and the number of comments below it."""
    around = comments.filter(lft__lte=parent.lft, rght__gte=parent.rght).order_by("-lft")
    for top in around.only("parent_id", "lft", "rght"):
        is_root = top.parent_id is None
        if is_root and top.rght < SPAN:
            comments.filter(pk=top.pk).update(rght=SPAN)
            top.rght = SPAN
        width = top.rght - top.lft - 1
        if is_root or width >= ENOUGH:
            below = comments.filter(lft__gt=top.lft, lft__lt=top.rght).count()
            if is_root or width - 2 * below >= ENOUGH * (below + 1):
                return top, below
    raise ValueError("The comment is in no tree.")


def compute_edges(nodes):
    """Return {pk: (root's pk, level, lft, rght)}, computed from the parents as ``place_nodes``
    does; all comments of a tree get the same room."""
    places = place_nodes(nodes)
    sizes = Counter(root for root, *_place in places.values())
    edges = {}
    for pk, (root, level, left, right) in places.items():
        room = SPAN // sizes[root] - 2
        left += room * ((left - 1 - level) // 2)  # the comments that end before
        right += room * ((right - level) // 2)
        edges[pk] = (root, level, left, right)
    return edges


def place_nodes(nodes):
    """Return {pk: (root's pk, level, left, right)}, computed from the parents, each comment before
    its replies. ``left`` and ``right`` are the places of its edges among all of its tree, from 1.

    ``nodes`` are (pk, parent_id) in the order of their numbers, which is that of siblings. A node
    whose parent is not among them counts as a root, and so does the first node of a circle.
    """
    known = {pk for pk, _parent in nodes}
    children = defaultdict(list)
    for pk, parent in nodes:
        children[parent if parent in known else None].append(pk)
    places = {}
    for root in (*children.pop(None, ()), *(pk for pk, _parent in nodes)):
        if root in places:
            continue
        stack, position = [(root, 0, False)], 0
        while stack:
            pk, level, closing = stack.pop()
            if not closing and pk in places:
                continue
            position += 1
            if closing:
                places[pk] += (position,)
            else:
                places[pk] = (root, level, position)
                stack.append((pk, level, True))
                below = reversed(children.get(pk, ()))
                stack.extend((child, level + 1, False) for child in below)
    return places


def rank_edges(rows):
    """Return the places of the edges of each row, (tree_id, lft, rght), as ``place_nodes`` counts
    them. All rows of a tree must be there."""
    edges = defaultdict(list)
    for tree_id, left, right in rows:
        edges[tree_id] += (left, right)
    ranks = {}
    for tree_id, own in edges.items():
        ranks[tree_id] = {edge: rank for rank, edge in enumerate(sorted(own), start=1)}
    return [(ranks[tree_id][left], ranks[tree_id][right]) for tree_id, left, right in rows]
