"""The trash: an article in it is whole, answers nobody, and comes back as it was."""

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.models.publication import Publication
from articles.workflow import ONCE_PUBLIC, Status, Verb


class Trashable(Publication):
    """The trash remembers which state an article had. Nothing but that state changes."""

    trashed_from = models.CharField(
        _("status before"), max_length=10, choices=Status, blank=True, editable=False
    )
    trashed_at = models.DateTimeField(_("in the trash since"), null=True, editable=False)

    class Meta:
        abstract = True

    @property
    def is_trashed(self):
        return self.status == Status.TRASH

    @property
    def is_gone(self):
        """Whether readers once saw the article that is in the trash; its address answers 410."""
        return bool(
            self.is_trashed
            and self.trashed_from in ONCE_PUBLIC
            and self.published_at
            and self.published_at <= self.trashed_at
        )

    def trash(self):
        """Move the article to the trash. Links that share it end for good."""
        with transaction.atomic():
            self._enter(Status.TRASH, trashed_from=self.status, trashed_at=timezone.now())
            self.share_links.revoke()

    def restore(self, *, as_draft=False):
        """Bring the article back from the trash in the state that it had, or as a draft.

        One whose scheduled moment has passed meanwhile becomes a draft. Raises ``NotReady`` for an
        article that was public and lacks something.
        """
        missed = self.trashed_at < self.published_at <= timezone.now() if self._has_dates else False
        status = Status.DRAFT if as_draft or missed else Status(self.trashed_from)
        self._enter(status, Verb.RESTORE, trashed_from="", trashed_at=None)

    @property
    def _has_dates(self):
        return self.trashed_from == Status.PUBLISHED and self.published_at is not None

    def empty(self):
        """Delete an article of the trash for good, with its revisions.

        Raises ``ProtectedError`` if it has comments: the record of moderation names them.
        """
        if not self.is_trashed:
            raise ValueError("only an article in the trash is deleted for good")
        with transaction.atomic():
            revisions = self.history.all()
            key = self.pk
            self.delete()
            revisions.model.objects.filter(id=key).delete()
