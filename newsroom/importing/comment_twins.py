"""Finds comments that came already by the export of another system.

Plug-ins copy comments to and fro: those that WordPress holds of Disqus are in the exports of both.
"""

from collections import defaultdict
from functools import cached_property

from comments.models import Comment

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
        rows = Comment.objects.filter(
            thread__article=article_id, pk__in=self._mapping.list_others("comment")
        )
        here = defaultdict(list)
        for row in rows.order_by("-number").values("pk", "posted_at", "name", "text"):
            here[_describe(row)].append(row["pk"])
        twins = {}
        for old_id, values in fields.items():
            if same := here.get(_describe(values)):
                twins[old_id] = same.pop()
        return twins


def _describe(values):
    text = "".join(filter(str.isalnum, values["text"]))[:COMPARED]
    return values["posted_at"].replace(microsecond=0), values["name"], text
