"""Redirects from WordPress's permalinks to the new addresses."""

from contextlib import suppress

from django.urls import Resolver404, resolve, reverse
from django.utils.translation import gettext as _
from taggit.models import Tag

from articles.models import Category, Redirect, Series
from articles.models.redirect import hash_path, normalize_path
from newsroom.importing.mapping import BATCH, split_batches
from newsroom.importing.old_urls import split_url
from newsroom.wordpress.authors import convert_login

# The pages of ours to which a redirect leads by a column of its own.
TARGETS = {
    "articles:category": (Category, "category_id"),
    "articles:tag": (Tag, "tag_id"),
}


class RedirectImporter:
    """Creates redirects for old paths. Existing redirects are not changed."""

    def __init__(self, report, source, seen, *, dry_run):
        self._report = report
        self._dry_run = dry_run
        self._source = source
        self._seen = seen
        self.caches = (self._seen,)

    def redirect_article(self, item, article_id, links, new_path, root=""):
        """Redirect all old addresses of an item to its article.

        ``root`` is the path of the old site; None for a site of ours.
        """
        paths = [*list_query_paths(item.old_id, root), *links]
        rows = [(path, {"article_id": article_id}) for path in paths]
        taken = self._save(rows, new_path, owner=(self._source, item.old_id))
        if taken:
            self._report.remark(
                _("old address leads elsewhere already: %s") % ", ".join(taken),
                line=item.line,
                subject=item.title,
            )

    def redirect_rules(self, rules, find_target):
        """Redirect what rules of the old site redirect: pairs of paths. ``find_target`` returns
        the target of a path as columns of ``Redirect``."""
        rows = []
        for old, new in rules:
            is_path = old.startswith("/") and new.startswith("/") and "*" not in old
            if not is_path or normalize_path(old) == normalize_path(new):
                self._report.remark(
                    _("redirect left out: it is not from one path to another"), subject=old
                )
                continue
            rows.append((old, find_target(new)))
        self._save(rows)

    def redirect_attachments(self, attachments, article_ids, root=""):
        """Redirect attachment pages to their articles, and old files to those in the library."""
        rows = []
        for old_id, attachment in attachments.items():
            file = {"to_path": attachment.address} if attachment.address else None
            is_imported = attachment.parent in article_ids
            page = {"article_id": article_ids[attachment.parent]} if is_imported else file
            if page and attachment.url:
                paths = [attachment.link, *list_query_paths(old_id, root)]
                rows += [(path, page) for path in paths]
            if file and attachment.url:
                rows.append((attachment.url, file))
        self._save(rows)

    def redirect_terms(self, root, categories, tags, base="category"):
        """Redirect the usual addresses of tags and categories (nested ones too).

        Those of categories begin with ``base``. Where a tag has the same address, it wins.
        """
        rows = [(f"{root}/tag/{slug}", {"tag_id": pk}) for slug, pk in tags.ids.items()]
        for record, pk in categories.list_imported():
            slugs = [record.slug, *categories.list_ancestors(record.slug)]
            nested = "/".join(reversed(slugs))
            for path in {f"{root}/{base}/{nested}", f"{root}/{base}/{record.slug}"}:
                rows.append((path, {"category_id": pk}))
            if record.old_id:
                rows.append((f"{root}/?cat={record.old_id}", {"category_id": pk}))
        if root:  # a blog in a folder: its front page, and with it its feed
            rows.append((root, {"to_path": "/"}))
        self._save(rows)

    def redirect_series(self, root, series):
        """Redirect the pages of series."""
        rows = [(f"{root}/series/{slug}", series_id) for slug, series_id in series.list_imported()]
        titles = Series.objects.in_bulk([pk for _path, pk in rows if pk])
        pages = {pk: each.get_absolute_url() for pk, each in titles.items()}
        self._save([(path, {"to_path": pages.get(pk, "/")}) for path, pk in rows])

    def redirect_authors(self, root, authors):
        """Redirect the pages of authors.

        An export does not hold the name in their addresses; WordPress derives it from the login.
        """
        rows = []
        for login, old_id, pk in authors.list_imported():
            page = {"to_path": reverse("articles:author", args=[pk or 0])}  # no id in a dry run
            names = login, convert_login(login)
            rows += [(f"{root}/author/{each}", page) for each in names if each]
            if old_id:
                rows.append((f"{root}/?author={old_id}", page))
        self._save(rows)

    def _save(self, targets, new_path=None, owner=None):
        """Create the redirects that do not exist yet.

        Returns the paths that lead to another article. ``owner`` is the item of the targets.
        """
        rows, taken = {}, []
        for url, target in targets:
            path = _read_old_path(url)
            key = hash_path(path) if path else ""
            if path and path != new_path and key not in self._seen:
                rows.setdefault(key, Redirect(path=path, path_hash=key, **target))
            elif owner and self._seen.get(key, owner) != owner:
                taken.append(path)
        self._seen.update(dict.fromkeys(rows, owner))
        known = _find_articles(rows)
        if owner:
            taken += [rows[key].path for key, pk in known.items() if pk != rows[key].article_id]
        new = [redirect for key, redirect in rows.items() if key not in known]
        self._report.count("redirect", "same", len(known))
        self._report.count("redirect", "new", len(new))
        if not self._dry_run:
            Redirect.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)
        return taken


def _find_articles(hashes):
    """Return {hash of a path: id of the article or None} of the redirects that exist."""
    known = {}
    for batch in split_batches(hashes):
        rows = Redirect.objects.filter(path_hash__in=batch)
        known.update(rows.values_list("path_hash", "article_id"))
    return known


def find_own_target(path):
    """Return the category or tag at an address of ours as a column of ``Redirect``, else the path
    itself."""
    with suppress(Resolver404):
        match = resolve(path)
        model, column = TARGETS.get(match.view_name, (None, ""))
        slugs = {"slug": match.kwargs.get("slug", "")}
        if model and (pk := model.objects.filter(**slugs).values_list("pk", flat=True).first()):
            return {column: pk}
    return {"to_path": path}


def list_query_paths(old_id, root=""):
    """Return the query of the front page that names an item, unless its id is a key of ours.
    ``root`` is None for a site whose front page answers no such query."""
    return [f"{root}/?p={old_id}"] if old_id > 0 and root is not None else []


def _read_old_path(url):
    """Return an address in the form of ``Redirect.path``.

    None for the front page, and for any other path with a query.
    """
    if url.startswith("/") and "/?" in url:  # a query of a front page
        return normalize_path(url)
    parts = split_url(url)
    path = normalize_path(parts.path)
    return None if path == "/" or parts.query else path
