"""The counts of votes that WordPress's plugins store as comment meta."""

from newsroom.importing.comment_threads import limit_score

LIKES, DISLIKES = "cld_like_count", "cld_dislike_count"
SUM = "wpdiscuz_votes"

# Plugin: keys of its counts and their signs. Both keys of a pair are added up.
PLUGINS = (
    {"_commentliked": 1},  # WP ULike
    {"like_amount": 1, "dislike_amount": -1},  # WP ULike, newer
    {LIKES: 1, DISLIKES: -1},  # Comments Like Dislike
    {SUM: 1},  # wpDiscuz: the sum already
    {"_comment_like_count": 1, "_comment_dislike_count": -1},
    {"_likes": 1, "_dislikes": -1},
    {"likes": 1, "dislikes": -1},
)


def read_score(meta, key=""):
    """Return the score in a comment's meta: of the given key, else of a known plugin, else 0."""
    if key:
        score = meta.get(key, 0)
    else:
        signs = next((signs for signs in PLUGINS if not signs.keys().isdisjoint(meta)), {})
        score = sum(sign * meta.get(name, 0) for name, sign in signs.items())
    return limit_score(score)


def list_votes(up, down, imported=0):
    """Return the votes for a comment as pairs of meta for two plugins, none without votes.

    ``imported`` is a score that came from elsewhere; it counts as votes in its direction.
    """
    up, down = up + max(imported, 0), down - min(imported, 0)
    return [(LIKES, up), (DISLIKES, down), (SUM, up - down)] if up or down else []
