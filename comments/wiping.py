"""Wiping: a comment loses its text for good, also where others quote it. The row stays."""

from django.db.models import F
from django.utils import timezone

from articles import search
from comments import indexing
from comments.models import AwaitedNumber, Comment, OldText, Reference, Report
from comments.models.reference import render_again
from comments.quoting import Passages, with_marks

FEW = 100  # rows an UPDATE that sets another text in each


def wipe_texts(thread, comments):
    """Erase the texts and names of some removed comments of a thread: with their old and reported
    texts, their entries in the search index, and what others quote of them. Only inside
    ``thread_write``. Returns how many comments it erased, and how many quoted them.
    """
    sources = dict(comments.order_by("pk").values_list("pk", "text"))
    pks = list(sources)
    old_texts = OldText.objects.filter(comment__in=pks)
    texts = [*sources.values(), *old_texts.values_list("text", flat=True)]
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
    stripped = {}
    # As values: a comment with deferred fields reads them at once, one by one.
    for pk, text in rows.filter(with_marks(field)).order_by("pk").values_list("pk", field):
        without = passages.strip_quotations(text)
        if without != text:
            stripped[pk] = without
    changed = list(rows.model._base_manager.filter(pk__in=stripped))
    for row in changed:
        setattr(row, field, stripped[row.pk])
    rows.model._base_manager.bulk_update(changed, [field], batch_size=FEW)
    return list(stripped)
