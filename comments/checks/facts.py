"""A draft, and the facts that it is judged by."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from comments.checks.names import Reserved
from comments.models.regime import InForce
from comments.models.states import Mode
from comments.word_rules import Matcher


@dataclass(frozen=True, slots=True)
class Draft:
    """A reader's comment before it is judged. ``website`` is a field that people do not see;
    ``confirmed`` means that the writer answered "sure?" with yes."""

    text: str
    name: str = ""
    website: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Facts about the draft's place and writer.

    ``token`` is the state of the form token: absent, good, early, expired or forged. Times of
    recent posts are newest first.

    ``opens_at`` is when a closed thread opens by itself, likewise the other ends. ``lock`` and
    ``slow`` are the measures for the branch, ``raid`` the one for the site. ``is_newcomer``: no
    comment of this reader has been published on the site. ``last_in_slow`` is when the reader last
    wrote in the slow branch, ``last_post`` when anywhere, for a newcomer when the network did.

    ``last_in_branch`` is when this writer last answered the same person in the same tree.
    ``is_repeated``: the same network has just published the same text in the same place, and it may
    have been another person. ``reserved_names`` are those of the site and its staff, ``word_rules``
    the compiled rules about wording. ``limited`` is False if the setting COMMENT_LIMITS is off.
    ``bans`` are those in force of the reader and of the networks.
    """

    now: datetime
    rules: dict
    limited: bool = True
    is_open: bool = True
    opens_at: datetime | None = None
    mode: str = Mode.OPEN
    mode_ends_at: datetime | None = None
    raid: InForce | None = None
    lock: InForce | None = None
    lock_ends_at: datetime | None = None
    slow: InForce | None = None
    is_newcomer: bool = False
    last_in_slow: datetime | None = None
    last_post: datetime | None = None
    token: str = "absent"  # noqa: S105 - a state, no secret
    reader_posts: list[datetime] = field(default_factory=list)
    network_posts: list[datetime] = field(default_factory=list)
    last_in_branch: datetime | None = None
    is_repeated: bool = False
    reserved_names: frozenset[Reserved] = frozenset()
    word_rules: Matcher = Matcher()
    bans: list = field(default_factory=list)

    def posts_within(self, posts, **period):
        """Return the posts younger than a period, which is given as to ``timedelta``."""
        return [at for at in posts if self.now - at < timedelta(**period)]
