"""A draft change of a public article: readers see the old text until the change is applied."""

import logging
from contextlib import contextmanager

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import InterfaceError, OperationalError, models, transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from simple_history.utils import update_change_reason

from articles.models.article import Article
from articles.models.readiness import NotReady, check_ready
from articles.revisions import REASON_LENGTH, build_snapshot, exists, restore_parts
from articles.web.sentences import join_sentences
from articles.workflow import Verb, may_publish

logger = logging.getLogger(__name__)
FIELDS = (
    *(
        "title",
        "lead",
        "body",
        "language",
        "category_id",
        "lead_image_id",
        "series_id",
        "series_number",
    ),
    *("seo_title", "seo_description", "card_image_id"),
)
MOST_EARLIER = 5  # versions that an open form may have started from
CONTENTS = ("base", "content", "fields", "earlier")  # columns as long as the text
REASON = "draft change"  # of the revision that applies one; followed by who wrote it


class ChangeConflict(ValidationError):
    """The article was changed after the draft change was begun; neither text is lost."""

    def __init__(self):
        message = _("The article was changed meanwhile. Compare both before you apply this change.")
        super().__init__(message, code="conflict")


def read_content(article):
    """Return what a draft change may change of an article, as JSON values."""
    return {
        "fields": {name: getattr(article, name) for name in FIELDS},
        "others": sorted(article.other_categories.values_list("pk", flat=True)),
        **build_snapshot(article),
    }


def describe_reason(reason):
    """Return the reason of a revision as editors read it."""
    kind, _separator, name = reason.partition(": ")
    if kind != REASON:
        return reason
    if not name:
        return gettext("Draft change applied")
    return gettext("Draft change by %(name)s applied") % {"name": name}


def _drop_titles(content):
    """Return a content without the titles of other articles and the names of bylines, which are
    no part of it."""
    signed = [(entry["byline"], entry["part"]) for entry in content["credits"]]
    return content | {
        "credits": signed,
        "related": [entry["pk"] for entry in content["related"]],
    }


class ArticleChangeQuerySet(models.QuerySet):
    def scheduled(self):
        """The changes that will be applied at their moment."""
        return self.filter(status=ArticleChange.Status.SCHEDULED)

    def due(self):
        """The scheduled changes whose moment has come."""
        return self.scheduled().filter(at__lte=timezone.now())

    def waiting_for(self, user, *, until):
        """The changes that wait for a member of the staff: those that came back with a note; for
        an editor also those in review and those applied before a moment. The oldest first."""
        status, own = ArticleChange.Status, models.Q(saved_by=user) & ~models.Q(note="")
        waiting = own & models.Q(status=status.DRAFT)
        if may_publish(user):
            waiting |= models.Q(status=status.REVIEW)
            waiting |= models.Q(status=status.SCHEDULED, at__lt=until)
        return self.filter(waiting).order_by("at", "saved_at")

    def for_list(self):
        """Fetch what a row of the desk shows."""
        articles = self.select_related("article__category", "saved_by")
        return articles.defer(*CONTENTS, "article__body")

    def apply_due(self):
        """Apply the changes that are due; return how many. Those that cannot be say why.

        A lost connection or a lock that is not released ends the pass; any other error refuses the
        change that raised it.
        """
        count = 0
        for change in self.due().order_by("at", "pk"):
            try:
                count += change.apply()
            except (ChangeConflict, NotReady) as refusal:
                change.refuse(join_sentences(refusal.messages))
            except (OperationalError, InterfaceError):
                raise
            except Exception:
                logger.exception("No change was applied to article %d.", change.article_id)
                change.refuse(gettext("An error prevented this change. The server's log has it."))
        return count

    @contextmanager
    def following(self, articles):
        """A block that changes what is stored of some articles and not what they say: changes that
        were begun from their present content are no conflict afterwards."""
        changes = self.filter(article__among=articles).select_related("article")
        fresh = [change for change in changes if not change.is_stale]
        yield
        for change in fresh:
            change.base = read_content(Article.objects.get(pk=change.article_id))
            change.save(update_fields=["base"])


class ArticleChange(models.Model):
    """An article has one open change. ``base`` is the content that it began with; ``fields`` is
    what the form sent, so that it can be opened again."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft change")
        REVIEW = "review", _("Change in review")
        SCHEDULED = "scheduled", _("Change scheduled")

    article = models.OneToOneField(
        Article, models.CASCADE, related_name="change", verbose_name=_("article")
    )
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    base = models.JSONField(default=dict, editable=False)
    content = models.JSONField(default=dict, editable=False)
    fields = models.JSONField(default=dict, editable=False)
    earlier = models.JSONField(default=list, editable=False)  # (version, content), newest first
    is_minor = models.BooleanField(_("minor change"), default=False)
    at = models.DateTimeField(_("applied at"), null=True, blank=True)
    note = models.TextField(_("note to the writer"), blank=True)
    saved_at = models.DateTimeField(_("saved at"), default=timezone.now, editable=False)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        related_name="+",
        verbose_name=_("saved by"),
    )

    objects = ArticleChangeQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft change")
        verbose_name_plural = _("draft changes")
        indexes = [models.Index(fields=["status", "at"], name="article_change_due")]

    def __str__(self):
        return str(self.article)

    @property
    def version(self):
        """A name for these words; it changes when others are saved."""
        return self.saved_at.isoformat()

    def find_content(self, version):
        """Return the content that an earlier version had, that of the article for the empty one,
        or None if it is not known any more."""
        versions = {"": self.base, **dict(self.earlier), self.version: self.content}
        return versions.get(version)

    @property
    def is_stale(self):
        """Whether the article was changed since this change was begun."""
        return _drop_titles(read_content(self.article)) != _drop_titles(self.base)

    def save_content(self, content, *, fields, by, is_minor=False):
        """Save new words. A change that was reviewed or scheduled is a draft again."""
        if self.pk:
            self.earlier = [(self.version, self.content), *self.earlier][:MOST_EARLIER]
        self.content, self.fields, self.is_minor = content, fields, is_minor
        self.base = self.base or read_content(self.article)
        self.saved_by, self.saved_at = by, timezone.now()
        self.status, self.at = self.Status.DRAFT, None
        self.save()

    def submit(self):
        """Hand the change to those who may publish."""
        self._enter(self.Status.REVIEW, note="", at=None)

    def return_to_writer(self, note):
        self._enter(self.Status.DRAFT, note=note, at=None)

    def schedule(self, *, at):
        """Approve the change and apply it at a moment to come."""
        if at is None or at <= timezone.now():
            raise ValidationError(_("Set a moment to come for the change."), code="past")
        if self.is_stale:
            raise ChangeConflict
        check_ready(self._fill(Article.objects.get(pk=self.article_id)), self.article, Verb.SAVE)
        self._enter(self.Status.SCHEDULED, note="", at=at)

    def refuse(self, reason):
        """Note why the change could not be applied; it is a draft again. A change that was saved,
        applied or discarded meanwhile stays as it is."""
        same = type(self).objects.filter(pk=self.pk, saved_at=self.saved_at, status=self.status)
        same.update(status=self.Status.DRAFT, note=reason, at=None)

    def keep_mine(self):
        """Accept the article's newer text as the base: applying replaces it by this change."""
        self.base = read_content(self.article)
        self._enter(self.Status.DRAFT, base=self.base, note="")

    def apply(self, *, by=None):
        """Replace the public text by this change, as a revision; whether this call did it.

        Several processes may try; the one that deletes the row applies it. Raises
        ``ChangeConflict`` and ``NotReady``; then nothing is changed.
        """
        with transaction.atomic():
            article = Article.objects.select_for_update().filter(pk=self.article_id).first()
            row = type(self).objects.filter(pk=self.pk, saved_at=self.saved_at, status=self.status)
            if article is None or not row.delete()[0]:
                return False
            if _drop_titles(read_content(article)) != _drop_titles(self.base):
                raise ChangeConflict
            if not self.is_minor:
                article.updated_at = timezone.now()
            article._history_user = by or self.saved_by
            self.fill_whole(article)
            update_change_reason(article, f"{REASON}: {self.saved_by or ''}"[:REASON_LENGTH])
        return True

    def fill_whole(self, article):
        """Save the article with the content of this change, without applying it."""
        self._fill(article).save_whole(lambda: self._save_parts(article))

    def _fill(self, article):
        """Give the article the fields of this change and return it. Where the category, series or
        picture of the change is gone, the article keeps its own."""
        for name, value in self.content["fields"].items():
            if exists(Article._meta.get_field(name), value):
                setattr(article, name, value)
        return article

    def _save_parts(self, article):
        restore_parts(article, self.content | {"other_categories": self.content["others"]})

    def _enter(self, status, **changes):
        changes["status"] = status
        for name, value in changes.items():
            setattr(self, name, value)
        self.save(update_fields=list(changes))
