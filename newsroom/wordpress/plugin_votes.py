"""The counts of votes that WordPress's plugins store as comment meta."""

from newsroom.importing.comment_threads import limit_score

# Plugin: keys of its counts and their signs. Both keys of a pair are added up.
PLUGINS = (
    {"_commentliked": 1},  # WP ULike
    {"like_amount": 1, "dislike_amount": -1},  # WP ULike, newer
    {"cld_like_count": 1, "cld_dislike_count": -1},  # Comments Like Dislike
    {"wpdiscuz_votes": 1},  # wpDiscuz: the sum already
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
