"""Comments that the staff lifts up: pinned and featured ones, on their thread and the front page.

A comment that is removed or held, or whose act is undone, is lifted no longer.
"""

from dataclasses import dataclass
from math import inf

from django.utils import timezone

from comments.models import Comment, Measure
from comments.models.states import State, Verb

MOST_FEATURED = 3  # above a thread
CHANGES_AT = "newsroom.changes_at"  # a variable of a request, see ``note_change``


@dataclass(frozen=True, slots=True)
class Lifted:
    """A comment above its thread: the pinned one, or a featured one."""

    comment: Comment
    is_pinned: bool


def find_lifted(thread):
    """Return the comments above a thread: the pinned one, then the newest featured ones. One query
    where there are any, else none."""
    pinned, featured = thread.regime.pinned, thread.regime.featured
    if not pinned and not featured:
        return []
    published = thread.comments.published().filter(pk__in=[pinned or 0, *featured])
    comments = {comment.pk: comment for comment in published.for_thread()}
    chosen = [comments[pk] for pk in featured if pk in comments and pk != pinned]
    first = [Lifted(comments[pinned], True)] if pinned in comments else []
    return [*first, *(Lifted(comment, False) for comment in chosen[:MOST_FEATURED])]


def find_front_features(articles):
    """Return {article id: the comment that the front page shows}, and the next moment at which one
    ends by itself, or None. One query."""
    measures = Measure.objects.in_force().filter(
        kind=Verb.FEATURE,
        value="front",
        thread__article__in=[article.pk for article in articles],
        comment__state=State.PUBLISHED,
    )
    features, ends = {}, []
    for measure in measures.select_related("comment", "thread"):
        features.setdefault(measure.thread.article_id, measure.comment)
        ends += [measure.until] if measure.until else []
    return features, min(ends, default=None)


def note_change(request, at):
    """Note when a page changes by itself, as Unix time among the variables of the request; the
    page cache sends it no longer than that."""
    if at is not None and at > timezone.now():
        noted = request.META.get(CHANGES_AT, inf)
        request.META[CHANGES_AT] = min(noted, at.timestamp())
