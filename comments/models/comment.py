"""Comments: nested replies of readers without accounts."""

import hashlib

from django.conf import settings
from django.db import models
from django.db.models import Deferrable, F, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.web.text_diff import compare_texts
from comments.models.indexes import SQLiteIndex
from comments.models.moderated import Moderated
from comments.models.nested import Nested
from comments.models.querysets import CommentManager
from comments.models.shown import Shown
from comments.models.states import Reason, State
from comments.models.thread import Thread
from comments.models.votable import Votable

MAX_LENGTH = settings.COMMENT_RULES["length"]
MAX_DEPTH = settings.COMMENT_RULES["depth"]
MOST_EDITS = 5  # that moderators see; comparing takes time
MODERATE = "comments.moderate_comment"  # permission


class Comment(Shown, Moderated, Votable, Nested):
    """A comment in its place in the tree of its top-level comment.

    ``number`` is its place in the thread (``>>12``), never reused. ``state`` is that of the newest
    moderation item in force, else ``first_state``.
    """

    State = State
    Reason = Reason

    # Every index costs time at every post, on PostgreSQL also for each comment that a prune
    # covers. So no column has an index of its own if a longer index begins with it, and
    # replies are found through their tree.
    thread = models.ForeignKey(
        Thread, models.PROTECT, db_index=False, related_name="comments", verbose_name=_("thread")
    )
    number = models.PositiveIntegerField(_("number"))
    name = models.CharField(_("name"), max_length=50, blank=True)
    tripcode = models.CharField(_("tripcode"), max_length=20, blank=True)
    staff = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,  # without its writer it would look like a reader's
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        verbose_name=_("staff member"),
    )
    reader_code = models.CharField(
        _("ID"), max_length=12, blank=True, help_text=_("Distinguishes readers within this thread.")
    )
    reader_ordinal = models.PositiveIntegerField(
        default=0,
        editable=False,
        help_text=_("Position among the comments with this ID in the thread."),
    )
    reader_hash = models.CharField(max_length=64, blank=True, editable=False)
    network_hash = models.CharField(max_length=64, blank=True, editable=False)
    wide_network_hash = models.CharField(max_length=64, blank=True, editable=False)
    # A hash of form token and text: a form that is sent twice makes one comment.
    submission = models.UUIDField(null=True, editable=False)
    text = models.TextField(_("text"))
    html = models.TextField(editable=False)
    posted_at = models.DateTimeField(_("posted at"), default=timezone.now)
    edited_at = models.DateTimeField(_("edited at"), null=True, blank=True)

    state = models.CharField(_("status"), max_length=10, choices=State, default=State.PUBLISHED)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    first_state = models.CharField(
        _("initial status"), max_length=10, choices=State, default=State.PUBLISHED
    )
    first_reason = models.CharField(_("initial reason"), max_length=12, choices=Reason, blank=True)
    moderated_at = models.DateTimeField(_("moderated at"), null=True, editable=False)
    # What a check found in the text: the word rule, if it was one, and the span in ``text``.
    matched_rule = models.ForeignKey(
        "comments.WordRule",
        models.PROTECT,
        null=True,
        editable=False,
        db_index=False,
        related_name="comments",
        verbose_name=_("word rule"),
    )
    matched_start = models.PositiveIntegerField(null=True, editable=False)
    matched_end = models.PositiveIntegerField(null=True, editable=False)
    version = models.PositiveIntegerField(
        default=0, editable=False, help_text=_("Increases with every change of text or state.")
    )
    is_unseen = models.BooleanField(
        default=False,
        editable=False,
        help_text=_("Published, but edited since a moderator decided about it."),
    )
    purged_at = models.DateTimeField(
        _("text erased at"),
        null=True,
        editable=False,
        help_text=_("The text is erased for good; the comment stays removed."),
    )

    score = models.IntegerField(_("score"), default=0, editable=False)
    up_votes = models.PositiveIntegerField(default=0, editable=False)
    down_votes = models.PositiveIntegerField(default=0, editable=False)
    up_networks = models.PositiveIntegerField(default=0, editable=False)
    down_networks = models.PositiveIntegerField(default=0, editable=False)
    imported_score = models.IntegerField(_("imported score"), default=0, editable=False)
    alias = models.PositiveBigIntegerField(
        null=True, editable=False, help_text=_("ID at the site it was imported from.")
    )
    objects = CommentManager()

    class Meta:
        verbose_name = _("comment")
        verbose_name_plural = _("comments")
        permissions = [("moderate_comment", _("Can moderate comments"))]
        constraints = [
            models.UniqueConstraint(fields=["thread", "number"], name="comment_number_once"),
            models.UniqueConstraint(
                fields=["tree_id"], condition=Q(parent=None), name="comment_one_root_per_tree"
            ),
            models.UniqueConstraint(
                fields=["tree_id", "lft"],
                name="comment_edge_once",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["tree_id", "rght"],
                name="comment_end_once",
                deferrable=Deferrable.DEFERRED,
            ),
            models.UniqueConstraint(
                fields=["submission"],
                condition=Q(submission__isnull=False),
                name="comment_submission_once",
            ),
            models.CheckConstraint(condition=Q(lft__lt=F("rght")), name="comment_edges_ordered"),
            models.CheckConstraint(condition=Q(lft__gte=1), name="comment_edges_positive"),
        ]
        indexes = [
            SQLiteIndex(fields=["tree_id", "lft"], name="comment_tree_order"),
            SQLiteIndex(fields=["tree_id", "rght"], name="comment_tree_ends"),
            models.Index(fields=["thread", "state", "-posted_at"], name="comment_thread_newest"),
            # ``~Q(staff=None)`` becomes "NOT (… IS NULL)", and SQLite never uses such an index.
            models.Index(fields=["staff"], name="comment_staff", condition=Q(staff__isnull=False)),
            models.Index(
                fields=["matched_rule", "state"],
                name="comment_matched_rule",
                condition=Q(matched_rule__isnull=False),
            ),
            models.Index(fields=["state", "-posted_at"], name="comment_state_newest"),
            models.Index(fields=["edited_at"], name="comment_unseen", condition=Q(is_unseen=True)),
            models.Index(
                Coalesce("moderated_at", "posted_at"),
                "id",
                name="comment_held_since",
                condition=Q(state=State.HELD),
            ),
            models.Index(
                fields=["thread", "number"], name="comment_roots", condition=Q(parent=None)
            ),
            models.Index(
                fields=["reader_code", "thread", "reader_ordinal"],
                name="comment_reader_code",
            ),
            # Moderators search for them. Most comments have neither and cost nothing.
            models.Index(fields=["name", "-id"], name="comment_name", condition=~Q(name="")),
            models.Index(
                fields=["tripcode", "-id"], name="comment_tripcode", condition=~Q(tripcode="")
            ),
            models.Index(
                fields=["reader_hash", "-posted_at"],
                name="comment_reader",
            ),
            models.Index(
                fields=["network_hash", "-posted_at"],
                name="comment_network",
            ),
        ]

    def __str__(self):
        return f">>{self.number} {self.display_name}"

    @property
    def place(self):
        """The URL of its place in the thread."""
        return f"{self.thread.article.get_absolute_url()}#{self.anchor}"

    @property
    def is_purged(self):
        """Whether its text is erased for good. It stays removed, whatever the ledger says."""
        return self.purged_at is not None

    @property
    def is_shown(self):
        """Whether a thread shows it: published, or a placeholder above one that is."""
        return self.is_published or self.visible_descendants().exists()

    @property
    def accepts_replies(self):
        return (
            self.is_published
            and self.level < MAX_DEPTH
            and self.thread.accepts_comments
            and not self.lock
        )

    @property
    def lock(self):
        """The lock in force of the branch that it is in, or None."""
        return self.thread.regime.find_lock(self)

    @property
    def digest(self):
        """A hash of the text. Edits and decisions send it, to change only the text they saw."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    @property
    def edits(self):
        """The last changes by its writer as (time, differences), newest first, for moderators."""
        old_texts = list(self.old_texts.all()) if self.edited_at else []
        texts = [*(old.text for old in old_texts), self.text]
        steps = zip(old_texts, texts[1:], strict=True)
        edits = [(old.replaced_at, old.text, text) for old, text in steps]
        return [(at, compare_texts(old, new)) for at, old, new in edits[: -MOST_EDITS - 1 : -1]]

    @property
    def is_editable(self):
        """Whether its writer may still change the text: for a while, before any answer, while the
        thread is open."""
        age = timezone.now() - self.posted_at
        return (
            not self.is_removed
            and age.total_seconds() < settings.COMMENT_RULES["edit"]
            and self.thread.accepts_comments
            and not self.lock
            and self.is_leaf_node()
            and not self.answers.shown().exists()
        )

    @property
    def reader_total(self):
        """The number of published comments with its ID in the thread. One query."""
        same = Comment.objects.published().filter(thread=self.thread_id)
        last = same.filter(reader_code=self.reader_code).order_by("-reader_ordinal")
        return last.values_list("reader_ordinal", flat=True).first()

    @property
    def is_of_starter(self):
        """Whether the writer of its top-level comment wrote it too."""
        roots = Comment.objects.filter(tree_id=self.tree_id, parent=None)
        return bool(
            self.parent_id and self.reader_code and roots.filter(reader_code=self.reader_code)
        )

    def is_written_by(self, reader):
        return bool(reader.hash) and self.reader_hash == reader.hash

    def is_answered_by(self, reader):
        """Whether a reader replied to it, or named its number."""
        if not reader.hash:
            return False
        replies = self.replies.filter(reader_hash=reader.hash)
        return replies.exists() or self.answers.filter(source__reader_hash=reader.hash).exists()

    def next_sibling_shown(self):
        """Return the next comment that answers the same one, as readers see it, or None."""
        after = Comment.objects.filter(
            tree_id=self.tree_id, parent=self.parent_id, lft__gt=self.rght, parent__isnull=False
        )
        return after.shown().order_by("lft").first()

    def next_root_shown(self):
        """Return the next top-level comment, in the order of posting, or None."""
        root = self.thread.comments.get(tree_id=self.tree_id, parent=None)
        after = self.thread.comments.shown_roots().filter(number__gt=root.number)
        return after.order_by("number").first()
