"""The bylines of posts with several authors, as the plugin Co-Authors Plus stores them.

Its taxonomy ``author`` holds a term ``cap-<name>`` for each, a guest's post of type
``guest-author`` the name that readers see.
"""

from articles.models import Byline, Credit
from articles.slugs import find_free_slug
from newsroom.wordpress.markup.article_html import extract_text
from newsroom.wordpress.own_fields import read_fields
from newsroom.wordpress.wxr.vocabulary import BYLINE, BYLINE_FIELDS, BYLINES, GUEST_PREFIX


class BylineImporter:
    """Finds the bylines of a post; guests are made at their first."""

    def __init__(self, authors):
        self._authors = authors
        self._names = {}  # of guests, by the slug on the old site
        self._details = {}

    def add_guest(self, item):
        slug = item.slug.removeprefix(GUEST_PREFIX)
        self._names[slug] = extract_text(item.title)
        self._details[slug] = read_fields(Byline, item.own.get(BYLINE), BYLINE_FIELDS)

    def find_bylines(self, item):
        """Return the primary keys of the bylines of a post, none if its author alone signs it;
        None if the site had no such plugin."""
        terms = [term for term in item.terms if term.domain == BYLINES]
        if not terms:
            return None
        slugs = {term.slug.removeprefix(GUEST_PREFIX): term.name for term in terms}
        if [*map(self._find_account, slugs)] == [self._authors.find_account(item.author)]:
            return []
        return list(dict.fromkeys(self.find_byline(slug, name) for slug, name in slugs.items()))

    def _find_account(self, slug):
        return None if slug in self._names else self._authors.find_by_name(slug)

    def find_byline(self, slug, name=""):
        """Return the primary key of the byline with a slug of the old site."""
        if account := self._find_account(slug):
            return Byline.objects.get(user=account).pk
        name = self._names.get(slug) or name or slug
        known = Byline.objects.guests().filter(name=name[:300]).first()
        if known is None:
            stem = f"guest-{slug}" if slug.isdigit() else slug
            free = find_free_slug(stem, among=Byline.objects.all(), fallback="guest")
            details = self._details.get(slug, {})
            known = Byline.objects.create(name=name[:300], slug=free, **details)
        return known.pk


def write_credits(article, bylines, part=Credit.Part.TEXT):
    """Replace the bylines of the text of an article, or those of another part."""
    article.credits.filter(part=part).delete()
    article.credits.bulk_create(
        Credit(article=article, byline_id=pk, part=part, position=position)
        for position, pk in enumerate(bylines, start=1)
    )
