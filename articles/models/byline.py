"""Bylines: the names that sign articles, of the staff, of guests and of agencies."""

from dataclasses import dataclass

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from articles.models.picture_field import build_picture_field
from articles.web.addresses import build_path, build_path_pattern


class BylineQuerySet(models.QuerySet):
    def guests(self):
        """The bylines without an account: guests and agencies."""
        return self.filter(user=None)

    def follow(self, user):
        """Give an account its byline, with the name that it has now; returns whether an older
        name has changed."""
        own, name = self.filter(user=user), str(user)
        if own.exclude(name=name).update(name=name):
            return True
        if not own.exists():
            self.create(user=user, name=name)
        return False


class Byline(models.Model):
    """A name that signs articles. Each account has one, which follows the name of the account;
    guests and agencies have one without an account."""

    class Kind(models.TextChoices):
        PERSON = "person", _("Person")
        AGENCY = "agency", _("Agency")

    name = models.CharField(_("name"), max_length=300)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERSON)
    role = models.CharField(
        _("role"), max_length=100, blank=True, help_text=_("Shown after the name.")
    )
    line = models.CharField(
        _("about"),
        max_length=200,
        blank=True,
        help_text=_("One sentence on their page: what they write about."),
    )
    mail = models.EmailField(
        _("public e-mail address"), blank=True, help_text=_("Shown to readers on their page.")
    )
    portrait = build_picture_field(_("portrait"))
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="byline",
        verbose_name=_("user"),
    )
    slug = models.SlugField(
        _("slug"), max_length=200, unique=True, null=True, blank=True, allow_unicode=True
    )

    objects = BylineQuerySet.as_manager()

    class Meta:
        verbose_name = _("byline")
        verbose_name_plural = _("bylines")
        constraints = [
            models.CheckConstraint(
                condition=Q(user=None, slug__isnull=False) | Q(user__isnull=False, slug=None),
                name="byline_of_account_or_guest",
                violation_error_message=_("A byline has an account or a slug of its own."),
            )
        ]
        indexes = [models.Index(fields=["name"], name="byline_name")]

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        if self.user_id:
            return build_path_pattern("articles:author") % self.user_id
        return build_path("articles:guest", self.slug)


class CreditManager(models.Manager):
    def get_queryset(self):
        return super().get_queryset().select_related("byline")


class Credit(models.Model):
    """A byline of an article, in the order of the article: who wrote it, or took its pictures."""

    class Part(models.TextChoices):
        TEXT = "text", _("Text")
        PHOTO = "photo", _("Photos")

    article = models.ForeignKey(
        "articles.Article", models.CASCADE, related_name="credits", verbose_name=_("article")
    )
    byline = models.ForeignKey(
        Byline,
        models.PROTECT,
        related_name="credits",
        verbose_name=_("byline"),
        help_text=_("Without a byline for the text, the author signs the article."),
    )
    part = models.CharField(_("part"), max_length=10, choices=Part, default=Part.TEXT)
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = CreditManager()

    class Meta:
        verbose_name = _("byline of the article")
        verbose_name_plural = _("bylines of the article")
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["article", "byline", "part"],
                name="credit_once",
                violation_error_message=_("This byline is there already."),
            )
        ]

    def __str__(self):
        return str(self.byline)


@dataclass(frozen=True, slots=True)
class Signature:
    """What readers see of a byline."""

    name: str
    path: str
    role: str = ""
    is_agency: bool = False

    @classmethod
    def of_byline(cls, byline):
        is_agency = byline.kind == Byline.Kind.AGENCY
        return cls(byline.name, byline.get_absolute_url(), byline.role, is_agency)

    @classmethod
    def of_user(cls, user):
        byline = getattr(user, "byline", None)
        role = byline.role if byline else ""
        return cls(str(user), build_path_pattern("articles:author") % user.pk, role)


class Signed(models.Model):
    """An article with its bylines. Without any for its text, its author signs it."""

    class Meta:
        abstract = True

    @property
    def signatures(self):
        """Those who wrote the article, in order."""
        signatures = self._list_signatures(Credit.Part.TEXT)
        return signatures or ([Signature.of_user(self.author)] if self.author else [])

    @property
    def photographers(self):
        """Those who took its pictures, in order."""
        return self._list_signatures(Credit.Part.PHOTO)

    def _list_signatures(self, part):
        rows = self.credits.all()
        return [Signature.of_byline(row.byline) for row in rows if row.part == part]
