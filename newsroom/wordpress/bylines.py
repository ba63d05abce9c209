"""The bylines of posts with several authors, as the plugin Co-Authors Plus stores them.

Its taxonomy ``author`` holds a term ``cap-<name>`` for each, a guest's post of type
``guest-author`` the name that readers see.
"""

from articles.models import Byline, Credit
from articles.slugs import find_free_slug

DOMAIN, PREFIX, GUEST = "author", "cap-", "guest-author"


class BylineImporter:
    """Finds the bylines of a post; guests are made at their first."""

    def __init__(self, authors):
        self._authors = authors
        self._names = {}  # of guests, by the slug on the old site

    def add_guest(self, item):
        self._names[item.slug.removeprefix(PREFIX)] = item.title

    def find_bylines(self, item):
        """Return the primary keys of the bylines of a post, none if its author alone signs it;
        None if the site had no such plugin."""
        terms = [term for term in item.terms if term.domain == DOMAIN]
        if not terms:
            return None
        accounts = [self._find_account(term) for term in terms]
        if accounts == [self._authors.find_account(item.author)]:
            return []
        pairs = zip(terms, accounts, strict=True)
        return list(dict.fromkeys(self._find_byline(term, account) for term, account in pairs))

    def _find_account(self, term):
        if term.slug.removeprefix(PREFIX) in self._names:
            return None
        return self._authors.find_by_name(term.slug.removeprefix(PREFIX))

    def _find_byline(self, term, account):
        if account:
            return Byline.objects.get(user=account).pk
        slug = term.slug.removeprefix(PREFIX)
        name = self._names.get(slug) or term.name or slug
        known = Byline.objects.guests().filter(name=name[:300]).first()
        if known is None:
            stem = f"guest-{slug}" if slug.isdigit() else slug
            free = find_free_slug(stem, among=Byline.objects.all(), fallback="guest")
            known = Byline.objects.create(name=name[:300], slug=free)
        return known.pk


def write_credits(article, bylines):
    """Replace the bylines of the text of an article."""
    article.credits.filter(part=Credit.Part.TEXT).delete()
    article.credits.bulk_create(
        Credit(article=article, byline_id=pk, position=position)
        for position, pk in enumerate(bylines, start=1)
    )
