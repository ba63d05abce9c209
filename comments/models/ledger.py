"""The ledger of moderation: every decision, with its comments, reason and time. Nothing is
erased."""

from collections import defaultdict

from django.conf import settings
from django.core.cache import cache
from django.db import models, transaction
from django.db.models import OuterRef, Q, Subquery, Value
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models import compiled
from comments.models.comment import Comment
from comments.models.folds import apply_ledger, fold_mention
from comments.models.mention import Mention
from comments.models.stamps import Stamp, find_changes_since, format_moment
from comments.models.states import DECISIONS, LOOKUPS, MEASURES, Actor, Reason, State, Verb
from comments.models.thread import Thread
from comments.models.trees import threads_write
from comments.models.word_rule import WordRule, WordRuleVersion
from comments.refusals import Changed, DeletedByWriter, NotUndoable, Refused, TextErased

BANS = "bans"  # the cache key of the bans in force


# Acts that nobody undoes.
FINAL = [Verb.EDIT, Verb.NOTE, *LOOKUPS, Verb.REQUEST, Verb.ERASE]
MOST_EXPLAINED = 30  # comments


class ModerationActionQuerySet(models.QuerySet):
    def undoable(self):
        """The acts whose undoing means something: a comment that its writer deleted stays deleted,
        and what the site held is approved instead."""
        chosen = Q(actor=Actor.MODERATOR) | Q(verb=Verb.RULES)
        return self.filter(chosen, undone_at=None).exclude(verb__in=FINAL)

    def about(self, article):
        """The acts about an article's thread or its mentions, also those about several threads."""
        items = ModerationItem.objects.filter(comment__thread__article=article)
        shared = Q(thread=None, pk__in=items.filter(action__thread=None).values("action"))
        return self.filter(Q(thread__article=article) | Q(mention__article=article) | shared)

    def lock(self):
        """Lock the acts against a concurrent undo until the transaction ends, and with acts about
        word rules all rules. Call it after the threads are locked."""
        verbs = list(self.order_by("pk").select_for_update().values_list("verb", flat=True))
        if Verb.RULES in verbs:
            WordRuleVersion.lock()

    def newest_of(self, thread, most):
        """The newest acts about a thread, also those about several threads. Two short queries
        find their keys."""
        own = self.filter(thread=thread.pk or 0).order_by("-pk").values_list("pk", flat=True)
        items = ModerationItem.objects.filter(comment__thread=thread.pk or 0, action__thread=None)
        shared = items.order_by("-action_id").values_list("action_id", flat=True).distinct()
        return self.filter(pk__in=[*own[:most], *shared[:most]]).order_by("-pk")[:most]


class ModerationAction(models.Model):
    """An act of a moderator, of a comment's writer or of the site itself.

    The newest decision in force sets a comment's state; without one the comment has its first
    state. ``thread`` is None for an act about several threads or the whole site, ``comment`` for
    one about several comments or none. ``size`` is the number of its items.
    """

    Verb = Verb

    thread = models.ForeignKey(
        Thread,
        models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="actions",
        verbose_name=_("thread"),
    )
    comment = models.ForeignKey(
        Comment,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("comment"),
    )
    mention = models.ForeignKey(
        Mention,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="actions",
        verbose_name=_("mention"),
    )
    actor = models.CharField(_("origin"), max_length=10, choices=Actor, default=Actor.MODERATOR)
    size = models.PositiveIntegerField(_("comments"), default=0, editable=False)
    verb = models.CharField(_("decision"), max_length=10, choices=Verb)
    reason = models.CharField(_("reason"), max_length=12, choices=Reason, blank=True)
    note = models.TextField(_("note"), blank=True)
    moderator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("moderator"),
    )
    created_at = models.DateTimeField(_("created at"), default=timezone.now)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("undone by"),
    )
    undone_note = models.TextField(_("reason for undoing"), blank=True)

    objects = ModerationActionQuerySet.as_manager()

    class Meta:
        verbose_name = _("moderation action")
        verbose_name_plural = _("moderation actions")
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["thread", "-id"], name="action_thread_newest"),
            models.Index(fields=["created_at"], name="action_created"),
            models.Index(fields=["verb", "-id"], name="action_verb_newest"),
            models.Index(fields=["actor", "-id"], name="action_actor_newest"),
        ]

    def __str__(self):
        if self.comment_id:
            return f"{self.get_verb_display()} >>{self.comment.number}"
        if self.mention_id:
            return f"{self.get_verb_display()}: {self.mention}"
        return self.get_verb_display()

    @property
    def is_undone(self):
        return self.undone_at is not None

    @property
    def can_be_undone(self):
        """The same as ``undoable`` of the queryset, for this act."""
        is_chosen = self.actor == Actor.MODERATOR or self.verb == Verb.RULES
        return is_chosen and not self.is_undone and self.verb not in FINAL

    @property
    def is_measure(self):
        return self.verb in MEASURES

    @property
    def concerns_site(self):
        """Whether it changes other pages than those of its thread."""
        of_site = self.verb in {Verb.MODE, Verb.RAID} and self.thread_id is None
        return of_site or self.verb == Verb.FEATURE

    def describe(self):
        """Say in a sentence when who did what, and whether it was undone."""
        who = self.moderator or self.get_actor_display()
        values = {
            "when": format_moment(self.undone_at or self.created_at),
            "who": self.undone_by if self.is_undone and self.undone_by else who,
            "verb": self.get_verb_display(),
        }
        if self.is_undone:
            return _("%(when)s %(who)s undid: %(verb)s") % values
        sentence = _("%(when)s %(who)s: %(verb)s") % values
        return f"{sentence} ({self.get_reason_display()})" if self.reason else sentence

    def cover(self, pks):
        """Write an item for every comment. Only inside ``thread_write``."""
        rows = Comment.objects.filter(pk__among=pks).order_by("pk")
        rows = rows.values_list(Value(self.pk), "pk", Value(str(Verb(self.verb).state)))
        compiled.insert_selected(ModerationItem, ["action", "comment", "state"], rows)
        self.size += len(pks)
        self.save(update_fields=["size"])

    def undo(self, *, by, note="", seen=""):
        """Undo the act: all that it changed is what the other acts in force make of it.

        Acts can be undone in any order. Undoing twice changes nothing. ``seen`` is the stamp of
        what the moderator saw. Raises ``Changed`` if that has changed since or another moderator
        has undone the act, ``DeletedByWriter`` if a writer acted, ``NotUndoable`` if there is
        nothing to undo, and ``TextErased`` if the texts of all its comments are erased. Of several
        comments those without a text stay removed.
        """
        covered = self._list_covered()
        with threads_write(covered) as threads:
            ModerationAction.objects.filter(pk=self.pk).lock()  # it may concern no thread
            self.refresh_from_db(fields=["undone_at", "undone_by"])
            if self.is_undone and seen and self.undone_by != by:
                raise Changed([self.describe()])
            if self.is_undone:
                return
            if not self.can_be_undone:
                raise self._find_refusal()
            if self.verb in DECISIONS and self.size and not self._covers_texts():
                raise TextErased
            if self.mention:
                self.mention.refresh_from_db(fields=["state"])
            changes = find_changes_since(self, Stamp.read(seen)) if seen else []
            if changes:
                raise Changed(changes)
            self.undone_at, self.undone_by, self.undone_note = timezone.now(), by, note
            self.save(update_fields=["undone_at", "undone_by", "undone_note"])
            for thread in threads:
                apply_ledger(thread, covered[thread.article_id])
                if self.is_measure and self.verb != Verb.BAN:  # which readers see
                    thread.raise_versions(())
            if self.mention:
                fold_mention(self.mention)
            if self.verb == Verb.RULES:
                WordRule.objects.filter(changes__action=self).fold()
            if self.verb == Verb.BAN:
                transaction.on_commit(lambda: cache.delete(BANS))

    def _find_refusal(self):
        """Return why an act that cannot be undone cannot be."""
        if self.verb == Verb.ERASE:
            return TextErased()
        is_deletion = self.actor == Actor.WRITER and self.verb == Verb.REMOVE
        return DeletedByWriter() if is_deletion else NotUndoable()

    def _list_covered(self):
        """Return the keys of its comments by article, of all articles that it concerns."""
        covered = defaultdict(list)
        for place in filter(None, (self.thread, self.mention)):
            covered[place.article_id] = []
        for pk, article_id in self.items.values_list("comment_id", "comment__thread__article_id"):
            covered[article_id].append(pk)
        return covered

    def _covers_texts(self):
        """Whether it covers a comment whose text is not erased."""
        return self.items.filter(comment__purged_at=None).exists()

    def explain_remaining(self):
        """Return which comments are not published after undoing or are decided by another act, as
        (comment, why) pairs, at most ``MOST_EXPLAINED``, and the number of all."""
        own = self._list_decided().exclude(decides=None, comment__state=State.PUBLISHED)
        items = list(own.select_related("comment").order_by("comment__number")[:MOST_EXPLAINED])
        deciding = ModerationItem.objects.select_related("action__moderator")
        deciding = deciding.in_bulk({item.decides for item in items} - {None})
        pairs = [
            (
                item.comment,
                deciding[item.decides].action.describe()
                if item.decides
                else item.comment.explain_first_state(),
            )
            for item in items
        ]
        return pairs, len(pairs) if len(pairs) < MOST_EXPLAINED else own.count()

    def _list_decided(self):
        """Return its items, each with the key of the item that decides about its comment, as
        ``decides``."""
        deciding = ModerationItem.objects.in_force().exclude(state="")
        newest = deciding.filter(comment=OuterRef("comment")).order_by("-action_id")
        return self.items.annotate(decides=Subquery(newest.values("pk")[:1]))


def undo_acts(actions, *, by, note="", seen=None):
    """Undo acts in one transaction, each if it is as it was seen; return the refusals as
    {action: refusal}. ``seen`` maps primary keys to stamps."""
    seen, refusals = seen or {}, {}
    with threads_write({place for action in actions for place in action._list_covered()}):
        ModerationAction.objects.filter(pk__in=[action.pk for action in actions]).lock()
        for action in actions:
            if action.pk not in seen:
                continue
            if changes := find_changes_since(action, Stamp.read(seen[action.pk])):
                refusals[action] = Changed(changes)
        for action in actions:
            try:
                if action not in refusals:
                    action.undo(by=by, note=note)
            except Refused as refusal:
                refusals[action] = refusal
    return refusals


class ModerationItemQuerySet(models.QuerySet):
    def in_force(self):
        """The items of actions that are not undone."""
        return self.filter(action__undone_at=None)

    def by_writer(self):
        """The items of writers who deleted their own comments."""
        return self.filter(action__actor=Actor.WRITER, action__verb=Verb.REMOVE)

    def answering(self):
        """The items that answer a report: decisions of moderators, deletion by the writer, and
        erasure."""
        by_moderator = Q(action__actor=Actor.MODERATOR, action__verb__in=DECISIONS)
        by_writer = Q(action__actor=Actor.WRITER, action__verb=Verb.REMOVE)
        return self.filter(by_moderator | by_writer | Q(action__verb=Verb.ERASE))


class ModerationItem(models.Model):
    """A comment that an action covers, whether or not the action changed its state."""

    # A prune writes thousands: no column has an index of its own if a longer index begins with it,
    # and PostgreSQL does not look up both keys of each row again. Only ``cover`` writes items,
    # acts and comments are never deleted, and ``verify_comments`` looks for lost items.
    action = models.ForeignKey(
        ModerationAction,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="items",
        verbose_name=_("moderation action"),
    )
    comment = models.ForeignKey(
        Comment,
        models.PROTECT,
        db_index=False,
        db_constraint=False,
        related_name="moderation_items",
        verbose_name=_("comment"),
    )
    state = models.CharField(
        _("status"), max_length=10, choices=State, blank=True, help_text=_("Empty: unchanged.")
    )

    objects = ModerationItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("moderation item")
        verbose_name_plural = _("moderation items")
        constraints = [
            models.UniqueConstraint(fields=["action", "comment"], name="moderation_item_once")
        ]
        indexes = [models.Index(fields=["comment", "-action"], name="moderation_item_fold")]

    def __str__(self):
        return f"{self.comment} → {self.get_state_display()}"
