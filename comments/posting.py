"""How a comment comes into a thread."""

from django.utils import timezone

from comments import trees
from comments.models import Comment
from comments.models.comment import MAX_DEPTH
from comments.readers import Reader, signature
from comments.refusals import ParentMissing, ThreadClosed, TooDeep, WrongThread
from comments.rendering import normalised, references, rendered


def post(
    article,
    *,
    text,
    name="",
    parent_id=None,
    reader=None,
    staff=None,
    posted_at=None,
    state=Comment.State.PUBLISHED,
    reason="",
):
    """Write a comment under an article, or under one of its comments; returns it, saved.

    ``name`` may be ``name#secret``; ``posted_at`` defaults to now. Raises a ``Refused`` where the
    thread is closed or the parent is not there, not public, in another thread or too deep.
    """
    reader = reader or Reader()
    text = normalised(text)
    name, tripcode = signature(name)
    numbers = references(text)
    targets = dict(
        Comment.objects.filter(thread__article=article, number__in=numbers).values_list(
            "number", "pk"
        )
        if numbers
        else ()
    )
    comment = Comment(
        name=name,
        tripcode=tripcode,
        staff=staff,
        reader_code=reader.code_for(article.pk),
        reader_hash=reader.hash,
        network_hash=reader.network_hash,
        text=text,
        html=rendered(text, targets),
        posted_at=posted_at or timezone.now(),
        state=state,
        reason=reason,
        first_state=state,
        first_reason=reason,
    )
    with trees.thread_write(article) as thread:
        if not thread.is_open:
            raise ThreadClosed
        trees.insert(comment, thread=thread, parent=_parent(parent_id, thread))
        if comment.is_published:
            thread.published_count += 1
            thread.version += 1
            thread.save(update_fields=["published_count", "version"])
    return comment


def _parent(pk, thread):
    """Return the parent as it is now, under the lock."""
    if pk is None:
        return None
    parent = Comment.objects.filter(pk=pk).first()
    if parent is None:
        raise ParentMissing
    if parent.thread_id != thread.pk:
        raise WrongThread
    if not parent.is_published:
        raise ParentMissing
    if parent.level >= MAX_DEPTH:
        raise TooDeep
    return parent
