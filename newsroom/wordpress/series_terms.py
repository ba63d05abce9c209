"""Terms of a taxonomy that become series, as plugins like Organize Series store them."""

from functools import partial

from django.utils.text import slugify

from articles.models import Series
from newsroom.importing.mapping import compute_checksum
from newsroom.importing.record_importer import RecordImporter
from newsroom.wordpress.markup.article_html import extract_text

LENGTH = 200


class SeriesImporter(RecordImporter):
    """Imports series when the first item names them."""

    kind = "series"
    model = Series
    editable = ("title", "description")

    def __init__(self, *args, **options):
        super().__init__(*args, **options)
        self._descriptions = {}
        self._ids = {}
        self.caches = (self._ids,)

    def add(self, term):
        """Remember what the export says of a term beside its name."""
        self._descriptions.setdefault(term.slug, extract_text(term.description))

    def find_id(self, slug, name):
        """Return the id of a series; creates one that the export only names."""
        if slug not in self._ids:
            title = (extract_text(name) or slug)[:LENGTH]
            fields = {"title": title, "description": self._descriptions.get(slug, "")}
            save = partial(self._save, slug, fields)
            self._ids[slug] = self._import_record(
                slug[:LENGTH], compute_checksum(fields), save, title
            )
        return self._ids[slug]

    def list_imported(self):
        """Yield (slug on the old site, id here) of all."""
        yield from self._ids.items()

    def _save(self, slug, fields, pk):
        if pk:
            Series.objects.filter(pk=pk).update(**fields)
            return pk
        own = slugify(slug, allow_unicode=True)[:LENGTH] or "series"
        return Series.objects.get_or_create(slug=own, defaults=fields)[0].pk
