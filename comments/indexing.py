"""The comments in the search index: their text, and the time they were posted.

The index holds comments in every state, and the search page leaves out those that readers may not
see. So moderation does not change the index. Its marks lead to texts that are nearly the same
(``comments.near_duplicates``).
"""

from articles import search
from articles.models import driver
from comments.fingerprints import compute_marks

COMMENT = 2


def build_entry(comment):
    return search.Entry(
        kind=COMMENT,
        object_id=comment.pk,
        title="",
        body=comment.text,
        date=comment.posted_at,
        marks=tuple(compute_marks(comment.text)),
    )


def index_comment(comment):
    """Update the index for a saved comment, inside the transaction that saved it."""
    driver.write(*search.build_statement(build_entry(comment)))


def index_comments(comments):
    search.write_entries(map(build_entry, comments))
