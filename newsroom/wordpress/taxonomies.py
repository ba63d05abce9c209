"""WordPress's taxonomies: categories, which form a tree, and tags."""

from functools import partial

from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.models import Category, Redirect, TagName
from articles.models.tag_name import build_tag_path, fold_name
from newsroom.importing.mapping import DELETED, compute_checksum
from newsroom.importing.record_importer import RecordImporter
from newsroom.wordpress.markup.article_html import extract_text
from newsroom.wordpress.wxr import records


class CategoryImporter(RecordImporter):
    """Imports categories, parents first. An export of posts alone has them only in its posts."""

    kind = "category"
    model = Category
    editable = ("name", "description")

    def __init__(self, *args, section="", taken, **options):
        super().__init__(*args, **options)
        self._section_name = section
        self._taken = taken  # slugs of the sites before, which a dry run does not create
        self.section = None  # the id of a category for all of the site
        self._records = {}
        self._ids = {}
        self.caches = (self._ids,)

    def add(self, category):
        """Remember a category; ``import_all`` saves it once all parents are known."""
        self._records.setdefault(category.slug, category)

    def import_all(self):
        if self._section_name:
            self.section = self._import_section(self._section_name)
        for slug in self._records:
            self._import(slug, set())

    def _import_section(self, name):
        slug = _convert_slug(name)
        self._taken.add(slug)
        save = partial(self._save, slug, {"name": name[:100], "description": ""})
        key = f"section:{name}"[:200]
        return self._import_record(key, compute_checksum(name), save, name)

    def find_id(self, slug, name):
        """Return the id of a category; creates one that the export only names."""
        if slug not in self._ids:
            self.add(records.Category(slug=slug, name=name))
            self._import(slug, set())
        return self._ids[slug]

    def find_slug(self, old_id):
        """Return the slug of a category by its old id, or an empty string."""
        return next((slug for slug, row in self._records.items() if row.old_id == old_id), "")

    def list_ancestors(self, slug):
        """Return the slugs above a category, nearest first."""
        ancestors = []
        while slug := self._find_parent(slug):
            if slug in ancestors:
                break
            ancestors.append(slug)
        return ancestors

    def list_imported(self):
        """Yield (record, id here) of all."""
        for slug, pk in self._ids.items():
            yield self._records[slug], pk

    def _find_parent(self, slug):
        record = self._records.get(slug)
        return record.parent if record and record.parent in self._records else ""

    def _import(self, slug, descendants):
        """Import one category after its parent; a circle of parents is cut."""
        if slug in self._ids or not slug:
            return
        record = self._records[slug]
        parent_slug = self._find_parent(slug)
        if parent_slug in {*descendants, slug}:
            parent_slug = ""
        if parent_slug:
            self._import(parent_slug, {*descendants, slug})
        fields = {
            "name": extract_text(record.name)[:100] or slug[:100],
            "description": extract_text(record.description),
            "parent_id": self._ids.get(parent_slug, self.section),
        }
        old_id = slug[:200]
        pk = self._find_merged(slug) if self._known.get(old_id) == DELETED else None
        if pk:
            self._report.count("category", "same")
        else:
            section = [self._section_name] if self._section_name else []
            values = [record.name, record.description, parent_slug, *section]
            checksum = compute_checksum(values)
            is_unknown = self._known.get(old_id, DELETED) == DELETED
            own = self._choose_slug(slug) if is_unknown else _convert_slug(slug)
            save = partial(self._save, own, fields)
            pk = self._import_record(old_id, checksum, save, fields["name"])
        self._ids[slug] = pk

    def _find_merged(self, slug):
        """Return the id of the category that an editor merged a deleted one into, or None."""
        path = reverse("articles:category", args=[_convert_slug(slug)])
        redirect = Redirect.objects.for_path(path)
        return redirect.category_id if redirect else None

    def _choose_slug(self, slug):
        """Return the slug here of a new category. Sites with sections share none."""
        own = _convert_slug(slug)
        is_taken = own in self._taken or Category.objects.filter(slug=own).exists()
        if is_taken and self._section_name:
            own = _convert_slug(f"{self._section_name}-{slug}")
        elif is_taken:
            self._report.remark(_("category already existed"), subject=slug)
        self._taken.add(own)
        return own

    def _save(self, slug, fields, pk):
        category = Category.objects.filter(pk=pk).first() if pk else None
        if category:
            branch = category.get_descendants(include_self=True)
            if branch.filter(pk=fields["parent_id"]).exists():
                del fields["parent_id"]  # an editor put the parent below this category
            for name, value in fields.items():
                setattr(category, name, value)
            category.save()
            return category.pk
        return Category.objects.get_or_create(slug=slug, defaults=fields)[0].pk


class TagImporter(RecordImporter):
    """Imports tags. Two tags of one name in any spelling become one."""

    kind = "tag"
    model = Tag
    editable = ("name",)

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self.ids = {}  # by the slug on the old site
        self._by_name, self._by_slug = {}, {}
        self.caches = (self.ids, self._by_name, self._by_slug)
        for pk, name, slug in Tag.objects.values_list("pk", "name", "slug").iterator():
            self._by_name[fold_name(name)] = self._by_slug[slug] = pk
        self._by_name.update(TagName.objects.values_list("folded", "tag_id"))

    def import_tag(self, tag):
        if not tag.slug or tag.slug in self.ids:
            return
        name = extract_text(tag.name) or tag.slug
        if len(name) > 100:
            self._report.remark(_("tag name shortened to 100 characters"), subject=name[:40])
        save = partial(self._save, tag.slug, name[:100])
        self.ids[tag.slug] = self._import_record(tag.slug[:200], compute_checksum(name), save, name)

    def find_id(self, slug, name):
        """Return the id of a tag; creates one that the export only names."""
        self.import_tag(records.Tag(slug=slug, name=name))
        return self.ids[slug]

    def _save(self, slug, name, pk):
        new_slug = slugify(slug, allow_unicode=True)[:100] or "tag"
        folded = fold_name(name)
        if pk and self._by_name.get(folded, pk) == pk:
            tag = Tag.objects.get(pk=pk)
            tag.name = name
            tag.save()
        elif not pk:
            pk = self._by_name.get(folded) or self._find_by_slug(new_slug)
        if not pk:
            pk = Tag.objects.create(name=name, slug=new_slug).pk
        self._by_name[folded] = self._by_slug[new_slug] = pk
        return pk

    def _find_by_slug(self, slug):
        """Return the id of the tag with a slug, or of the one that an editor merged it into."""
        if pk := self._by_slug.get(slug):
            return pk
        redirect = Redirect.objects.for_path(build_tag_path(slug))
        return redirect and redirect.tag_id


def _convert_slug(slug):
    return slugify(slug, allow_unicode=True)[:200] or "category"
