"""The history of moderation: a page of acts, filtered, newest first, without counting them."""

from dataclasses import dataclass, field
from datetime import datetime, time
from itertools import groupby

from django.db.models import Count, Max, Min, OuterRef, Subquery
from django.utils import timezone
from django.utils.timezone import localtime
from django.utils.translation import pgettext_lazy

from articles.web.paging import read_integer
from comments.models import ModerationAction, ModerationItem, Report, RuleChange
from comments.models.stamps import add_act_stamps
from comments.models.states import LOOKUPS, PUBLIC_REASONS, Actor, Reason, Verb
from comments.transparency import shift_month

PAGE = 40  # acts
MOST_MONTHS = 60  # that can be chosen
# Acts by kind, for the tabs: a name in addresses, a label, the verbs.
KINDS = {
    "": (pgettext_lazy("history", "All"), []),
    "approve": (pgettext_lazy("history", "Approved"), [Verb.APPROVE, Verb.KEEP]),
    "hold": (pgettext_lazy("history", "Held"), [Verb.HOLD]),
    "remove": (pgettext_lazy("history", "Removed"), [Verb.REMOVE]),
    "prune": (pgettext_lazy("history", "With replies"), [Verb.PRUNE]),
    "spam": (pgettext_lazy("history", "Spam"), [Verb.REMOVE, Verb.PRUNE]),
    "people": (
        pgettext_lazy("history", "People and places"),
        [
            *(Verb.BAN, *LOOKUPS, Verb.ERASE, Verb.NOTE, Verb.PIN, Verb.FEATURE),
            *(Verb.MODE, Verb.RAID, Verb.LOCK, Verb.SLOW, Verb.RULES),
        ],
    ),
    "writers": (pgettext_lazy("history", "Commenters"), []),
}


@dataclass
class Filters:
    """What a page of the history is limited to, as read from an address."""

    kind: str = ""
    who: int | None = None
    reason: str = ""
    article: int | None = None
    month: str = ""  # 2026-11
    undone: bool = False
    before: int | None = None

    @classmethod
    def read(cls, query):
        kind, reason = query.get("kind", ""), query.get("reason", "")
        return cls(
            kind=kind if kind in KINDS else "",
            who=read_integer(query.get("who", "")),
            reason=reason if reason in Reason.values else "",
            article=read_integer(query.get("article", "")),
            month=month if read_month(month := query.get("month", "")) else "",
            undone=bool(query.get("undone")),
            before=read_integer(query.get("before", "")),
        )

    @property
    def query(self):
        """The parameters without the place in the history."""
        values = {"kind": self.kind, "who": self.who, "reason": self.reason}
        values |= {"article": self.article, "month": self.month}
        values["undone"] = "1" if self.undone else ""
        return {name: value for name, value in values.items() if value}

    def apply(self, acts):
        if verbs := KINDS[self.kind][1]:
            acts = acts.filter(verb__in=verbs)
        if self.kind == "writers":
            acts = acts.filter(actor=Actor.WRITER)
        else:
            acts = acts.exclude(actor=Actor.WRITER)
        if self.kind == "spam":
            acts = acts.filter(reason=Reason.SPAM)
        if self.who is not None:
            acts = acts.filter(moderator=self.who)
        if self.reason:
            acts = acts.filter(reason=self.reason)
        if self.article is not None:
            acts = acts.about(self.article)
        if self.month:
            start, end = read_month(self.month)
            acts = acts.filter(created_at__gte=start, created_at__lt=end)
        if self.undone:
            acts = acts.exclude(undone_at=None)
        if self.before is not None:
            acts = acts.filter(pk__lt=self.before)
        return acts


@dataclass
class Page:
    """A page of the history: (day, acts) pairs, and the key of the last act if more follow."""

    days: list = field(default_factory=list)
    before: int | None = None


def read_page(filters):
    """Return a page of the history. A constant number of queries.

    Each act has ``seen``, ``answered`` (the number of reports that it answered), and, if it is
    undone, ``kept``: (number of comments that another act still decides about, the newest of
    these acts).
    """
    places = ("thread__article", "comment__thread__article", "mention__article")
    acts = ModerationAction.objects.select_related(*places, "measure", "moderator", "undone_by")
    bodies = [f"{place}__{name}" for place in places for name in ("body", "lead")]
    # The keys alone are sorted, where no index has the acts in their order.
    keys = filters.apply(ModerationAction.objects.order_by("-pk")).values_list("pk", flat=True)
    keys = list(keys[: PAGE + 1])
    shown = list(acts.filter(pk__in=keys[:PAGE]).defer("comment__html", *bodies).order_by("-pk"))
    add_act_stamps(shown)
    _add_answered(shown)
    _add_rule_changes([act for act in shown if act.verb == Verb.RULES])
    _add_kept([act for act in shown if act.is_undone])
    days = groupby(shown, key=lambda act: localtime(act.created_at).date())
    return Page(
        days=[(day, list(acts)) for day, acts in days],
        before=shown[-1].pk if len(keys) > PAGE else None,
    )


def list_reasons():
    return PUBLIC_REASONS


def list_months():
    """Return the months since the first act as (name in addresses, first day), newest first."""
    first = ModerationAction.objects.order_by("created_at").values_list("created_at", flat=True)[:1]
    newest = timezone.localdate().replace(day=1)
    months = [shift_month(newest, -count) for count in range(MOST_MONTHS)]
    oldest = localtime(first[0]).date().replace(day=1) if first else newest
    return [(f"{month:%Y-%m}", month) for month in months if month >= oldest]


def read_month(text):
    """Return the first moments of a month and of the next; None if the text names none since
    1970."""
    try:
        start = datetime.strptime(text, "%Y-%m")
        end = datetime.combine(shift_month(start, 1), time())
    except ValueError:
        return None
    return (timezone.make_aware(start), timezone.make_aware(end)) if start.year >= 1970 else None


def _add_answered(acts):
    reports = Report.objects.filter(answer__in=[act.pk for act in acts]).order_by()
    counts = dict(reports.values_list("answer").annotate(count=Count("pk")))
    for act in acts:
        act.answered = counts.get(act.pk, 0)


def _add_rule_changes(acts):
    """Give acts about word rules the number of these and the first change. Two queries."""
    changes = RuleChange.objects.filter(action__in=[act.pk for act in acts]).order_by()
    rows = changes.values_list("action").annotate(Count("pk"), Min("pk"))
    counted = {act: (count, first) for act, count, first in rows}
    firsts = RuleChange.objects.select_related("rule").in_bulk([pk for _n, pk in counted.values()])
    for act in acts:
        act.changed_rules, first = counted[act.pk]
        act.first_change = firsts[first]


def _add_kept(acts):
    """Say of acts that are undone what other acts keep as it is. Two queries."""
    deciding = (
        ModerationItem.objects.in_force()
        .exclude(state="")
        .filter(comment=OuterRef("comment"))
        .order_by("-action_id")
    )
    own = ModerationItem.objects.filter(action__in=[act.pk for act in acts]).order_by()
    decided = own.annotate(decides=Subquery(deciding.values("action_id")[:1]))
    rows = decided.exclude(decides=None).values_list("action")
    kept = {pk: (count, by) for pk, count, by in rows.annotate(Count("pk"), Max("decides"))}
    others = ModerationAction.objects.select_related("moderator").in_bulk(
        [by for _count, by in kept.values()]
    )
    for act in acts:
        count, by = kept.get(act.pk, (0, None))
        act.kept = (count, others[by]) if count else None
