"""Full-text search: one analysis of the texts, two databases that store the index.

The index knows entries only: a kind of object, the key of one of them, its title, text and date.
Visibility is checked against the objects themselves, never against their entries.
"""

from articles.search.index import ARTICLE, Entry, matches, object_ids, remove, write, write_many
from articles.search.lookups import Among
from articles.search.texts import entry_of, text_of

__all__ = [
    "ARTICLE",
    "Among",
    "Entry",
    "entry_of",
    "matches",
    "object_ids",
    "remove",
    "text_of",
    "write",
    "write_many",
]
