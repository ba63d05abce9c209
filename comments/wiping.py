"""Wiping: a comment loses its text for good, also where others quote it. The row stays."""

from django.db.models import F
from django.utils import timezone

from articles import search
from comments import indexing
from comments.models import AwaitedNumber, Comment, OldText, Reference, Report
from comments.models.reference import render_again
from comments.models.trees import BATCH
from comments.quoting import Passages, with_marks


def wipe_texts(thread, comments):
    """Erase the texts and names of some removed comments of a thread: with their old and reported
    texts, their entries in the search index, and what others quote of them. Only inside
    ``thread_write``. Returns how many comments it erased, and how many quoted them.
    """
    sources = list(comments.only("pk", "text"))
    pks = [source.pk for source in sources]
    old_texts = OldText.objects.filter(comment__in=pks)
    texts = [source.text for source in sources] + list(old_texts.values_list("text", flat=True))
    own = thread.comments.filter(pk__in=pks)
    own.update(
        text="",
        html="",
        name="",
        tripcode="",
        matched_rule=None,
        matched_start=None,
        matched_end=None,
        submission=None,
        is_unseen=False,
        version=F("version") + 1,
        purged_at=timezone.now(),
    )
    old_texts.delete()
    Report.objects.filter(comment__in=pks).exclude(about="").update(about="")
    Reference.objects.filter(source__in=pks).delete()
    AwaitedNumber.objects.filter(source__in=pks).delete()
    search.remove_entries(indexing.COMMENT, pks)
    return len(pks), _wipe_quotations(thread, Passages(texts))


def _wipe_quotations(thread, passages):
    """Replace what the comments of a thread quote; returns how many did."""
    changed = _strip(thread.comments.with_text(), "text", passages)
    quoting = list(Comment.objects.filter(pk__in=changed).order_by("pk"))
    if quoting:
        render_again(thread, quoting)
        indexing.index_comments(quoting)
        thread.comments.filter(pk__in=changed).update(version=F("version") + 1)
        shown = {comment.tree_id for comment in quoting if comment.is_published}
        if shown:
            thread.raise_versions(shown)
    _strip(OldText.objects.filter(comment__thread=thread), "text", passages)
    _strip(Report.objects.filter(comment__thread=thread), "about", passages)
    return len(quoting)


def _strip(rows, field, passages):
    """Replace quotations in a field of some rows; returns the keys of those that changed."""
    changed = []
    for row in rows.filter(with_marks(field)).only("pk", field).order_by("pk"):
        stripped = passages.strip_quotations(getattr(row, field))
        if stripped != getattr(row, field):
            setattr(row, field, stripped)
            changed.append(row)
    rows.model._base_manager.bulk_update(changed, [field], batch_size=BATCH)
    return [row.pk for row in changed]
