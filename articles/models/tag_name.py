"""The names of tags: all spellings that differ in width and case alone are one tag.

A tag shows one name and may have more: those that it had before, and those of the tags that were
merged into it. Whoever types one of them gets the tag.
"""

from itertools import count

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, models, transaction
from django.db.models.signals import post_save
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _
from taggit.managers import _TaggableManager
from taggit.models import Tag

from articles.models.redirect import Redirect
from articles.search.analysis import fold_text

LONGEST = 200  # characters of a folded name; a ligature may become eighteen
SLUG_STEM = 90  # characters, before a number is added
LOCK = 0x7461_6773  # the number of an advisory lock of PostgreSQL


def fold_name(name):
    """Return what the spellings of a name have in common."""
    return " ".join(fold_text(name).split())[:LONGEST]


class TagNameQuerySet(models.QuerySet):
    def find_tags(self, names):
        """Return {name: tag} of those names that a tag has."""
        folded = {name: fold_name(name) for name in names}
        rows = self.filter(folded__in=set(folded.values())).select_related("tag")
        tags = {row.folded: row.tag for row in rows}
        found = {name: tags[key] for name, key in folded.items() if key in tags}
        missing = folded.keys() - found.keys()
        if missing:  # tags of a mass import have no row here
            found |= {tag.name: tag for tag in Tag.objects.filter(name__in=missing)}
        return found

    def find_or_create(self, names):
        """Return {name: tag}; a name that no tag has becomes a new tag. New ones are created in
        one order, so that two articles with the same new tags do not block each other."""
        names = list(dict.fromkeys(names))
        found = self.find_tags(names)
        for name in sorted(names, key=fold_name):
            if name not in found:
                found[name] = self._create(name)
        return found

    def _create(self, name):
        try:
            with transaction.atomic():
                return Tag.objects.create(name=name, slug=find_free_tag_slug(name))
        except (IntegrityError, ValidationError):  # a colleague, or another spelling, was first
            found = self.find_tags([name])
            if name not in found:
                raise
            return found[name]

    def list_tags(self, text, *, at_start=False):
        """Return the tags of which a name contains a text, in any spelling."""
        place = "startswith" if at_start else "contains"
        names = self.filter(**{f"folded__{place}": fold_name(text)})
        return Tag.objects.filter(pk__in=names.values("tag"))

    def claim(self, tag):
        """Write down the name of a tag; raises ``ValidationError`` if another tag has it."""
        try:
            with transaction.atomic():
                row, _created = self.get_or_create(
                    folded=fold_name(tag.name), defaults={"name": tag.name, "tag": tag}
                )
        except IntegrityError:
            row = self.get(folded=fold_name(tag.name))
        if row.tag_id != tag.pk:
            raise ValidationError(
                _("The tag “%(name)s” has this name already."),
                code="unique",
                params={"name": row.tag.name},
            )
        if row.name != tag.name:
            self.filter(pk=row.pk).update(name=tag.name)

    def claim_many(self, tags):
        """Write down the names of new tags of a mass import, whose names differ."""
        rows = [self.model(tag=tag, name=tag.name, folded=fold_name(tag.name)) for tag in tags]
        self.bulk_create(rows)


class TagName(models.Model):
    """A name of a tag, and what is the same in all its spellings."""

    tag = models.ForeignKey(Tag, models.CASCADE, related_name="spellings", verbose_name=_("tag"))
    name = models.CharField(_("name"), max_length=100)
    folded = models.CharField(max_length=LONGEST, unique=True, editable=False)

    objects = TagNameQuerySet.as_manager()

    class Meta:
        verbose_name = _("name of a tag")
        verbose_name_plural = _("names of tags")

    def __str__(self):
        return self.name


class FoldedTags(_TaggableManager):
    """The tags of an article; names find their tag in any spelling."""

    def _to_tag_model_instances(self, tags, tag_kwargs):
        names = [tag for tag in tags if isinstance(tag, str)]
        if names:
            hold_tags("_shared")
        found = TagName.objects.find_or_create(names)
        return list(dict.fromkeys(found[tag] if isinstance(tag, str) else tag for tag in tags))


def hold_tags(mode=""):
    """Let no tag be merged away until the transaction ends; a merge, with an empty mode, waits for
    those that use tags and lets others wait. SQLite has one writer at a time anyway."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT pg_advisory_xact_lock{mode}(%s)", [LOCK])


def find_free_tag_slug(name):
    """Return a slug for a new tag that no tag has and no old address leads away from."""
    stem = slugify(name, allow_unicode=True)[:SLUG_STEM].strip("-_") or "tag"
    slugs = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(slug for slug in slugs if _is_free(slug))


def _is_free(slug):
    is_taken = Tag.objects.filter(slug=slug).exists()
    return not is_taken and Redirect.objects.for_path(build_tag_path(slug)) is None


def build_tag_path(slug):
    return reverse("articles:tag", args=[slug])


def _claim_name(sender, instance, raw=False, **details):
    if not raw:  # a fixture brings its names
        TagName.objects.claim(instance)


post_save.connect(_claim_name, sender=Tag, dispatch_uid="articles.tag_name")
