"""Erasing: by order of the law a comment's text goes for good, with all that repeats it.

One moderator asks, another one has it carried out; both acts are entries of the ledger, without a
text. Nothing can be undone afterwards.
"""

from time import time

from django.core.cache import caches
from django.db import transaction
from django.utils import timezone

from comments.models import (
    Comment,
    Erasure,
    Mention,
    ModerationAction,
    ModerationItem,
    Objection,
    OldText,
    Report,
)
from comments.models.folds import apply_ledger
from comments.models.stamps import Stamp, find_changes
from comments.models.states import Actor, Verb
from comments.models.trees import thread_write
from comments.quoting import Passages, fold_text, has_name
from comments.refusals import (
    Changed,
    ErasureRequested,
    ErasureSettled,
    NoteRepeatsText,
    SamePerson,
    TextErased,
)
from comments.wiping import wipe_texts

# In the page cache: the time of the last erasure. Pages from before are never sent again.
ERASED_AT = "erased-at"


def request_erasure(comment, *, by, reason, note, seen=""):
    """Ask that a comment be erased; ``note`` says on what ground. Changes nothing else.

    Raises ``TextErased`` and ``ErasureRequested`` the second time, ``Changed`` if the comment is
    not as it was seen, and ``NoteRepeatsText`` if the note would keep what is to be erased.
    """
    with thread_write(comment.thread.article_id) as thread:
        comment.refresh_from_db()
        _check_stamp(comment, seen)
        if comment.erasures.exclude(action=None).exists():
            raise TextErased
        if comment.erasures.pending().exists():
            raise ErasureRequested
        if _repeats(comment, note):
            raise NoteRepeatsText
        action = _record(comment, thread, Verb.REQUEST, by=by, reason=reason, note=note)
        return Erasure.objects.create(comment=comment, request=action)


def withdraw_erasure(erasure, *, by):
    """Withdraw a request that nobody has carried out. Raises ``ErasureSettled``."""
    with thread_write(erasure.comment.thread.article_id):
        request = _refresh(erasure)
        request.undone_at, request.undone_by = timezone.now(), by
        request.save(update_fields=["undone_at", "undone_by"])


def confirm_erasure(erasure, *, by, seen=""):
    """Carry a request out, as another person than who asked.

    Raises ``SamePerson``, ``ErasureSettled`` if it was withdrawn or carried out, and ``Changed``
    if the comment is not as it was seen.
    """
    comment = erasure.comment
    with thread_write(comment.thread.article_id) as thread:
        request = _refresh(erasure)
        if request.moderator_id == by.pk:
            raise SamePerson
        comment.refresh_from_db()
        _check_stamp(comment, seen)
        erasure.action = _erase(comment, thread, by=by, reason=request.reason)
        erasure.save(update_fields=["action"])
    return erasure.action


def erase_alone(comment, *, reason, note):
    """Erase a comment without a second person, for the operator's command. An act of the site,
    whose note says so. Raises ``TextErased`` the second time, and ``NoteRepeatsText``."""
    with thread_write(comment.thread.article_id) as thread:
        comment.refresh_from_db()
        if comment.erasures.exclude(action=None).exists():
            raise TextErased
        if _repeats(comment, note):
            raise NoteRepeatsText
        request = _record(comment, thread, Verb.REQUEST, reason=reason, note=note)
        action = _erase(comment, thread, reason=reason, note=note)
        for pending in comment.erasures.pending():
            withdraw_erasure(pending, by=None)
        Erasure.objects.create(comment=comment, request=request, action=action)
    return action


def list_noted(comment):
    """Return the acts with a note that goes with the text of a comment; the ground of a request
    stays."""
    covering = ModerationItem.objects.filter(comment=comment).order_by().values("action")
    about = ModerationAction.objects.filter(comment=comment).order_by().values("pk")
    acts = ModerationAction.objects.filter(pk__in=about.union(covering))
    noted = acts.exclude(note="", undone_note="")
    return noted.exclude(verb__in=[Verb.REQUEST, Verb.ERASE]).order_by()


def _erase(comment, thread, *, by=None, reason, note=""):
    repeats = _recognise(comment)
    list_noted(comment).update(note="", undone_note="")
    Report.objects.filter(comment=comment).update(text="")
    Objection.objects.filter(comment=comment).update(text="")
    action = _record(comment, thread, Verb.ERASE, by=by, reason=reason, note=note)
    apply_ledger(thread, [comment.pk], newest=action)
    wipe_texts(thread, Comment.objects.filter(pk=comment.pk))
    _wipe_words(thread, repeats)
    thread.raise_versions(())  # mentions are on the page too, also of a comment that is not
    comment.refresh_from_db()
    transaction.on_commit(empty_caches, robust=True)
    return action


def _wipe_words(thread, repeats):
    """Empty what others have said about the thread where it repeats an erased text."""
    acts = ModerationAction.objects.about(thread.article_id)
    said = [
        (Report.objects.filter(comment__thread=thread), "text"),
        (Objection.objects.filter(comment__thread=thread), "text"),
        (Mention.objects.filter(article=thread.article_id), "excerpt"),
        (acts, "note"),
        (acts, "undone_note"),
    ]
    for rows, field in said:
        texts = rows.exclude(**{field: ""}).order_by().values_list("pk", field)
        pks = [pk for pk, text in texts if repeats(text)]
        rows.model.objects.filter(pk__in=pks).update(**{field: ""})


def empty_caches():
    """Forget the pages that showed the text. A process keeps its own copies for an hour at most,
    and sends one only while the database is away."""
    for alias in ("default", "pages", "threads"):
        caches[alias].clear()
    caches["pages"].set(ERASED_AT, time(), timeout=None)


def _record(comment, thread, verb, *, by=None, reason, note=""):
    action = ModerationAction.objects.create(
        thread=thread,
        comment=comment,
        verb=verb,
        reason=reason,
        note=note,
        moderator=by,
        actor=Actor.MODERATOR if by else Actor.SITE,
    )
    action.cover([comment.pk])
    return action


def _refresh(erasure):
    """Read an erasure again under the lock; returns its request, which is pending."""
    erasure.refresh_from_db(fields=["action"])
    erasure.request.refresh_from_db()
    if not erasure.is_pending:
        raise ErasureSettled([(erasure.action or erasure.request).describe()])
    return erasure.request


def _check_stamp(comment, seen):
    changes = find_changes(comment, Stamp.read(seen)) if seen else []
    if changes:
        raise Changed(changes)


def _repeats(comment, note):
    """Whether a note repeats a comment's text, an old one or its name. A few letters are enough: a
    refused note can be written again."""
    passages, name = _read_passages(comment), fold_text(comment.name)
    names_writer = len(name) > 1 and name in fold_text(note)
    return names_writer or passages.are_quoted_in(note) or passages.are_named_in(note)


def _recognise(comment):
    """Return a function that says whether a text, which is then lost for good, repeats a comment's,
    an old one or its name: it quotes it, or has a distinctive part of it."""
    passages, name = _read_passages(comment), comment.name

    def repeats(text):
        is_quoting = bool(passages.find_quotation(text))
        return is_quoting or passages.are_named_in(text) or has_name(text, name)

    return repeats


def _read_passages(comment):
    old_texts = OldText.objects.filter(comment=comment).values_list("text", flat=True)
    return Passages([comment.text, *old_texts])
