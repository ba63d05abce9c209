"""What waits for a moderator: held and reported comments, edits, objections, mentions.

Each kind is read through an index of its own, in the order of waiting and only as many rows as a
page shows: the number of comments does not matter, nor does that of those that wait.
"""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from heapq import merge

from django.db.models import Count, F, Min, Q
from django.db.models.functions import Coalesce
from django.utils.translation import pgettext_lazy

from articles.web.paging import read_integer
from comments.models import Comment, Mention, Objection, Report
from comments.models.states import State

HELD, REPORTED, EDITED, OBJECTIONS, MENTIONS = (
    *("held", "reported", "edited"),
    *("objections", "mentions"),
)
KINDS = {
    "": pgettext_lazy("queue", "All"),
    HELD: pgettext_lazy("queue", "Held"),
    REPORTED: pgettext_lazy("queue", "Reports"),
    EDITED: pgettext_lazy("queue", "Edited"),
    OBJECTIONS: pgettext_lazy("queue", "Objections"),
    MENTIONS: pgettext_lazy("queue", "Mentions"),
}
PAGE = 40  # rows of the list
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
MENTION_MARK = "m"  # before the key of a mention, in addresses


@dataclass(frozen=True, slots=True)
class Counts:
    """The numbers of what waits, by kind. A comment that waits for two reasons counts in both,
    and once in ``total``. ``oldest`` is the moment since which the first waits."""

    held: int = 0
    reported: int = 0
    edited: int = 0
    objections: int = 0
    mentions: int = 0
    total: int = 0
    oldest: datetime | None = None


@dataclass(slots=True)
class Waiting:
    """An entry of the queue: a comment or a mention, since when it waits, and why."""

    since: datetime
    rank: int  # 1 for a mention; orders what waits since the same moment
    pk: int
    subject: Comment | Mention | None = None
    reports: int = 0
    is_objected: bool = False
    claimed_by: list | None = None  # None: not read yet

    @property
    def key(self):
        return f"{MENTION_MARK if self.rank else ''}{self.pk}"

    @property
    def is_mention(self):
        return bool(self.rank)

    @property
    def cursor(self):
        """Its place in the list, for an address."""
        return f"{(self.since - EPOCH) // MICROSECOND}.{self.key}"

    @property
    def order(self):
        return self.since, self.rank, self.pk


def count_waiting():
    """Count what waits. Five queries over partial indexes."""
    alone = _exclude_others()
    reported, comment = Report.objects.open().order_by(), partial(Count, "comment", distinct=True)
    row = partial(Count, "pk")
    rows = {
        HELD: _count(_list_held(), row, Min("since")),
        REPORTED: _count(reported, comment, Min("reported_at"), alone[REPORTED]),
        EDITED: _count(_list_edited(), row, Min("since"), alone[EDITED]),
        OBJECTIONS: _count(_list_objected(), row, Min("objected_at"), alone[OBJECTIONS]),
        MENTIONS: _count(_list_mentions(), row, Min("received_at")),
    }
    return Counts(
        **{kind: row["count"] for kind, row in rows.items()},
        total=sum(row["alone"] for row in rows.values()),
        oldest=min(filter(None, (row["oldest"] for row in rows.values())), default=None),
    )


def _count(waiting, count, oldest, alone=None):
    """Return the number of some that wait, that of those which wait for no other reason (a
    condition), and the oldest moment."""
    return waiting.aggregate(count=count(), alone=count(filter=alone), oldest=oldest)


def read_counts(request):
    """Return the counts of what waits, counted once a request."""
    if not hasattr(request, "_waiting"):
        request._waiting = count_waiting()
    return request._waiting


def list_waiting(kind="", *, newest_first=False, after=""):
    """Return the entries of a page of the queue, and whether more follow.

    ``after`` is the cursor of the last entry of the page before. A comment that waits for several
    reasons is listed once.
    """
    sources = _build_sources(kind)
    rows = [
        _read_rows(source, rank, newest_first=newest_first, after=after) for source, rank in sources
    ]
    merged = merge(*rows, key=lambda entry: entry.order, reverse=newest_first)
    entries = [entry for entry, _number in zip(merged, range(PAGE + 1), strict=False)]
    return describe_entries(entries[:PAGE]), len(entries) > PAGE


def find_waiting(key):
    """Return the entry of a comment or mention, whether or not it still waits; None if there is
    none."""
    entries = find_all_waiting([key])
    return entries[0] if entries else None


def find_all_waiting(keys):
    """Return the entries of some comments and mentions, in the order of their keys."""
    pks, mention_pks = split_keys(keys)
    entries = [Waiting(EPOCH, 0, pk) for pk in pks] + [Waiting(EPOCH, 1, pk) for pk in mention_pks]
    return describe_entries(entries)


def split_keys(keys):
    """Return the primary keys of the comments and of the mentions that keys name."""
    comments, mentions = [], []
    for key in keys:
        pk = read_integer(key.removeprefix(MENTION_MARK))
        if pk is not None:
            (mentions if key.startswith(MENTION_MARK) else comments).append(pk)
    return comments, mentions


def describe_entries(entries):
    """Fetch the comments and mentions of entries, with the numbers of reports and objections.
    Entries whose rows are gone are left out. Four queries."""
    pks = [entry.pk for entry in entries if not entry.rank]
    comments = Comment.objects.select_related("thread__article__category", "matched_rule").defer(
        *("html", "thread__article__body", "thread__article__lead")
    )
    by_pk = comments.in_bulk(pks)
    mentions = Mention.objects.select_related("article").in_bulk(
        [entry.pk for entry in entries if entry.rank]
    )
    reported = Report.objects.open().filter(comment__in=pks).order_by().values_list("comment")
    reports = dict(reported.annotate(count=Count("pk")))
    objected = set(
        Objection.objects.open().filter(comment__in=pks).values_list("comment_id", flat=True)
    )
    for entry in entries:
        entry.subject = (mentions if entry.rank else by_pk).get(entry.pk)
        entry.reports = reports.get(entry.pk, 0) if not entry.rank else 0
        entry.is_objected = not entry.rank and entry.pk in objected
    return [entry for entry in entries if entry.subject]


def _list_held():
    return Comment.objects.held().order_by().annotate(since=Coalesce("moderated_at", "posted_at"))


def _list_edited():
    edited = Comment.objects.filter(is_unseen=True).exclude(state=State.HELD)
    return edited.order_by().annotate(since=F("edited_at"))


def _list_objected():
    return Objection.objects.open().order_by()


def _list_mentions():
    return Mention.objects.held().order_by()


def _exclude_others():
    """Return for each kind the condition that its comment is not listed for another reason. Other
    reasons are found through their own indexes: a join would look up each reported comment."""
    held = Comment.objects.held().order_by().values("pk")
    reported = Report.objects.open().order_by().values("comment")
    edited = _list_edited().values("pk")
    return {
        REPORTED: ~Q(comment__in=held),
        EDITED: ~Q(pk__in=reported),
        OBJECTIONS: ~Q(comment__in=held) & ~Q(comment__in=reported) & ~Q(comment__in=edited),
    }


def _build_sources(kind):
    """Return (queryset of rows with ``since`` and ``subject_pk``, rank) for each kind."""
    alone = dict.fromkeys(KINDS, Q()) if kind else _exclude_others()
    reported = Report.objects.open().order_by().filter(alone[REPORTED])
    edited, objected = _list_edited().filter(alone[EDITED]), _list_objected()
    objected = objected.filter(alone[OBJECTIONS])
    sources = {
        HELD: (_list_held().annotate(subject_pk=F("pk")), 0),
        REPORTED: (
            reported.values(subject_pk=F("comment_id")).annotate(since=Min("reported_at")),
            0,
        ),
        EDITED: (edited.annotate(subject_pk=F("pk")), 0),
        OBJECTIONS: (objected.annotate(since=F("objected_at"), subject_pk=F("comment_id")), 0),
        MENTIONS: (_list_mentions().annotate(since=F("received_at"), subject_pk=F("pk")), 1),
    }
    return [sources[kind]] if kind else list(sources.values())


def _read_rows(source, rank, *, newest_first, after):
    """Return the first rows of a source after a cursor. One query."""
    place = _read_cursor(after)
    if place:
        since, after_rank, pk = place
        compare = "lt" if newest_first else "gt"
        later = Q(**{f"since__{compare}": since})
        if rank == after_rank:
            later |= Q(**{"since": since, f"subject_pk__{compare}": pk})
        elif (rank > after_rank) != newest_first:
            later |= Q(since=since)
        source = source.filter(later)
    order = ("-since", "-subject_pk") if newest_first else ("since", "subject_pk")
    rows = source.order_by(*order).values_list("since", "subject_pk")[: PAGE + 1]
    return [Waiting(since, rank, pk) for since, pk in rows if since]


def _read_cursor(text):
    """Return (since, rank, pk) of a cursor; None if it is malformed."""
    moment, _dot, key = text.partition(".")
    microseconds = read_integer(moment)
    pk = read_integer(key.removeprefix(MENTION_MARK))
    if microseconds is None or pk is None:
        return None
    since = EPOCH + timedelta(microseconds=min(microseconds, 10**16))
    return since, int(key.startswith(MENTION_MARK)), pk
