"""The states of one article: questions about its state, and the verbs that change it.

What may become public is the rule of ``articles.models.readiness``; every way of saving meets it.
"""

from django.db import models, transaction
from django.utils import timezone

from articles.models.readiness import GATED, NotReady, check_ready
from articles.revisions import store_snapshot
from articles.workflow import NEXT, UNGATED, Status, TransitionRefused, Verb


class Publication(models.Model):
    """The states of an article, its verbs, and the gate that each save passes.

    ``verb`` says what the next save is meant to do; it holds for one save. Without a verb a save
    may publish what is ready, but it neither schedules nor publishes by a date that was moved.
    """

    verb = Verb.SAVE

    class Meta:
        abstract = True

    @property
    def is_published(self):
        return (
            self.status == Status.PUBLISHED
            and self.published_at <= timezone.now()
            and not self.is_expired
        )

    @property
    def is_scheduled(self):
        return self.status == Status.PUBLISHED and self.published_at > timezone.now()

    @property
    def is_expired(self):
        return (
            self.status == Status.PUBLISHED
            and self.expires_at is not None
            and self.expires_at <= timezone.now()
        )

    @property
    def is_featured(self):
        is_running = self.featured_until is None or self.featured_until > timezone.now()
        return self.featured and is_running

    @property
    def is_breaking(self):
        return self.breaking_until is not None and self.breaking_until > timezone.now()

    @property
    def is_withdrawn(self):
        return self.status == Status.WITHDRAWN

    @property
    def is_reachable(self):
        return self.is_published or self.is_withdrawn

    @property
    def is_page(self):
        return self.kind == self.Kind.PAGE

    def clean(self):
        super().clean()
        self.check_transition(self.status)
        self.check_ready()

    def check_transition(self, status):
        """Raise ``TransitionRefused`` if the workflow forbids a change from the stored status.

        A new article may have any status.
        """
        rows = type(self)._base_manager.filter(pk=self.pk).order_by()
        stored_status = rows.values_list("status", flat=True).first() if self.pk else None
        if stored_status == Status.TRASH and self.verb == Verb.RESTORE:
            return
        if stored_status and status not in NEXT[stored_status]:
            raise TransitionRefused(self, status)

    def _do_update(self, rows, using, key, values, update_fields, *args):
        """Update the row only if the workflow allows the change from its stored status.

        A condition of the UPDATE needs no extra query and sees what others saved meanwhile.
        """
        is_checked = update_fields is None or "status" in update_fields
        if is_checked:
            before = [each for each in NEXT if self.status in NEXT[each]]
            before = [Status.TRASH] if self.verb == Verb.RESTORE else before
            rows = rows.filter(status__in=before)
        is_updated = super()._do_update(rows, using, key, values, update_fields, *args)
        if is_checked and not is_updated:
            self.check_transition(self.status)
        return is_updated

    def check_ready(self, update_fields=None):
        """Raise ``NotReady`` if saving would make an article public that is not ready for it.

        ``update_fields`` names the fields that are saved, as in ``save()``. A public article may
        keep the faults that it has, but gets no new ones.
        """
        is_whole = update_fields is None
        if self.verb in UNGATED or not (is_whole or GATED.intersection(update_fields)):
            return
        if (is_whole or "status" in update_fields) and self.status != Status.PUBLISHED:
            return
        stored = type(self)._base_manager.filter(pk=self.pk).first() if self.pk else None
        wanted = self
        if not is_whole and stored:
            wanted = type(self)._base_manager.get(pk=self.pk)
            for name in GATED.intersection(update_fields):
                setattr(wanted, name, getattr(self, name))
        if wanted.status == Status.PUBLISHED:
            check_ready(wanted, stored, self.verb)

    def save(self, *args, update_fields=None, **kwargs):
        try:
            self.check_ready(update_fields)
            super().save(*args, update_fields=update_fields, **kwargs)
        finally:
            self.verb = Verb.SAVE

    save.alters_data = True

    def submit(self):
        """Hand a draft to the editors. What they noted before is settled."""
        self._enter(Status.REVIEW, return_note="")

    def publish(self, *, at=None):
        """Publish at a given moment, by default at the one that is set already, else now.

        Raises ``NotReady`` for what is missing, and for a moment to come: that needs ``schedule``.
        """
        published_at = at or self.published_at or timezone.now()
        self._enter(Status.PUBLISHED, Verb.PUBLISH, published_at=published_at, return_note="")

    def schedule(self, *, at=None):
        """Schedule the publication for a moment to come, by default the one that is set already.

        Raises ``NotReady`` for what is missing, for no moment and for one that has passed.
        """
        at = at or self.published_at
        self._enter(Status.PUBLISHED, Verb.SCHEDULE, published_at=at, return_note="")

    def withdraw(self, *, note):
        """Withdraw a published article. From now on its page shows the note."""
        self._enter(Status.WITHDRAWN, withdrawal_note=note)

    def return_to_draft(self, *, note=""):
        """Return the article to its writer, with a note that the staff sees.

        It keeps its date for the next publication.
        """
        self._enter(Status.DRAFT, return_note=note.strip())

    def _enter(self, status, verb=Verb.SAVE, **changes):
        """Save a new status with other changes, as a revision of its own."""
        self.verb = verb
        self.check_transition(status)
        changes["status"] = status
        before = {name: getattr(self, name) for name in changes}
        for name, value in changes.items():
            setattr(self, name, value)
        try:
            with transaction.atomic():
                self.save(update_fields=list(changes))
                store_snapshot(self)
        except NotReady:
            for name, value in before.items():
                setattr(self, name, value)
            raise
