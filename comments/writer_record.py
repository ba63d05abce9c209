"""A commenter as moderators see one: everything of the same ID in an article, and of the same key
or network everywhere, which only a logged act opens."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Min, Q, Sum
from django.utils import timezone

from comments.models import Comment, Measure, ModerationAction, Report
from comments.models.stamps import add_act_stamps
from comments.models.states import LOOKUPS, State, Verb
from comments.refusals import NetworkForgotten, NoCause, NoDecision, NotRecognised

OPEN_FOR = timedelta(hours=1)  # a lookup, for the moderator who made it
UPHELD = (Verb.REMOVE, Verb.PRUNE)
_NAMED = {Verb.LOOKUP: "reader_hash", Verb.NETWORK: "network_hash"}


@dataclass(frozen=True, slots=True)
class Record:
    """The numbers of a commenter's comments, by state; of votes and reports, received and made."""

    published: int = 0
    held: int = 0
    removed: int = 0
    votes: int = 0
    reported: int = 0
    reports_upheld: int = 0
    made: int = 0
    made_upheld: int = 0
    first_at: object = None

    @property
    def total(self):
        return self.published + self.held + self.removed


def list_of_writer(comment):
    """Return the comments in the article by the writer of a comment; none if it has no ID."""
    own = Comment.objects.filter(thread=comment.thread_id)
    if comment.staff_id:
        return own.filter(staff=comment.staff_id)
    if comment.reader_code:
        return own.filter(reader_code=comment.reader_code)
    return own.filter(reader_hash=comment.reader_hash) if comment.reader_hash else own.none()


def list_everywhere(lookup):
    """Return the comments of any article that a lookup of the ledger named: those with the reader
    key of its comment, or with its network in that week."""
    field = _NAMED[lookup.verb]
    value = getattr(lookup.comment, field)
    return Comment.objects.filter(**{field: value}) if value else Comment.objects.none()


def list_lookups(comment):
    """Return the lookups that are possible from a comment, as verbs."""
    return [verb for verb, field in _NAMED.items() if getattr(comment, field)]


def measure_record(comments, *, reporter="", thread=None):
    """Return the ``Record`` of some comments and of the reports with a reader's key, those of a
    thread only if there is one. Three queries."""
    states = {state.value: Count("pk", filter=Q(state=state)) for state in State}
    sums = comments.order_by().aggregate(**states, votes=Sum("up_votes"), first_at=Min("posted_at"))
    received = _count_reports(Report.objects.filter(comment__in=comments.order_by().values("pk")))
    made = Report.objects.filter(reporter=reporter) if reporter else Report.objects.none()
    filed = _count_reports(made.filter(comment__thread=thread) if thread else made)
    return Record(
        **{state.value: sums[state.value] for state in State},
        votes=sums["votes"] or 0,
        first_at=sums["first_at"],
        reported=received["total"],
        reports_upheld=received["upheld"],
        made=filed["total"],
        made_upheld=filed["upheld"],
    )


def look_up(comment, kind, *, by, note):
    """Write into the ledger that a moderator looks up a comment's reader or its network in all
    articles, and why; returns the act, which opens nothing else. Raises ``NoDecision`` for another
    verb, ``NoCause`` without a note, and ``NotRecognised`` or ``NetworkForgotten``."""
    if kind not in _NAMED:
        raise NoDecision
    if not note.strip():
        raise NoCause
    if not getattr(comment, _NAMED[kind]):
        raise NotRecognised if kind == Verb.LOOKUP else NetworkForgotten
    return ModerationAction.objects.create(
        verb=kind, thread=comment.thread, comment=comment, note=note, moderator=by
    )


def find_lookup(pk, *, by):
    """Return a moderator's own lookup of the last hour, or None."""
    acts = ModerationAction.objects.filter(
        pk=pk, verb__in=LOOKUPS, moderator=by, created_at__gt=timezone.now() - OPEN_FOR
    )
    return acts.select_related("comment__thread__article").first()


def list_bans(comment):
    """Return the bans in force of the comment's reader and of its network."""
    named = Q(reader_hash=comment.reader_hash) & ~Q(reader_hash="")
    hashes = {comment.network_hash, comment.wide_network_hash} - {""}
    named |= Q(network_hash__in=hashes)
    bans = Measure.objects.in_force().filter(named, kind=Verb.BAN)
    bans = list(bans.select_related("action__moderator"))
    add_act_stamps([ban.action for ban in bans])
    return bans


def _count_reports(reports):
    upheld = Count("pk", filter=Q(answer__verb__in=UPHELD))
    return reports.order_by().aggregate(total=Count("pk"), upheld=upheld)
