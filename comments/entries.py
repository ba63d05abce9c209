"""What the queue shows of one entry: all that a verdict needs, in a constant number of queries."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from django.urls import reverse
from django.utils.translation import pgettext_lazy

from comments.headlines import may_show_headline
from comments.models import Claim, Comment, Objection, Report, WordRule
from comments.models.states import PUBLIC_REASONS, Reason, State, Verb
from comments.near_duplicates import find_near_duplicates
from comments.pruning import measure_reach

REPLIES = 8  # below the comment, a line each
MOST_RECORDED = 1_000  # comments of a writer that the record counts
MOST_REPORTS = 30  # that an entry shows
MOST_NEAR = 100  # comments that are nearly the same
STRIP = 40  # newest comments of the writer in this thread
SHORT = 12  # characters of a matched span that is not broken
AGREEING = 2  # grounds that name the same reason choose it
# Why the site held a comment, in a word for a row of the list.
GROUNDS = {
    Reason.CHECK: pgettext_lazy("ground", "Check"),
    Reason.LINKS: pgettext_lazy("ground", "Links"),
    Reason.WORDS: pgettext_lazy("ground", "Wording"),
    Reason.HONEYPOT: pgettext_lazy("ground", "Bot"),
    Reason.FIRST: pgettext_lazy("ground", "First"),
    Reason.MODE: pgettext_lazy("ground", "All"),
    Reason.NETWORK: pgettext_lazy("ground", "Network"),
    Reason.REPORTS: pgettext_lazy("ground", "Reports"),
    Reason.EDITED: pgettext_lazy("ground", "Edited"),
}
_SHORT = {
    Reason.SPAM: pgettext_lazy("desk", "Advertising"),
    Reason.ABUSE: pgettext_lazy("desk", "Attack"),
    Reason.HATE: pgettext_lazy("desk", "Hate"),
    Reason.PRIVACY: pgettext_lazy("desk", "Privacy"),
    Reason.OFF_TOPIC: pgettext_lazy("desk", "Off topic"),
    Reason.ILLEGAL: pgettext_lazy("desk", "Illegal"),
    Reason.OTHER: pgettext_lazy("desk", "House rules"),
}
# The reasons of moderators, in the order of their keys, as short as a row of seven needs them.
REASONS = [(value, _SHORT[value]) for value, _label in PUBLIC_REASONS]
# What a moderator would say of what the site found.
IMPLIED = {Reason.LINKS: Reason.SPAM, Reason.HONEYPOT: Reason.SPAM}


@dataclass(frozen=True, slots=True)
class Record:
    """What a writer has in one article, or everywhere."""

    published: int
    removed: int
    first_at: object
    is_cut: bool = False  # there may be more


class Entry:
    """An entry of the queue as a moderator reads it. Each part is read when it is shown."""

    def __init__(self, waiting, *, moderator):
        self.waiting, self.moderator = waiting, moderator
        self.comment = waiting.subject
        self.key = waiting.key

    @property
    def article(self):
        return self.comment.thread.article

    @property
    def is_headline_public(self):
        return may_show_headline(self.article)

    @property
    def place(self):
        return build_moderated_place(self.comment)

    @property
    def prune_path(self):
        return reverse("comments:prune", args=[self.comment.pk])

    @cached_property
    def parent(self):
        if not self.comment.parent_id:
            return None
        return Comment.objects.select_related("staff").get(pk=self.comment.parent_id)

    @cached_property
    def replies(self):
        """The first comments below it that are not removed."""
        branch = Comment.objects.branch_of(self.comment).exclude(pk=self.comment.pk)
        return list(branch.exclude(state=State.REMOVED).in_tree_order()[:REPLIES])

    @cached_property
    def below(self):
        return self.comment.get_descendant_count()

    @cached_property
    def parts(self):
        """The text before the matched span, the span, and the text after it."""
        text, start, end = self.comment.text, self.comment.matched_start, self.comment.matched_end
        if start is None or end is None or not start < end <= len(text):
            return text, "", ""
        return text[:start], text[start:end], text[end:]

    @cached_property
    def rule(self):
        """The word rule that held the comment, with what became of its other comments."""
        rules = WordRule.objects.with_outcomes()
        return rules.filter(pk=self.comment.matched_rule_id).first()

    @property
    def is_match_short(self):
        return len(self.parts[1]) <= SHORT

    @cached_property
    def reports(self):
        """The first open reports, oldest first."""
        if not self.waiting.reports:
            return []
        reports = Report.objects.open().filter(comment=self.comment).order_by("reported_at")
        reports = list(reports[:MOST_REPORTS])
        for report in reports:
            report.comment = self.comment
        return reports

    @cached_property
    def weight(self):
        """The weight of the open reports together, one decimal."""
        return round(sum(voice.weight for voice in Report.objects.list_voices(self.comment)), 1)

    @cached_property
    def objection(self):
        if not self.waiting.is_objected:
            return None
        objections = Objection.objects.open().filter(comment=self.comment)
        return objections.select_related("action__moderator").first()

    @cached_property
    def is_own_objection(self):
        """Whether another moderator has to answer the objection."""
        return bool(self.objection) and not self.objection.may_be_answered_by(self.moderator)

    @cached_property
    def last_action(self):
        """The newest decision in force about the comment."""
        items = self.comment.moderation_items.in_force().exclude(state="")
        newest = items.select_related("action__moderator").order_by("-action_id").first()
        return newest and newest.action

    @cached_property
    def is_approvable(self):
        return self.waiting.is_mention or self.comment.is_approvable

    @property
    def approval(self):
        """The verb that ends the matter in the writer's favour."""
        is_public = not self.waiting.is_mention and self.comment.is_published
        return Verb.KEEP if is_public else Verb.APPROVE

    @cached_property
    def reach(self):
        return measure_reach(self.comment)

    @cached_property
    def stamp(self):
        return self.comment.stamp

    @cached_property
    def reason(self):
        """The reason that at least two grounds agree on, else an empty text."""
        if self.waiting.is_mention:
            return ""
        named = Counter(report.reason for report in self.reports)
        if self.comment.is_held:
            named[IMPLIED.get(self.comment.reason, self.comment.reason)] += 1
        public = [(count, reason) for reason, count in named.items() if reason in _PUBLIC]
        if not public:
            return ""
        most = max(count for count, _reason in public)
        chosen = [reason for count, reason in public if count == most]
        return chosen[0] if most >= AGREEING and len(chosen) == 1 else ""

    @cached_property
    def claims(self):
        """The other moderators who have the comment open."""
        if self.waiting.is_mention:
            return []
        if self.waiting.claimed_by is not None:
            return self.waiting.claimed_by
        return list_claims([self.comment.pk], self.moderator).get(self.comment.pk, [])

    @cached_property
    def record(self):
        """What the writer has in this article and everywhere, or None if the writer is unknown.
        Three queries over indexes; everywhere, only the newest ``MOST_RECORDED`` are counted."""
        if not self.comment.reader_hash:
            return None
        own = Comment.objects.filter(reader_hash=self.comment.reader_hash).order_by("-posted_at")
        newest = list(own.values_list("state", "reason")[:MOST_RECORDED])
        first = own.reverse().values_list("posted_at", flat=True)[:1]
        here = [(state, reason) for _pk, state, reason, _at in self._own_here]
        return (
            _build_record(here, min(at for *_row, at in self._own_here)),
            _build_record(newest, first[0]),
        )

    @cached_property
    def _own_here(self):
        """What the writer wrote in this thread, newest first, as (key, state, reason, time)."""
        code = self.comment.reader_code
        own = Comment.objects.filter(thread=self.comment.thread_id, reader_code=code)
        own = own.filter(reader_hash=self.comment.reader_hash).order_by("-posted_at")
        return list(own.values_list("pk", "state", "reason", "posted_at")[:MOST_RECORDED])

    @cached_property
    def near(self):
        """The comments whose text is nearly the same."""
        return find_near_duplicates(self.comment, most=MOST_NEAR)

    @cached_property
    def strip(self):
        """The states of what the writer wrote in this thread, oldest first: "this" for the comment
        itself."""
        newest = [(pk, state) for pk, state, _reason, _at in self._own_here[:STRIP]]
        return [("this" if pk == self.comment.pk else state) for pk, state in newest][::-1]


_PUBLIC = {value for value, _label in PUBLIC_REASONS}


def _build_record(rows, first_at):
    """Return the record of (state, reason) pairs."""
    removed = [reason for state, reason in rows if state == State.REMOVED]
    return Record(
        published=sum(state == State.PUBLISHED for state, _reason in rows),
        removed=sum(reason != Reason.WRITER for reason in removed),
        first_at=first_at,
        is_cut=len(rows) == MOST_RECORDED,
    )


def build_moderated_place(comment):
    """Return the address of a comment in its thread: as readers see it, if they do."""
    article = comment.thread.article
    if comment.is_published and article.is_published:
        return reverse("comments:place", args=[comment.pk])
    return reverse("comments:moderation_place", args=[comment.pk])


def list_claims(pks, moderator):
    """Return {comment: names of the other moderators who have it open}. One query."""
    claims = {}
    for claim in Claim.objects.of_others(moderator).filter(comment__in=pks):
        names = claims.setdefault(claim.comment_id, [])
        if str(claim.moderator) not in names:
            names.append(str(claim.moderator))
    return claims
