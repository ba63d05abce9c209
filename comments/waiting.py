"""What waits for a moderator: held and reported comments, edits, objections, mentions."""

from dataclasses import dataclass

from comments.models import Comment, Mention, Objection, Report


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of what waits, by kind. A comment that waits for two reasons counts in both,
    and once in ``total``."""

    held: int = 0
    reported: int = 0
    edited: int = 0
    objections: int = 0
    mentions: int = 0
    total: int = 0


def count_waiting():
    """Count what waits. Six queries over partial indexes."""
    reported = Report.objects.open().order_by().values("comment").distinct()
    objected = Objection.objects.open().order_by()
    held, edited = Comment.objects.held(), Comment.objects.filter(is_unseen=True)
    counts = {
        "held": held.count(),
        "reported": reported.count(),
        "edited": edited.count(),
        "objections": objected.count(),
        "mentions": Mention.objects.filter(state=Comment.State.HELD).count(),
    }
    return Counts(**counts, total=sum(counts.values()))
