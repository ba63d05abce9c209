"""Full-text search: one analysis of the texts, two databases that store the index.

The index knows entries only: a kind of object, the key of one of them, its title, text and date.
Visibility is checked against the objects themselves, never against their entries.
"""

from articles.search.index import (
    ARTICLE,
    Entry,
    find_matches,
    list_ids,
    remove_entries,
    write_entries,
    write_entry,
)
from articles.search.lookups import Among
from articles.search.texts import build_entry, extract_article_text

__all__ = [
    "ARTICLE",
    "Among",
    "Entry",
    "build_entry",
    "find_matches",
    "list_ids",
    "remove_entries",
    "extract_article_text",
    "write_entry",
    "write_entries",
]
