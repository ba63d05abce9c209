"""Full-text search: one analyser, and an index in PostgreSQL or SQLite.

An entry of the index holds an object's kind, primary key, title, text and date. It does not say
who may see the object: searches ask the object's own table.
"""

from articles.search.index import (
    ARTICLE,
    Entry,
    build_statement,
    describe_rows,
    find_marked,
    find_matches,
    list_ids,
    list_matching_ids,
    optimize_index,
    remove_entries,
    write_entries,
    write_entry,
)
from articles.search.lookups import Among, KeyQuery
from articles.search.similarity import find_similar
from articles.search.texts import build_entry, extract_article_text

__all__ = [
    "ARTICLE",
    "Among",
    "KeyQuery",
    "Entry",
    "build_entry",
    "build_statement",
    "describe_rows",
    "find_marked",
    "find_matches",
    "find_similar",
    "list_ids",
    "list_matching_ids",
    "remove_entries",
    "optimize_index",
    "extract_article_text",
    "write_entry",
    "write_entries",
]
