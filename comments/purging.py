"""Purging: the texts that moderation keeps are erased after a set time.

Rows, states, dates, counts and the entries of the ledger stay. ``comments.retention`` forgets who
wrote, voted and reported.
"""

from django.db.models.functions import Coalesce
from django.utils import timezone

from comments.erasing import empty_caches
from comments.kept_pages import LONGEST
from comments.models import Comment, ModerationAction, Objection, OldText, Report
from comments.models.trees import BATCH, thread_write
from comments.wiping import wipe_texts

FEW = 200  # texts whose quotations are looked for at once


def purge_moderation(*, before, kinds=None, dry_run=False):
    """Purge what moderation has kept since before a moment, all kinds or some of ``KINDS``.

    A removed comment loses its text and name for good: it can be neither approved nor restored.
    What waits for a decision is kept: the reports and objections that nobody has answered, and
    the texts that these objections are about. Returns the counts by kind.
    """
    purges = {kind: KINDS[kind] for kind in kinds or KINDS}
    counts = {kind: purge_kind(before, dry_run) for kind, purge_kind in purges.items()}
    if not dry_run and before > timezone.now() - LONGEST:
        empty_caches()  # a page from before a removal is kept until somebody asks for it
    return counts


def _purge_removed_texts(before, dry_run):
    decided_at = Coalesce("moderated_at", "posted_at")
    removed = Comment.objects.removed().with_text().alias(decided_at=decided_at)
    waiting = Objection.objects.open().values("comment")
    removed = removed.filter(decided_at__lt=before).exclude(pk__in=waiting)
    return _purge_in_threads(removed, "thread", wipe_texts, dry_run, batch=FEW)


def _purge_old_texts(before, dry_run):
    texts = OldText.objects.filter(replaced_at__lt=before)
    return _purge_in_threads(texts, "comment__thread", lambda _thread, few: few.delete(), dry_run)


def _purge_in_threads(rows, thread_field, purge_few, dry_run, batch=BATCH):
    """Purge rows in batches, each under the lock of its thread; returns how many."""
    if dry_run:
        return rows.count()
    count = 0
    articles = rows.order_by().values_list(f"{thread_field}__article_id", flat=True).distinct()
    for article_id in sorted(articles):
        is_rest = True
        while is_rest:
            with thread_write(article_id) as thread:
                own = rows.filter(**{thread_field: thread}).order_by("pk")
                pks = list(own.values_list("pk", flat=True)[:batch])
                purge_few(thread, rows.model._base_manager.filter(pk__in=pks))
            count += len(pks)
            is_rest = len(pks) == batch
    return count


def _purge_reported_texts(before, dry_run):
    return _blank(Report.objects.filter(answered_at__lt=before), "about", dry_run)


def _purge_report_words(before, dry_run):
    return _blank(Report.objects.filter(answered_at__lt=before), "text", dry_run)


def _purge_notes(before, dry_run):
    written = ModerationAction.objects.filter(created_at__lt=before)
    undone = ModerationAction.objects.filter(undone_at__lt=before)
    return _blank(written, "note", dry_run) + _blank(undone, "undone_note", dry_run)


def _purge_objections(before, dry_run):
    return _blank(Objection.objects.filter(answered_at__lt=before), "text", dry_run)


def _blank(rows, field, dry_run):
    """Empty a text field of some rows, in batches; returns how many had a text."""
    rows = rows.exclude(**{field: ""})
    if dry_run:
        return rows.count()
    count = 0
    while pks := list(rows.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        count += rows.model._base_manager.filter(pk__in=pks).update(**{field: ""})
    return count


# Removed texts come last: with them their old and reported texts go, which are counted before.
KINDS = {
    "old-texts": _purge_old_texts,
    "reported-texts": _purge_reported_texts,
    "report-words": _purge_report_words,
    "notes": _purge_notes,
    "objections": _purge_objections,
    "removed-texts": _purge_removed_texts,
}
