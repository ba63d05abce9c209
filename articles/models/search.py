"""The seam to the search index, for the article and for the apps above this one."""

from articles.search.index import ARTICLE, Entry, matches, object_ids, remove, write, write_many
from articles.search.texts import entry_of, text_of

__all__ = [
    "ARTICLE",
    "Entry",
    "entry_of",
    "matches",
    "object_ids",
    "remove",
    "text_of",
    "write",
    "write_many",
]
