"""What of comments is found: their text, with the date on which they were posted.

The index holds every comment, whatever its state; what readers may see is asked of the comments
that were found, so moderation needs no write here.
"""

from articles import search

COMMENT = 2


def entry_of(comment):
    return search.Entry(
        kind=COMMENT,
        object_id=comment.pk,
        title="",
        body=comment.text,
        date=comment.posted_at,
    )


def index(comment):
    """Bring the index up to what a saved comment says, inside the transaction that saved it."""
    search.write_entry(entry_of(comment))


def index_many(comments):
    search.write_entries(map(entry_of, comments))
