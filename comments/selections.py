"""Selections: comments that a moderator chose on a page, each with the stamp of what was seen, or
all that a page lists."""

from urllib.parse import parse_qsl

from articles.web.paging import read_integer
from comments.desk_search import MOST, DeskSearch
from comments.models import Comment
from comments.near_duplicates import find_near_duplicates
from comments.writer_record import find_lookup, list_everywhere, list_of_writer


def write_chosen(comments):
    """Return comments with their stamps as lines for a form."""
    return "\n".join(f"{comment.pk} {comment.stamp}" for comment in comments)


def read_chosen(values):
    """Read what ``write_chosen`` wrote, from any number of fields: {primary key: stamp}."""
    chosen = {}
    for line in "\n".join(values).splitlines()[:MOST]:
        key, _space, stamp = line.partition(" ")
        pk = read_integer(key)
        if pk is not None and stamp:
            chosen[pk] = stamp
    return chosen


def list_scope(scope, *, moderator):
    """Return the comments that a page lists, all pages of it, up to ``MOST``.

    The scope is ``writer:12``, ``same:12``, ``lookup:3`` or ``search:`` with a query string.
    """
    kind, _colon, place = scope.partition(":")
    keys = _SCOPES[kind](place, moderator) if kind in _SCOPES else []
    rows = Comment.objects.in_bulk(keys)
    return [rows[key] for key in keys if key in rows]


def _list_writer(place, moderator):
    comment = _find_comment(place)
    return _list_keys(list_of_writer(comment)) if comment else []


def _list_lookup(place, moderator):
    pk = read_integer(place)
    lookup = find_lookup(pk, by=moderator) if pk is not None else None
    return _list_keys(list_everywhere(lookup)) if lookup else []


def _list_same(place, moderator):
    comment = _find_comment(place)
    return [comment.pk, *find_near_duplicates(comment).keys][:MOST] if comment else []


def _list_search(place, moderator):
    return DeskSearch(dict(parse_qsl(place))).list_keys()


def _list_keys(comments):
    return list(comments.order_by("-posted_at", "-pk").values_list("pk", flat=True)[:MOST])


def _find_comment(text):
    pk = read_integer(text)
    return Comment.objects.filter(pk=pk).first() if pk is not None else None


_SCOPES = {
    "writer": _list_writer,
    "lookup": _list_lookup,
    "same": _list_same,
    "search": _list_search,
}
