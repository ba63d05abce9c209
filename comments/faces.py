"""What every comment of a page prints: read, named and dated for all of them at once."""

from operator import attrgetter

from articles.web.moments import Clock
from comments.models.shown import name_writer

_read_node = attrgetter("parent", "is_starter", "answers", "notices", "is_locked", "rank")
_read_comment = attrgetter(
    *("pk", "number", "level", "is_published", "alias", "staff_id", "tripcode"),
    *("reader_code", "reader_ordinal", "edited_at", "score"),
)


def build_faces(nodes, anonymous, clock=None):
    """Return (node, comment, name, time for machines, time for readers, what ``_read_node`` reads,
    what ``_read_comment`` reads) for each node. ``anonymous`` names those without a name."""
    for_both, faces = (clock or Clock()).format_for_both, []
    for node in nodes:
        comment = node.comment
        name, times = name_writer(comment.name, anonymous), for_both(comment.posted_at)
        faces.append((node, comment, name, times, _read_node(node), _read_comment(comment)))
    return faces
