"""The regime of a thread: what the measures in force, and the settings, make of it now.

It is computed from the measures alone, so acts can be undone, and measures can end, in any order.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.functional import cached_property

from comments.models.states import Mode, Verb

BRANCH_KINDS = (Verb.LOCK, Verb.SLOW)


@dataclass(frozen=True, slots=True)
class InForce:
    """A measure in force. ``thread_id`` is None for the whole site. The edges are those of the
    branch below its comment."""

    kind: str
    value: str = ""
    until: datetime | None = None
    thread_id: int | None = None
    action_id: int | None = None
    comment_id: int | None = None
    tree_id: int | None = None
    lft: int | None = None
    rght: int | None = None

    def covers(self, comment):
        """Whether a comment is in the branch of the measure."""
        return (
            self.tree_id == comment.tree_id
            and self.lft <= comment.lft
            and comment.rght <= self.rght
        )


class Regime:
    """The measures of a thread and of the site at a moment, newest first.

    An article's own mode counts before that of the site. A mode that is a number closes the
    thread so many days after publication; 0 is never.
    """

    def __init__(self, thread, measures, now):
        self.thread, self.now = thread, now
        self.measures = [each for each in measures if each.until is None or each.until > now]

    @cached_property
    def mode(self):
        own, of_site = self._find_modes(is_number=False)
        if own:
            return own.value
        if not self.thread.first_open:
            return Mode.CLOSED.value
        return of_site.value if of_site else Mode.OPEN.value

    @cached_property
    def raid(self):
        """The raid protection in force, or None."""
        return next(self._list(Verb.RAID), None)

    @cached_property
    def closes_at(self):
        """When the article is too old for comments, or None."""
        own, of_site = self._find_modes(is_number=True)
        opened, _of_site = self._find_modes(is_number=False)
        if own:
            days = int(own.value)
        elif opened and opened.value == Mode.OPEN:
            days = 0
        else:
            days = int(of_site.value) if of_site else settings.COMMENT_CLOSE_AFTER_DAYS
        published_at = self.thread.article.published_at if days else None
        return published_at and published_at + timedelta(days=days)

    @property
    def is_open(self):
        is_old = self.closes_at is not None and self.closes_at <= self.now
        return self.mode != Mode.CLOSED and not is_old

    @property
    def opens_at(self):
        """When a closed thread opens by itself, or None."""
        return self.find_end(lambda regime: regime.is_open)

    @property
    def holds_all(self):
        """Whether every comment of a reader is held."""
        is_raid = self.raid is not None and self.raid.value == Mode.HELD
        return is_raid or self.mode == Mode.HELD

    @property
    def holds_first(self):
        return self.mode == Mode.FIRST

    def find_lock(self, comment):
        """Return the lock of the branch that a comment is in, or None."""
        return next((each for each in self._list(Verb.LOCK) if each.covers(comment)), None)

    def find_slow(self, comment):
        """Return the slowest measure for the branch that a comment is in, or None."""
        covering = [each for each in self._list(Verb.SLOW) if each.covers(comment)]
        return max(covering, key=lambda each: int(each.value), default=None)

    @property
    def has_branches(self):
        """Whether a branch is locked or slow."""
        return any(each.kind in BRANCH_KINDS for each in self.measures)

    def find_own(self, kind, comment):
        """Return the newest measure of a kind that was taken at a comment itself, or None."""
        return next((each for each in self._list(kind) if each.comment_id == comment.pk), None)

    @property
    def pinned(self):
        """The key of the comment that is pinned last, or None."""
        return next((each.comment_id for each in self._list(Verb.PIN)), None)

    @property
    def featured(self):
        """The keys of the featured comments, newest first."""
        return list(dict.fromkeys(each.comment_id for each in self._list(Verb.FEATURE)))

    @cached_property
    def changes_at(self):
        """The next moment at which a measure ends or the thread closes by itself, or None."""
        ends = [each.until for each in self.measures if each.until]
        if self.closes_at and self.closes_at > self.now:
            ends.append(self.closes_at)
        return min(ends, default=None)

    def find_end(self, ask):
        """Return when a question about the regime gets another answer by itself, or None."""
        regime, answer = self, ask(self)
        while regime.changes_at:
            regime = Regime(self.thread, regime.measures, regime.changes_at)
            if ask(regime) != answer:
                return regime.now
        return None

    def describe_branches(self):
        """Return what the measures change in the trees of the thread, to tell whether it holds."""
        return [
            (each.kind, each.comment_id, each.value, each.until)
            for each in self.measures
            if each.kind in BRANCH_KINDS
        ]

    def _list(self, kind):
        return (each for each in self.measures if each.kind == kind)

    def _find_modes(self, *, is_number):
        """Return the newest mode of the thread and of the site; either may be None."""
        modes = [each for each in self._list(Verb.MODE) if each.value.isdigit() is is_number]
        own = next((each for each in modes if each.thread_id), None)
        return own, next((each for each in modes if not each.thread_id), None)
