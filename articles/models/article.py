"""Articles: what they are, when they are public, and the verbs that change that."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models, transaction
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django_prose_editor.fields import ProseEditorField
from mptt.fields import TreeForeignKey, TreeManyToManyField
from simple_history.models import HistoricalRecords
from taggit.managers import TaggableManager

from articles.body import stored
from articles.models import search
from articles.models.redirect import KeepsAddress

INDEXED = {"title", "lead", "body", "published_at"}  # what the search keeps of an article itself


class ArticleQuerySet(models.QuerySet):
    def published(self, at=None):
        """What is public now, or at a given moment. Nothing else decides that."""
        now = at or timezone.now()
        return self.filter(
            Q(expires_at=None) | Q(expires_at__gt=now),
            status=Article.Status.PUBLISHED,
            published_at__lte=now,
        )

    def reachable(self):
        """What its address answers for: the public ones and, with their note, the withdrawn."""
        return self.published() | self.filter(status=Article.Status.WITHDRAWN)

    def listed(self):
        """What lists show: published, and no page like 'about us'."""
        return self.published().filter(kind=Article.Kind.ARTICLE)

    def pages(self):
        """The public pages outside the lists, in the order in which they were published."""
        return self.published().filter(kind=Article.Kind.PAGE).order_by("published_at", "pk")

    def in_category(self, category):
        """Articles of a category or of one below it."""
        branch = category.get_descendants(include_self=True).values("pk")
        others = Article.other_categories.through.objects.filter(category_id__in=branch)
        return self.filter(Q(category__in=branch) | Q(pk__in=others.values("article_id")))

    def newest_first(self):
        return self.order_by("-published_at", "-pk")

    def authors(self):
        """Who signed at least one of these articles."""
        return get_user_model().objects.filter(Exists(self.filter(author=OuterRef("pk"))))

    def index(self):
        """Bring the search up to what these articles say."""
        search.write_many(map(search.entry_of, self.order_by().prefetch_related("tags")))

    def delete(self):
        """Delete them, and what the search knows of them."""
        with transaction.atomic():
            keys = list(self.order_by().values_list("pk", flat=True))
            deleted = super().delete()
            search.remove(search.ARTICLE, keys)
        return deleted

    delete.alters_data = True
    delete.queryset_only = True

    def for_list(self):
        """With what a row of a list shows, without the bodies."""
        return self.select_related("category", "lead_image", "author").defer("body")

    def for_detail(self):
        return self.select_related("category", "lead_image", "author").prefetch_related(
            "sources", "tags"
        )


class Revision(models.Model):
    """What a revision keeps beside the article's own fields: tags, sources, related articles."""

    snapshot = models.JSONField(default=dict, editable=False)

    class Meta:
        abstract = True


class Article(KeepsAddress):
    """A post, or a page that stands outside the lists."""

    class Kind(models.TextChoices):
        ARTICLE = "article", _("Article")
        PAGE = "page", _("Page")

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        REVIEW = "review", _("In review")
        PUBLISHED = "published", _("Published")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.ARTICLE)
    status = models.CharField(_("status"), max_length=10, choices=Status, default=Status.DRAFT)
    title = models.CharField(_("title"), max_length=300)
    slug = models.SlugField(_("slug"), max_length=255, unique=True, allow_unicode=True)
    lead = models.TextField(_("lead"), blank=True)
    body = ProseEditorField(_("body"), blank=True, sanitize=stored.sanitised, **stored.EDITOR)
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
        "articles.Category", blank=True, related_name="+", verbose_name=_("listed also in")
    )
    lead_image = models.ForeignKey(
        settings.CABINET_FILE_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("lead image"),
    )
    featured = models.BooleanField(_("featured"), default=False)
    published_at = models.DateTimeField(
        _("published at"), null=True, blank=True, help_text=_("In the future: scheduled.")
    )
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    withdrawal_note = models.TextField(
        _("note on the withdrawal"), blank=True, help_text=_("Shown to readers.")
    )
    tags = TaggableManager(blank=True, verbose_name=_("tags"))

    objects = ArticleQuerySet.as_manager()
    history = HistoricalRecords(bases=[Revision])
    redirect_field = "article"

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        ordering = ["-published_at", "-pk"]
        permissions = [
            ("publish_article", _("Can publish and withdraw articles")),
            ("change_any_article", _("Can change the articles of others")),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="published") | Q(published_at__isnull=False),
                name="article_published_has_date",
                violation_error_message=_("A published article needs a date of publication."),
            ),
            models.CheckConstraint(
                condition=Q(expires_at=None)
                | Q(published_at=None)
                | Q(expires_at__gt=models.F("published_at")),
                name="article_expires_after_publication",
                violation_error_message=_("An article cannot expire before it is published."),
            ),
        ]
        indexes = [
            models.Index(fields=["status", "kind", "-published_at", "-id"], name="article_list"),
            models.Index(
                fields=["category", "status", "-published_at"], name="article_category_list"
            ),
            models.Index(fields=["author", "-published_at"], name="article_author_list"),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("articles:detail", args=[self.slug])

    @property
    def is_published(self):
        now = timezone.now()
        return (
            self.status == self.Status.PUBLISHED
            and self.published_at <= now
            and (self.expires_at is None or self.expires_at > now)
        )

    @property
    def is_scheduled(self):
        return self.status == self.Status.PUBLISHED and self.published_at > timezone.now()

    @property
    def is_withdrawn(self):
        return self.status == self.Status.WITHDRAWN

    @property
    def is_reachable(self):
        return self.is_published or self.is_withdrawn

    @property
    def is_page(self):
        return self.kind == self.Kind.PAGE

    @property
    def modified_at(self):
        """When it last changed for its readers, which is never before its publication."""
        return max(self.published_at or self.updated_at, self.updated_at)

    @property
    def was_updated(self):
        """Whether it changed noticeably (more than a minute) after its publication."""
        return bool(
            self.published_at and (self.updated_at - self.published_at).total_seconds() > 60
        )

    @cached_property
    def rendered_body(self):
        """The body as readers see it: images, credits and renditions from the library."""
        return stored.rendered(self.body)

    def save(self, *args, update_fields=None, is_indexed=True, **kwargs):
        """Save it and bring the search up to it; with ``is_indexed=False`` the caller does that,
        once the tags are saved too."""
        with transaction.atomic():
            super().save(*args, update_fields=update_fields, **kwargs)
            if is_indexed and (update_fields is None or not INDEXED.isdisjoint(update_fields)):
                self.index()

    def index(self):
        """Bring the search up to what the article says. Saving does so; changing its tags does
        not."""
        search.write(search.entry_of(self))

    def delete(self, *args, **kwargs):
        """Delete it, and what the search knows of it."""
        with transaction.atomic():
            key = self.pk
            deleted = super().delete(*args, **kwargs)
            search.remove(search.ARTICLE, [key])
        return deleted

    def submit(self):
        """Hand a draft to the editors."""
        self.status = self.Status.REVIEW
        self.save(update_fields=["status"])

    def publish(self, *, at=None):
        """Make it public at a time (default: the one it has, else now)."""
        self.status = self.Status.PUBLISHED
        self.published_at = at or self.published_at or timezone.now()
        self.save(update_fields=["status", "published_at"])

    def withdraw(self, *, note):
        """Take it back; its address shows the note from now on."""
        self.status = self.Status.WITHDRAWN
        self.withdrawal_note = note
        self.save(update_fields=["status", "withdrawal_note"])

    def return_to_draft(self):
        """Give it back to its writer; its date of publication is kept for the next time."""
        self.status = self.Status.DRAFT
        self.save(update_fields=["status"])
