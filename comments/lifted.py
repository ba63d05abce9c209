"""Comments that the staff lifts up: pinned and featured ones, on their thread and the front page.

A comment that is removed or held, or whose act is undone, is lifted no longer.
"""

from dataclasses import dataclass

from django.utils import timezone

from articles.models import compiled
from comments.models import Comment, Measure
from comments.models.states import State, Verb

MOST_FEATURED = 3  # above a thread


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
    # Not by the thread: PostgreSQL would take its index, and read all comments of a long one.
    published = Comment.objects.published().filter(pk__in=[pinned or 0, *featured])
    comments = {comment.pk: comment for comment in published.for_thread()}
    chosen = [comments[pk] for pk in featured if pk in comments and pk != pinned]
    first = [Lifted(comments[pinned], True)] if pinned in comments else []
    return [*first, *(Lifted(comment, False) for comment in chosen[:MOST_FEATURED])]


def find_front_features(articles):
    """Return {article's key: the comment that the front page shows} of some articles, by their
    keys, and the next moment at which one ends by itself, or None. One query."""
    features, ends = {}, []
    for measure in _front_features(list(articles), timezone.now()):
        features.setdefault(measure.thread.article_id, measure.comment)
        ends += [measure.until] if measure.until else []
    return features, min(ends, default=None)


@compiled.rows
def _front_features(articles, now):
    measures = Measure.objects.in_force(now).filter(
        kind=Verb.FEATURE,
        value="front",
        thread__article_id__in=compiled.each_of(articles),
        comment__state=State.PUBLISHED,
    )
    return measures.select_related("comment__staff", "thread")
