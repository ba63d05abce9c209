"""The counts of votes that plugins keep beside WordPress's comments."""

# Plugin: (key of the count, sign). Of a pair both keys are added up.
KNOWN = (
    {"_commentliked": 1},  # WP ULike
    {"like_amount": 1, "dislike_amount": -1},  # WP ULike, newer
    {"cld_like_count": 1, "cld_dislike_count": -1},  # Comments Like Dislike
    {"wpdiscuz_votes": 1},  # wpDiscuz: the sum already
    {"_comment_like_count": 1, "_comment_dislike_count": -1},
    {"_likes": 1, "_dislikes": -1},
    {"likes": 1, "dislikes": -1},
)
HIGHEST = 2_000_000_000


def imported_score(meta, key=""):
    """Return the score that a comment brings along: of the meta key given, else of the first
    plugin known that left a count, else 0."""
    if key:
        score = meta.get(key, 0)
    else:
        keys = next((keys for keys in KNOWN if not keys.keys().isdisjoint(meta)), {})
        score = sum(sign * meta.get(name, 0) for name, sign in keys.items())
    return max(-HIGHEST, min(HIGHEST, score))
