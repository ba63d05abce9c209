"""What an author of the staff answered to readers."""

from dataclasses import dataclass

from django.db.models import Count
from django.utils import timezone

from articles.models import compiled
from comments.models import Comment
from comments.voices import ANSWER, COLUMNS, Voice, take_voice

SHOWN = 3
CANDIDATES = 12  # newest replies, of which some have no sentence to show alone


@dataclass(frozen=True, slots=True)
class Replies:
    """The newest replies of an author, as (voice, comment) with the article, and how many there
    are."""

    newest: list
    count: int


def read_replies(author):
    """Return the ``Replies`` of an account. Two queries."""
    newest = []
    for comment in _newest(author.pk, timezone.now()):
        if text := take_voice(comment.text, fewest=ANSWER[0], most=ANSWER[1]):
            row = [getattr(comment, name) for name in COLUMNS]
            newest.append((Voice.build(text, row), comment))
    count = _count.first(author.pk, timezone.now()) if newest else 0
    return Replies(newest[:SHOWN], count or 0)


@compiled.rows
def _newest(author, now):
    return Comment.objects.replies_of(author, now).order_by("-pk").with_title()[:CANDIDATES]


@compiled.rows
def _count(author, now):
    replies = Comment.objects.replies_of(author, now).order_by().values("staff_id")
    return replies.annotate(count=Count("pk")).values_list("count", flat=True)
