"""The ids of exported posts and terms: in WordPress, rows of several of our tables share a table.

They are the same in every export.
"""

POSTS = ARTICLE, FILE, GUEST, REDIRECT = range(4)
TERMS = CATEGORY, TAG, SERIES = range(3)


def number_post(kind, pk):
    """Return the id of an article, file, guest or redirect as a post."""
    return pk * len(POSTS) + kind


def number_term(kind, pk):
    """Return the id of a category, tag or series as a term."""
    return pk * len(TERMS) + kind
