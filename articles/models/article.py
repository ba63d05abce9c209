"""Articles: their fields, how they are saved with their parts, and their search entries."""

from django.conf import settings
from django.db import IntegrityError, models, transaction
from django.db.models import F, Q
from django.db.models.lookups import IsNull
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField
from mptt.fields import TreeForeignKey, TreeManyToManyField
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager

from articles import search
from articles.body import stored
from articles.models.article_queryset import ArticleQuerySet
from articles.models.assignment import Assignable
from articles.models.byline import Signed
from articles.models.corrections import Correctable
from articles.models.language import Written
from articles.models.media_use import MediaUse
from articles.models.page_card import Carded
from articles.models.picture_field import build_picture_field
from articles.models.redirect import KeepsAddress
from articles.models.series import Serial
from articles.models.tag_name import FoldedTags
from articles.revisions import store_snapshot
from articles.web.addresses import build_path
from articles.workflow import Status

INDEXED = {"title", "lead", "body", "published_at"}  # the fields that the search index reads
ILLUSTRATED = {"body", "lead_image", "card_image"}  # the fields that name files of the library
# The order of the staff's list. SQLite has no index for NULLS FIRST, and would sort all articles.
HAS_NO_DATE = IsNull(F("published_at"), True)
UNPUBLISHED_FIRST = (HAS_NO_DATE.desc(), F("published_at").desc(), F("id").desc())


class Revision(models.Model):
    """The columns of a revision beside the article's own fields."""

    snapshot = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True


class Article(Written, Correctable, Signed, Serial, Carded, KeepsAddress, Assignable):
    """A news article, or a page such as "about us", which no list shows."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        PAGE = "page", _("Page")

    Status = Status

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    slug = models.SlugField(_("slug"), max_length=255, unique=True, allow_unicode=True)
    body = ProseEditorField(_("body"), blank=True, sanitize=stored.sanitize_body, **stored.EDITOR)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("author"),
    )
    category = TreeForeignKey(
        "articles.Category",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="articles",
        verbose_name=_("category"),
    )
    other_categories = TreeManyToManyField(
        "articles.Category", blank=True, related_name="+", verbose_name=_("also listed in")
    )
    lead_image = build_picture_field(_("lead image"))
    featured = models.BooleanField(_("featured"), default=False)
    featured_until = models.DateTimeField(
        _("featured until"), null=True, blank=True, help_text=_("Without a date it has no end.")
    )
    breaking_until = models.DateTimeField(
        _("breaking news until"),
        null=True,
        blank=True,
        help_text=_("Until then it stands above all on the front page."),
    )
    published_at = models.DateTimeField(
        _("published at"),
        null=True,
        blank=True,
        help_text=_("To schedule the article, set a date to come and press “Schedule”."),
    )
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    withdrawal_note = models.TextField(
        _("withdrawal note"), blank=True, help_text=_("Shown to readers.")
    )
    return_note = models.TextField(_("note to the writer"), blank=True, editable=False)
    # Raised by every change of the article or its parts: a part of the version of its page.
    version = models.PositiveBigIntegerField(default=0, editable=False)
    tags = TaggableManager(blank=True, manager=FoldedTags, verbose_name=_("tags"))

    objects = ArticleQuerySet.as_manager()
    history = HistoricalRecords(bases=[Revision], excluded_fields=["version", "phrases"])
    redirect_field = "article"

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("publish_article", _("Can publish and withdraw articles")),
            ("change_any_article", _("Can change articles by other authors")),
            ("empty_trash", _("Can delete articles of the trash for good")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status="trash", trashed_at__isnull=False) & ~Q(trashed_from="")
                | ~Q(status="trash") & Q(trashed_at=None, trashed_from=""),
                name="article_trash_says_when",
                violation_error_message=_("Move the article to the trash by its own button."),
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="article_published_has_date",
                violation_error_message=_("A published article needs a publication date."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None)
                | Q(published_at=None)
                | Q(expires_at__gt=F("published_at")),
                name="article_expires_after_publication",
                violation_error_message=_("An article cannot expire before it is published."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "kind", "-published_at", "-id"], name="article_list"),
            # More columns than those of the list of all: SQLite, which has no statistics before
            # somebody asks for them, takes the index of which a query names most.
            models.Index(
                fields=["category", "status", "kind", "-published_at", "-id"],
                name="article_category_list",
            ),
            models.Index(fields=["author", "-published_at"], name="article_author_list"),
            models.Index(*UNPUBLISHED_FIRST, name="article_staff_list"),
            models.Index(
                fields=["-published_at", "-id"],
                name="article_featured",
                condition=Q(featured=True),
            ),
            models.Index(
                fields=["corrected_at"],
                name="article_corrected",
                condition=Q(corrected_at__isnull=False),
            ),
            models.Index(
                fields=["status", "expires_at"],
                name="article_expiry",
                condition=Q(expires_at__isnull=False),
            ),
            models.Index(
                fields=["featured_until"],
                name="article_featured_until",
                condition=Q(featured_until__isnull=False),
            ),
            models.Index(
                fields=["breaking_until"],
                name="article_breaking_until",
                condition=Q(breaking_until__isnull=False),
            ),
            models.Index(
                fields=["series", "series_number", "id"],
                name="article_series",
                condition=Q(series__isnull=False),
            ),
        ]

    def __str__(self):
        return str(self.title)  # plain: it also stands in attributes and titles of pages

    def get_absolute_url(self):
        return build_path("articles:detail", self.slug)

    @property
    def modified_at(self):
        """The moment of the last change that readers can see, never before the publication."""
        return max(self.published_at or self.updated_at, self.updated_at)

    @property
    def was_updated(self):
        """Whether the article changed more than a minute after its publication."""
        return bool(
            self.published_at and (self.updated_at - self.published_at).total_seconds() > 60
        )

    @cached_property
    def rendered_body(self):
        """The body as HTML for readers, with images, credits and renditions from the library."""
        return stored.render_body(self.body)

    def save(self, *args, update_fields=None, is_indexed=True, **kwargs):
        """Save the article and its search entry; ``is_indexed=False`` leaves out the entry.

        Raises ``ValidationError`` for a transition that the workflow does not allow, a
        publication without a date, or an expiry before the publication.
        """
        try:
            with transaction.atomic():
                super().save(*args, update_fields=update_fields, **kwargs)
                if update_fields is None or not ILLUSTRATED.isdisjoint(update_fields):
                    MediaUse.objects.renew([self])
                if is_indexed and (update_fields is None or not INDEXED.isdisjoint(update_fields)):
                    self.index()
        except IntegrityError:
            self.validate_constraints()  # raises the error that names the rule
            raise

    def _do_update(self, rows, using, key, values, update_fields, *args):
        """Raise the version with the row, whatever version this copy of it has."""
        version = self._meta.get_field("version")
        values = [value for value in values if value[0] is not version]
        values.append((version, None, F("version") + 1))
        return super()._do_update(rows, using, key, values, update_fields, *args)

    def save_whole(self, save_parts):
        """Save the article with its parts, the snapshot of its revision and its search entry.

        ``save_parts()`` saves tags, sources and the like, once the article has a primary key.
        """
        with transaction.atomic():
            self.save(is_indexed=False)
            save_parts()
            store_snapshot(self)
            self.index()

    def index(self):
        """Write the search entry. ``save()`` calls this; changing tags does not."""
        search.write_entry(search.build_entry(self))

    def delete(self, *args, **kwargs):
        """Delete the article and its search entry."""
        with transaction.atomic():
            key = self.pk
            deleted = super().delete(*args, **kwargs)
            search.remove_entries(search.ARTICLE, [key])
        return deleted
