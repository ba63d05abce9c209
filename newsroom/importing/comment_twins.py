"""Finds comments that came already by the export of another system.

Plug-ins copy comments to and fro: those that WordPress holds of Disqus are in the exports of both.
"""

from collections import defaultdict
from functools import cached_property

from comments.models import Comment
from newsroom.importing.mapping import find_existing

COMPARED = 20  # letters and digits of a text: systems differ in marks, links and spaces


class CommentTwins:
    """Answers for one import, whose own comments are in the mapping."""

    def __init__(self, mapping):
        self._mapping = mapping

    @cached_property
    def _has_others(self):
        return self._mapping.list_others("comment").exists()

    def find(self, fields, article_id):
        """Return {old id: id here} of those comments that are in the thread of an article.

        ``fields`` are the values of comments by old id. A twin has the same second, name and
        beginning.
        """
        if not fields or not self._has_others:
            return {}
        wanted = {old_id: _describe(values) for old_id, values in fields.items()}
        here = self._list_here(article_id, set(wanted.values()))
        return {old_id: here[key].pop() for old_id, key in wanted.items() if here.get(key)}

    def _list_here(self, article_id, wanted):
        """Return {description: ids here, the first one last} of what other imports brought."""
        rows = Comment.objects.filter(thread__article=article_id).order_by("-number")
        same = {}
        for row in rows.values("pk", "posted_at", "name", "text").iterator():
            if (key := _describe(row)) in wanted:
                same[row["pk"]] = key
        imported = find_existing(self._mapping.list_others("comment"), "object_id", same)
        here = defaultdict(list)
        for pk, key in same.items():
            if pk in imported:
                here[key].append(pk)
        return here


def _describe(values):
    text = "".join(filter(str.isalnum, values["text"]))[:COMPARED]
    return values["posted_at"].replace(microsecond=0), values["name"], text
