"""How a comment comes into a thread, and how its writer changes it."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from comments import compiled, indexing
from comments.checks import Outcome, judged_text
from comments.models import Comment, Reference, trees
from comments.models.comment import MAX_DEPTH
from comments.models.moderated import trees_that_show
from comments.readers import Reader, signature
from comments.refusals import (
    Changed,
    Judged,
    NotEditable,
    ParentMissing,
    ThreadClosed,
    TooDeep,
    WrongThread,
)
from comments.rendering import normalised, references, rendered

MOST_ANSWERS = 30  # a comment lists


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
    guard=None,
):
    """Write a comment under an article, or under one of its comments; returns it, saved.

    ``name`` may be ``name#secret``; ``posted_at`` defaults to now. A reader who sent the same
    text to the same place a moment ago gets the comment that exists (``settings.COMMENT_RULES``:
    ``same_text`` seconds by the reader's key, ``same_click`` by network where the request brought
    none). ``guard`` is called under the lock with the parent and may raise. Raises a ``Refused``
    where the thread is closed or the parent is not there, not public, in another thread or too
    deep.
    """
    reader = reader or Reader()
    text = normalised(text)
    name, tripcode = signature(name)
    named = _named(article, text)
    comment = Comment(
        name=str(staff)[:50] if staff else name,
        tripcode=tripcode,
        staff=staff,
        reader_code=reader.code_for(article.pk),
        reader_hash=reader.hash,
        network_hash=reader.network_hash,
        text=text,
        html=rendered(text, {number: pk for number, (pk, _tree) in named.items()}),
        posted_at=posted_at or timezone.now(),
        state=state,
        reason=reason,
        first_state=state,
        first_reason=reason,
    )
    with trees.thread_write(article) as thread:
        thread.article = article
        if not thread.accepts_comments:
            raise ThreadClosed
        parent = parent_in(thread, parent_id)
        writer = {"reader": reader, "staff": staff}
        same = twin(thread, parent_id=parent_id, text=text, at=comment.posted_at, **writer)
        if same:
            return same
        if guard:
            guard(parent)
        if comment.is_published:
            comment.reader_ordinal = thread.next_ordinal(comment.reader_code)
        trees.insert(comment, thread=thread, parent=parent)
        _refer(comment, named)
        others = {tree for _pk, tree in named.values()} - {comment.tree_id}
        if others and comment.is_published:
            thread.touched(others)
        else:
            thread.save_counts()
    return comment


def edit(comment, *, reader, text, before):
    """Let its writer change a comment's text.

    ``before`` is the digest of the text as the writer saw it. Raises ``NotEditable`` when the
    time is over, somebody answered, or it is not theirs, and ``Changed`` when the text is
    another by now; ``Judged`` when the new text does not pass the checks that a new comment
    passes. One that would be held is held.
    """
    verdict = judged_text(text, rules=settings.COMMENT_RULES)
    if verdict.outcome is Outcome.REFUSE:
        raise Judged(verdict)
    text = normalised(text)
    named = _named(comment.thread.article, text)
    with trees.thread_write(comment.thread.article_id) as thread:
        comment.refresh_from_db()
        _check_own(comment, reader, before)
        if not comment.is_editable:
            raise NotEditable
        shown_before = trees_that_show(Comment.objects.filter(pk=comment.pk))
        comment.text = text
        comment.html = rendered(text, {number: pk for number, (pk, _tree) in named.items()})
        comment.edited_at = timezone.now()
        comment.save(update_fields=["text", "html", "edited_at"])
        indexing.index(comment)
        comment.references.all().delete()
        _refer(comment, named)
        if comment.is_published:
            others = shown_before | {tree for _pk, tree in named.values()}
            thread.touched(others | {comment.tree_id})
        if verdict.outcome is Outcome.HOLD and comment.is_published:
            comment.hold(by=None, reason=verdict.reason)
    return comment


def withdraw(comment, *, reader, before):
    """Let its writer delete a comment; a placeholder stays where somebody answered.

    It is an entry of the ledger like any other, without a moderator. Raises as ``edit`` does,
    but knows no time limit.
    """
    _check_own(comment, reader, before)
    return comment.remove(by=None, reason=Comment.Reason.WRITER)


def _check_own(comment, reader, before):
    if not comment.is_written_by(reader):
        raise NotEditable
    if not secrets.compare_digest(before.encode(), comment.digest.encode()):
        raise Changed


def _named(article, text):
    """Return {number: (pk, tree_id)} of the comments that a text names."""
    numbers = references(text)
    if not numbers:
        return {}
    found = Comment.objects.published().filter(thread__article=article, number__in=numbers)
    return {number: (pk, tree) for number, pk, tree in found.values_list("number", "pk", "tree_id")}


def _refer(comment, named):
    """Note whom a comment names; one that many name already lists no more of them."""
    targets = {pk for pk, _tree in named.values()} - {comment.pk}
    if not targets:
        return
    answers = Reference.objects.filter(target__in=targets).order_by().values_list("target")
    full = dict(answers.annotate(count=Count("pk")).filter(count__gte=MOST_ANSWERS))
    Reference.objects.bulk_create(
        Reference(source=comment, target_id=pk) for pk in sorted(targets - full.keys())
    )


def twin(thread, *, parent_id, text, reader, at, staff=None):
    """Return the comment that a new one would repeat, or None.

    Of a member of the staff: their own of a moment ago, for a double click. With a key that the
    request brought: the same reader's. Without: what the same network has published a moment
    ago; the answer then gives no key to it.
    """
    rules = settings.COMMENT_RULES
    if staff:
        since = at - timedelta(seconds=rules["same_click"])
        same = _of_staff(thread.pk, text, since, staff.pk)
    elif reader.new_key:
        since = at - timedelta(seconds=rules["same_click"])
        same = _published_of_network(thread.pk, text, since, reader.network_hash)
    else:
        since = at - timedelta(seconds=rules["same_text"])
        same = _kept_of_reader(thread.pk, text, since, reader.hash)
    for pk, answered in same:
        if answered == parent_id:
            return Comment.objects.get(pk=pk)
    return None


@compiled.rows
def _published_of_network(thread_id, text, since, network_hash):
    own = Comment.objects.published().exclude(network_hash="").filter(network_hash=network_hash)
    return _saying(own, thread_id, text, since)


@compiled.rows
def _kept_of_reader(thread_id, text, since, reader_hash):
    own = Comment.objects.exclude(reader_hash="").filter(reader_hash=reader_hash)
    return _saying(own.exclude(state=Comment.State.REMOVED), thread_id, text, since)


@compiled.rows
def _of_staff(thread_id, text, since, staff_id):
    own = Comment.objects.published().filter(staff_id=staff_id)
    return _saying(own, thread_id, text, since)


def _saying(comments, thread_id, text, since):
    same = comments.filter(thread_id=thread_id, text=text, posted_at__gt=since)
    return same.order_by("posted_at").values_list("pk", "parent_id")


def parent_in(thread, pk):
    """Return the comment of a thread that is to be answered, as it is now; None for none.

    Raises ``ParentMissing``, ``WrongThread`` or ``TooDeep``.
    """
    if pk is None:
        return None
    parent = _parents.first(pk)
    if parent is None:
        raise ParentMissing
    if parent.thread_id != thread.pk:
        raise WrongThread
    if not parent.is_published:
        raise ParentMissing
    if parent.level >= MAX_DEPTH:
        raise TooDeep
    return parent


@compiled.rows
def _parents(pk):
    place = ("thread_id", "state", "number", "tree_id", "level", "lft", "rght", "parent_id")
    return Comment.objects.order_by().filter(pk=pk).only(*place)
