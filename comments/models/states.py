"""The states of a comment, the reasons for them, and the decisions of moderators."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    HELD = "held", _("Held")
    PUBLISHED = "published", _("Published")
    REMOVED = "removed", _("Removed")


class Reason(models.TextChoices):
    """The reason why a comment is not published. Readers see the label."""

    CHECK = "check", _("Moderator check")
    LINKS = "links", _("Many links")
    WORDS = "words", _("Wording that is checked")
    HONEYPOT = "honeypot", _("Suspected bot")
    FIRST = "first", _("First comment of a commenter")
    MODE = "mode", _("All comments are checked")
    NETWORK = "network", _("Restricted network")
    REPORTS = "reports", _("Reports by readers")
    EDITED = "edited", _("Check of an edited text")
    SPAM = "spam", _("Advertising")
    ABUSE = "abuse", _("Personal attack")
    HATE = "hate", _("Discrimination")
    PRIVACY = "privacy", _("Personal information")
    OFF_TOPIC = "off-topic", _("Off topic")
    ILLEGAL = "illegal", _("Illegal content")
    OTHER = "other", _("Breach of the house rules")
    WRITER = "writer", _("Deleted by the commenter")


# Readers and moderators choose from these; the site itself sets the others.
PUBLIC_REASONS = [
    (reason.value, reason.label)
    for reason in (
        *(Reason.SPAM, Reason.ABUSE, Reason.HATE, Reason.PRIVACY),
        *(Reason.OFF_TOPIC, Reason.ILLEGAL, Reason.OTHER),
    )
]


class Actor(models.TextChoices):
    """Who acted."""

    MODERATOR = "moderator", _("Moderator")
    WRITER = "writer", _("Commenter")
    SITE = "site", _("Automatic check")


class Mode(models.TextChoices):
    """How an article or the whole site takes comments."""

    OPEN = "open", _("Open")
    FIRST = "first", _("First comments are checked")
    HELD = "held", _("Every comment is checked")
    CLOSED = "closed", _("Closed")


class RaidMode(models.TextChoices):
    """What raid protection does."""

    HELD = "held", _("Check all comments")
    SLOW = "slow", _("Slow everybody down")


class Verb(models.TextChoices):
    """An act of the ledger."""

    APPROVE = "approve", _("Approve")
    HOLD = "hold", _("Hold")
    REMOVE = "remove", _("Remove")
    PRUNE = "prune", _("Remove with replies")
    KEEP = "keep", _("Keep")
    EDIT = "edit", _("Edit")
    NOTE = "note", _("Note")
    MODE = "mode", _("Change the mode")
    RAID = "raid", _("Raid protection")
    LOCK = "lock", _("Lock the branch")
    SLOW = "slow", _("Slow the branch down")
    PIN = "pin", _("Pin")
    FEATURE = "feature", _("Feature")
    BAN = "ban", _("Ban")
    RULES = "rules", _("Change word rules")
    LOOKUP = "lookup", _("Look up a commenter")
    NETWORK = "network", _("Look up a network")
    REQUEST = "request", _("Request erasure")
    ERASE = "erase", _("Erase")

    @property
    def state(self):
        """The state of the comments that the act covers; empty if it decides about none."""
        return _STATES.get(self, "")


_STATES = {
    Verb.APPROVE: State.PUBLISHED,
    Verb.HOLD: State.HELD,
    Verb.REMOVE: State.REMOVED,
    Verb.PRUNE: State.REMOVED,
    Verb.ERASE: State.REMOVED,
}
# What sets up a measure.
MEASURES = [Verb.MODE, Verb.RAID, Verb.LOCK, Verb.SLOW, Verb.PIN, Verb.FEATURE, Verb.BAN]
# What opens the comments of a reader, or of a network, in all articles.
LOOKUPS = [Verb.LOOKUP, Verb.NETWORK]
# What a moderator may say about a comment. Each answers its reports.
DECISIONS = [Verb.APPROVE, Verb.HOLD, Verb.REMOVE, Verb.PRUNE, Verb.KEEP]
# Those without a meaning unless a reason is given with them.
NEEDING_REASON = {Verb.REMOVE, Verb.PRUNE}
