"""Nearly the same: the comments whose text is a variant of another's.

The marks of the search index name the candidates (``comments.fingerprints``), their texts decide.
On 60 Japanese variants and 60 innocent texts about the same things, variants share from 0.45 of
their shingles, innocent texts up to 0.2.
"""

from dataclasses import dataclass
from itertools import islice

from articles.search import find_marked
from comments.fingerprints import compute_marks, list_shingles, measure_likeness
from comments.indexing import COMMENT
from comments.models import Comment

LIKE = 0.35  # of the shingles
MOST = 1_000  # comments that one search returns
MOST_CANDIDATES = 2 * MOST
BATCH = 500  # candidates whose texts are read at once
FIELDS = ("pk", "text", "thread_id", "network_hash", "reader_hash", "state")


@dataclass(frozen=True, slots=True)
class NearDuplicates:
    """The keys, newest first, of the comments nearly the same as one, without itself; in how many
    articles they stand, from how many networks they come, and whether there are more."""

    keys: list[int]
    article_count: int
    network_count: int
    is_more: bool

    def __len__(self):
        return len(self.keys)


def find_near_duplicates(comment, *, most=MOST):
    """Return the ``NearDuplicates`` of a comment, in any state, of any article.

    A text of a few words has none. Networks are counted as far as their hashes tell: within a week.
    """
    alike, is_more = [], False
    for candidate in _list_alike(comment):
        if len(alike) == most:
            is_more = True
            break
        alike.append(candidate)
    return NearDuplicates(
        keys=[candidate.pk for candidate in alike],
        article_count=len({each.thread_id for each in alike}),
        network_count=len({each.network_hash for each in alike if each.network_hash}),
        is_more=is_more,
    )


def _list_alike(comment):
    """Yield the comments that are nearly the same, newest first."""
    shingles = list_shingles(comment.text)
    keys = islice(_list_marked(compute_marks(comment.text)), MOST_CANDIDATES)
    while batch := list(islice(keys, BATCH)):
        candidates = Comment.objects.order_by("-pk").filter(pk__among=batch)
        for candidate in candidates.exclude(pk=comment.pk).only(*FIELDS):
            if measure_likeness(shingles, list_shingles(candidate.text)) >= LIKE:
                yield candidate


def _list_marked(marks):
    """Yield the keys of the comments that share a mark, newest first, reading lot by lot."""
    before, is_cut = None, True
    while is_cut:
        is_cut = False
        for lot, is_cut in find_marked(marks, COMMENT, before=before):
            yield from (key for key, _rank in lot)
            if is_cut:  # the rest of the lot follows in a search of its own
                before = lot[-1][0]
                break
