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
    SPAM = "spam", _("Advertising")
    ABUSE = "abuse", _("Personal attack")
    HATE = "hate", _("Discrimination")
    PRIVACY = "privacy", _("Personal information")
    OFF_TOPIC = "off-topic", _("Off topic")
    ILLEGAL = "illegal", _("Illegal content")
    WRITER = "writer", _("Deleted by the commenter")
    OTHER = "other", _("Breach of the house rules")


class Verb(models.TextChoices):
    """A moderator's decision."""

    APPROVE = "approve", _("Approve")
    HOLD = "hold", _("Hold")
    REMOVE = "remove", _("Remove")
    PRUNE = "prune", _("Remove with replies")

    @property
    def state(self):
        """The state of the comments that the decision covers."""
        states = {Verb.APPROVE: State.PUBLISHED, Verb.HOLD: State.HELD}
        return states.get(self, State.REMOVED)
