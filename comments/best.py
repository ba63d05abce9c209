"""The best comments of a thread: two stand at its head, and three carry their rank. Of a long
thread they are chosen among the newest: no index holds the scores, which every vote changes.
"""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from articles.models import compiled
from comments.models import Comment
from comments.models.states import State
from comments.voices import COLUMNS, LEAST, RECENT, SCORE, TEXT, Voice, take_voice

RANKED, LEAST_RANKED = 3, 10  # comments with a rank, and the least score of each
AT_HEAD = 2
CANDIDATES = 20  # that are looked through for sentences to show


@dataclass(frozen=True, slots=True)
class Best:
    """The best comments of a thread. ``ranks`` are those of primary keys, from 1; equal scores
    have one. ``voices`` stand at the head."""

    ranks: dict
    voices: list


def find_best(thread_id, beside=()):
    """Return the best comments of a thread; none of the voices is among ``beside``, the primary
    keys of what stands above the thread anyway. One query."""
    rows, voices = list(_best(thread_id)), []
    for is_below_removed, code, *row in rows:
        is_shown = row[0] in beside or is_below_removed or row[COLUMNS.index("staff_id")]
        if not is_shown and (text := take_voice(row[TEXT])):
            voices.append(Voice.build(text, row, code=code))
        if len(voices) == AT_HEAD:
            break
    return Best(_rank([row[2:] for row in rows]), voices)


def mark_ranks(nodes, ranks):
    """Give nodes of ranked comments their rank."""
    for node in nodes if ranks else ():
        node.rank = ranks.get(node.comment.pk, 0)


def _rank(rows):
    scores = [row[SCORE] for row in rows if row[SCORE] >= LEAST_RANKED]
    ranks = {row[0]: 1 + scores.index(row[SCORE]) for row in rows[: len(scores)]}
    return {pk: rank for pk, rank in ranks.items() if rank <= RANKED}


@compiled.rows
def _best(thread_id):
    removed = Comment.objects.exclude(state=State.PUBLISHED).filter(
        tree_id=OuterRef("tree_id"), lft__lt=OuterRef("lft"), rght__gt=OuterRef("rght")
    )
    comments = Comment.objects.published().filter(thread_id=thread_id)
    recent = comments.order_by("-posted_at").values("pk")[:RECENT]
    best = Comment.objects.filter(pk__in=recent, score__gte=LEAST).order_by("-score", "number")
    best = best.annotate(is_below_removed=Exists(removed))
    return best.values_list("is_below_removed", "reader_code", *COLUMNS)[:CANDIDATES]
