"""Categories, a tree, and tags."""

from django.db import transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.models import Category, Redirect
from newsroom.imported import GONE, checksum
from newsroom.wordpress.markup.article_html import plain_text
from newsroom.wordpress.wxr import records


class Categories:
    """Imports categories, parents first; an export of posts alone brings them with the posts."""

    def __init__(self, mapping, tally, *, dry_run):
        self._mapping = mapping
        self._tally = tally
        self._dry_run = dry_run
        self._known = mapping.all_here("category", Category)
        self._told = {}
        self._ids = {}
        self._order = []

    @property
    def memory(self):
        """What fills up while items are imported."""
        return (self._ids,)

    def tell(self, category):
        """Take note of a category; ``import_all`` writes once all parents have been told."""
        self._told.setdefault(category.slug, category)

    def import_all(self):
        for slug in self._told:
            self._import(slug, set())

    def id_of(self, slug, name):
        """Return the id of a category, which is made where the export did not introduce it."""
        if slug not in self._ids:
            self.tell(records.Category(slug=slug, name=name))
            self._import(slug, set())
        return self._ids[slug]

    def slug_of(self, old_id):
        """Return the slug of a category by its old id, or an empty string."""
        return next((slug for slug, told in self._told.items() if told.old_id == old_id), "")

    def ancestors(self, slug):
        """Return the slugs above a category, nearest first."""
        above = []
        while slug := self._parent_of(slug):
            if slug in above:
                break
            above.append(slug)
        return above

    def imported(self):
        """Yield (category as told, id here) of all."""
        for slug, pk in self._ids.items():
            yield self._told[slug], pk

    def _parent_of(self, slug):
        told = self._told.get(slug)
        return told.parent if told and told.parent in self._told else ""

    def _import(self, slug, above):
        """Import one category after its parent; a circle of parents is cut."""
        if slug in self._ids or not slug:
            return
        told = self._told[slug]
        parent_slug = self._parent_of(slug)
        if parent_slug in {*above, slug}:
            parent_slug = ""
        if parent_slug:
            self._import(parent_slug, {*above, slug})
        fields = {
            "name": plain_text(told.name)[:100] or slug[:100],
            "description": plain_text(told.description),
            "parent_id": self._ids.get(parent_slug),
        }
        check = checksum([told.name, told.description, parent_slug])
        pk, known_check = self._known.get(slug[:200], (None, ""))
        merged = self._merged(slug) if self._known.get(slug[:200]) == GONE else None
        if merged or known_check == check:
            self._tally.count("category", "same")
            pk = merged or pk
        else:
            self._tally.count("category", "changed" if pk else "new")
            if not self._dry_run:
                pk = self._write(slug, pk, fields, check)
        self._ids[slug] = pk

    def _merged(self, slug):
        """Return the id of the category that the address of a deleted one leads to, or None."""
        path = reverse("articles:category", args=[_slug_here(slug)])
        redirect = Redirect.objects.for_path(path)
        return redirect.category_id if redirect else None

    @transaction.atomic
    def _write(self, slug, pk, fields, check):
        category = Category.objects.filter(pk=pk).first() if pk else None
        if category:
            branch = category.get_descendants(include_self=True)
            if branch.filter(pk=fields["parent_id"]).exists():
                del fields["parent_id"]  # somebody turned the branch round here
            for name, value in fields.items():
                setattr(category, name, value)
            category.save()
        else:
            here = _slug_here(slug)
            category = Category.objects.filter(slug=here).first()
            if category:
                self._tally.remark(_("category was here already"), subject=category.name)
            else:
                category = Category.objects.create(slug=here, **fields)
        self._mapping.remember("category", (slug, category.pk, check))
        return category.pk


def _slug_here(slug):
    return slugify(slug, allow_unicode=True)[:200] or "category"


class Tags:
    """Imports tags; two of one name, which WordPress allows, become one."""

    def __init__(self, mapping, tally, *, dry_run):
        self._mapping = mapping
        self._tally = tally
        self._dry_run = dry_run
        self._known = mapping.all_here("tag", Tag)
        self._ids = {}
        self._told = {}
        here = Tag.objects.annotate(lower=Lower("name")).values_list("pk", "lower", "slug")
        self._by_name, self._by_slug = {}, {}
        for pk, name, slug in here.iterator():
            self._by_name[name] = self._by_slug[slug] = pk

    @property
    def memory(self):
        """What fills up while items are imported."""
        return self._ids, self._told, self._by_name, self._by_slug

    def import_tag(self, tag):
        if not tag.slug or tag.slug in self._ids:
            return
        name = plain_text(tag.name) or tag.slug
        if len(name) > 100:
            self._tally.remark(_("tag's name cut to 100 characters"), subject=name[:40])
        check = checksum(name)
        pk, known_check = self._known.get(tag.slug[:200], (None, ""))
        if known_check == check:
            self._tally.count("tag", "same")
        else:
            self._tally.count("tag", "changed" if pk else "new")
            if not self._dry_run:
                pk = self._write(tag.slug, pk, name[:100], check)
        self._ids[tag.slug] = pk
        self._told[tag.slug] = tag

    def id_of(self, slug, name):
        """Return the id of a tag, which is made where the export did not introduce it."""
        self.import_tag(records.Tag(slug=slug, name=name))
        return self._ids[slug]

    def imported(self):
        """Yield (tag as told, id here) of all."""
        for slug, pk in self._ids.items():
            yield self._told[slug], pk

    @transaction.atomic
    def _write(self, slug, pk, name, check):
        here = slugify(slug, allow_unicode=True)[:100] or "tag"
        if pk and self._by_name.get(name.lower(), pk) == pk:
            Tag.objects.filter(pk=pk).update(name=name)
        elif not pk:
            pk = self._by_name.get(name.lower()) or self._by_slug.get(here)
        if not pk:
            pk = Tag.objects.create(name=name, slug=here).pk
        self._by_name[name.lower()] = self._by_slug[here] = pk
        self._mapping.remember("tag", (slug, pk, check))
        return pk
