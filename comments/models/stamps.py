"""Stamps: what a moderator saw of a comment, sent back with the decision.

A stamp names the text, the version of text and state, for a branch also its size and the sum of
its versions, and the moment. A decision about something that has changed since is refused, with
what happened.
"""

from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import accumulate

from django.db.models import Count, F, Max, Q, Sum
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.web.paging import read_integer
from comments.models.states import Verb
from comments.refusals import Unseen

MOST_CHANGES = 3  # that a refusal names
BRANCHES = 100  # in one query
DIGITS = 13  # of a number in a stamp; so many milliseconds are a moment of this age


@dataclass(frozen=True, slots=True)
class Stamp:
    """``digest`` is that of the text; the numbers are None where the stamp does not say them.
    ``size`` and ``total`` are the number of comments in the branch, and the sum of their
    versions. ``at`` is in milliseconds since 1970."""

    digest: str
    version: int | None = None
    at: int | None = None
    size: int | None = None
    total: int | None = None

    def __str__(self):
        numbers = (self.version, self.at, self.size, self.total)
        return ".".join([self.digest, *(str(number) for number in numbers if number is not None)])

    @classmethod
    def read(cls, text):
        """Read a stamp that a form sent back. A forged one names another text."""
        digest, *numbers = text.split(".")[:5]
        return cls(digest, *(read_integer(number, digits=DIGITS) for number in numbers))

    def covers(self, verb):
        """Whether it says enough for a decision: for a prune also how large the branch was."""
        last = self.total if verb == Verb.PRUNE else self.version
        return last is not None

    @property
    def moment(self):
        return datetime.fromtimestamp((self.at or 0) / 1000, tz=UTC)


def check_seen(verb, *stamps):
    """Raise ``Unseen`` if one of the stamps, as a form sent them back, does not say enough for a
    decision."""
    if not all(Stamp.read(stamp).covers(verb) for stamp in stamps):
        raise Unseen


def stamp_comment(comment):
    """Return the stamp of a comment alone."""
    now = int(timezone.now().timestamp() * 1000)
    return Stamp(comment.digest, comment.version, now)


def stamp_form():
    """Return the stamp of a form about no comment: when it was shown."""
    return Stamp("", 0, int(timezone.now().timestamp() * 1000))


def stamp_branches(comments):
    """Return the stamps of some comments with all below each of them, by primary key. One query
    for 100 comments."""
    measures = measure_branches(comments)
    stamps = {}
    for comment in comments:
        own = stamp_comment(comment)
        stamps[comment.pk] = Stamp(own.digest, own.version, own.at, *measures[comment.pk])
    return stamps


def add_stamps(comments):
    """Give comments that a page shows with their forms the stamp of their branches, as ``seen``."""
    stamps = stamp_branches(comments)
    for comment in comments:
        comment.seen = str(stamps[comment.pk])


def add_act_stamps(actions):
    """Give acts that a page shows the stamp of what undoing them would change, as ``seen``. One
    query, and one for acts about word rules."""
    totals = _sum_acts(actions)
    for action in actions:
        action.seen = str(_stamp_act(action, totals.get(action.pk, 0)))


def find_changes_since(action, seen):
    """Return what happened to the comments, the mention or the rules of an act since a stamp."""
    now = _stamp_act(action, _sum_acts([action]).get(action.pk, 0))
    if (now.digest, now.size, now.total) == (seen.digest, seen.size, seen.total):
        return []
    if action.verb == Verb.RULES:
        changes = action.rule_changes.model.objects.filter(rule__changes__action=action)
        return _describe_events(changes.exclude(action=action), seen)
    if action.mention:
        newest = action.mention.actions.select_related("moderator", "undone_by").first()
        return [newest.describe()]
    edits = action.items.filter(comment__edited_at__gte=seen.moment).order_by("-comment__edited_at")
    changes = [_describe_edit(item.comment) for item in edits.select_related("comment")[:1]]
    others = action.items.model.objects.filter(comment__in=action.items.values("comment"))
    return changes + _describe_events(others.exclude(action=action), seen)


def _sum_acts(actions):
    """Return a number for acts that rises with all that happens to their comments or rules."""
    if not actions:
        return {}
    items = actions[0].items.model.objects.filter(action__in=[action.pk for action in actions])
    totals = dict(items.values_list("action").annotate(Sum("comment__version")))
    about_rules = [action.pk for action in actions if action.verb == Verb.RULES]
    return totals | _sum_rule_acts(actions[0].rule_changes.model, about_rules)


def _sum_rule_acts(model, pks):
    """Return the same for acts about word rules: the key of the newest change of their rules, and
    how many are undone."""
    if not pks:
        return {}
    is_undone = Q(rule__changes__action__undone_at__isnull=False)
    total = Max("rule__changes") + Count("rule__changes", filter=is_undone)
    changes = model.objects.filter(action__in=pks).order_by()
    return dict(changes.values_list("action").annotate(total=total))


def _stamp_act(action, total):
    state = action.mention.state if action.mention else "comments"
    return Stamp(state, 0, int(timezone.now().timestamp() * 1000), action.size, total)


def find_changes(comment, seen, branch=None):
    """Return what happened to a comment since a stamp, as sentences; none if it is unchanged.

    The comment was read again under the lock. ``branch`` is its measure now, if the decision
    covers all below it.
    """
    changes = []
    is_edited = comment.digest != seen.digest
    is_decided = seen.version is not None and comment.version != seen.version
    if is_edited:
        changes.append(_describe_edit(comment))
    if is_decided:
        changes += _describe_events(comment.moderation_items.all(), seen)
        changes = changes or [_("Another decision was made.")]
    if branch and seen.size is not None and not changes:
        changes = _find_branch_changes(comment, seen, *branch)
    return changes


def _find_branch_changes(comment, seen, size, total):
    more = size - seen.size
    if more > 0:
        return [
            ngettext(
                "%(count)d new reply in this branch", "%(count)d new replies in this branch", more
            )
            % {"count": more}
        ]
    if total == seen.total:
        return []
    items = comment.moderation_items.model.objects.filter(
        comment__in=type(comment).objects.branch_of(comment)
    )
    return _describe_events(items, seen) or [_("A comment in this branch was edited.")]


def read_branches(comments, *fields):
    """Return fields of some comments and of all below them, in the order of the tree, each comment
    once. One query for 100 branches that are in no other."""
    tops = []
    for comment in sorted(comments, key=lambda comment: (comment.tree_id, comment.lft)):
        last = tops[-1] if tops else None
        if not last or (comment.tree_id, comment.lft) > (last.tree_id, last.rght):
            tops.append(comment)
    rows = []
    for start in range(0, len(tops), BRANCHES):
        few = tops[start : start + BRANCHES]
        branches = type(few[0]).objects.branches_of(few).in_tree_order()
        rows += branches.values_list(*fields)
    return rows


def measure_branches(comments):
    """Return {pk: (number of comments, sum of their versions)} of the branches below some
    comments."""
    versions = defaultdict(dict)  # of each tree, by ``lft``
    for tree_id, lft, version in read_branches(comments, "tree_id", "lft", "version"):
        versions[tree_id][lft] = version
    edges = {tree_id: sorted(rows) for tree_id, rows in versions.items()}
    totals = {
        tree_id: [0, *accumulate(versions[tree_id][lft] for lft in lefts)]
        for tree_id, lefts in edges.items()
    }
    measures = {}
    for comment in comments:
        lefts, sums = edges.get(comment.tree_id, []), totals.get(comment.tree_id, [0])
        first, last = bisect_left(lefts, comment.lft), bisect_left(lefts, comment.rght)
        measures[comment.pk] = (last - first, sums[last] - sums[first])
    return measures


def _describe_events(items, seen):
    """Describe the acts since a stamp, newest first, else the last one."""
    items = items.select_related("action__moderator", "action__undone_by")
    since = Q(action__created_at__gte=seen.moment) | Q(action__undone_at__gte=seen.moment)
    newest = F("action__undone_at").desc(nulls_last=True), "-action_id"
    recent = items.filter(since).order_by(*newest)[:MOST_CHANGES]
    return list(
        dict.fromkeys(item.action.describe() for item in recent or items.order_by(*newest)[:1])
    )


def _describe_edit(comment):
    at = comment.edited_at or timezone.now()
    return _("%(when)s edited by the commenter") % {"when": format_moment(at)}


def format_moment(at):
    """Format a moment: the time, of another day the date too."""
    at = localtime(at)
    time = date_format(at, "H:i")
    return (
        time
        if at.date() == timezone.localdate()
        else f"{date_format(at, 'MONTH_DAY_FORMAT')} {time}"
    )
