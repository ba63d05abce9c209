"""What of comments is found: their text, with the date on which they were posted.

The index holds every comment, whatever its state; what readers may see is asked of the comments
that were found, so moderation needs no write here.
"""

from articles import search

COMMENT = 2


def build_entry(comment):
    return search.Entry(
        kind=COMMENT,
        object_id=comment.pk,
        title="",
        body=comment.text,
        date=comment.posted_at,
    )


def index_comment(comment):
    """Bring the index up to what a saved comment says, inside the transaction that saved it."""
    search.write_entry(build_entry(comment))


def index_comments(comments):
    search.write_entries(map(build_entry, comments))
