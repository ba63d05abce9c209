"""Old addresses: links in texts are rewritten, requests for them are redirected."""

from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.text import slugify

from articles.models import Redirect
from articles.models.redirect import hash_path, normalize_path
from newsroom.wordpress.markup.conversion_context import Surroundings, Target
from newsroom.wordpress.old_urls import parts_of

BATCH = 500


@dataclass(slots=True)
class SiteSurroundings(Surroundings):
    """Answers from the index of an export, for the content of one item.

    ``found`` counts what it had an answer for, ``told`` keeps the texts that came from elsewhere
    in the file: what the article says depends on them too.
    """

    index: object = None
    old_id: int = 0
    found: int = 0
    told: list = field(default_factory=list)

    def picture(self, old_id, url):
        attachment = self.index.picture(old_id, url)
        if not attachment or not attachment.is_image or not attachment.file_id:
            return 0
        self.found += 1
        return attachment.file_id

    def gallery(self):
        return self.index.children.get(self.old_id, ())

    def attachment_url(self, old_id):
        attachment = self.index.attachments.get(old_id)
        return attachment.url if attachment else ""

    def is_media_page(self, url):
        return self.index.old_id_of(url) in self.index.attachments

    def target(self, url):
        target = None if url.startswith(("mailto:", "tel:")) else self._target(url)
        if target:
            self.found += 2 if target.title else 1
        return target

    def _target(self, url):
        attachment = self.index.attachment_of(url)
        old_id = self.index.old_id_of(url)
        if attachment is None and old_id in self.index.posts:
            fragment = parts_of(url).fragment
            return self._article(old_id, fragment if fragment.startswith("comment") else "")
        attachment = attachment or self.index.attachments.get(old_id)
        if attachment and attachment.address:
            return Target(attachment.address)
        if attachment and old_id and attachment.parent in self.index.posts:
            return self._article(attachment.parent)
        if self.index.is_root(url):
            return Target("/")
        return self._target_elsewhere(url) if self.index.is_own(url) else None

    def _article(self, old_id, fragment=""):
        """Return the target of a post; None for one that its address or title would betray."""
        post = self.index.posts[old_id]
        if not post.is_for_readers:
            return None
        href = reverse("articles:detail", args=[post.slug])
        return Target(f"{href}#{fragment}" if fragment else href, post.public_title)

    def _target_elsewhere(self, url):
        """Return the target of an address that another part of the export brought. What this
        part brings is in the index, so that a first and a second run find the same."""
        parts = parts_of(url)
        path = f"/?{parts.query}" if parts.query else parts.path
        redirect = Redirect.objects.for_path(path) if path.strip("/") else None
        if not redirect or not redirect.article_id or not redirect.article.is_published:
            return None
        if redirect.article_id in self.index.article_pks:
            return None
        return Target(redirect.article.get_absolute_url(), redirect.article.title)

    def reusable(self, old_id):
        content = self.index.reusable.get(old_id, "")
        self.told.append(content)
        return content


class Redirects:
    """Writes redirects for old paths; what an editor or an earlier run made stays as it is."""

    def __init__(self, tally, *, dry_run):
        self._tally = tally
        self._dry_run = dry_run
        self._seen = {}

    @property
    def memory(self):
        return (self._seen,)

    def for_article(self, item, article_id, links, new_path):
        paths = [f"/?p={item.old_id}", *links]
        self._write([(path, {"article_id": article_id}) for path in paths], new_path)

    def for_attachments(self, attachments, article_ids):
        """Lead the pages of attachments to the article they hang on, their files to the file."""
        rows = []
        for old_id, attachment in attachments.items():
            file = {"to_path": attachment.address} if attachment.address else None
            is_imported = attachment.parent in article_ids
            page = {"article_id": article_ids[attachment.parent]} if is_imported else file
            if page and attachment.url:
                rows += [(attachment.link, page), (f"/?p={old_id}", page)]
            if file and attachment.url:
                rows.append((attachment.url, file))
        self._write(rows)

    def for_terms(self, root, categories, tags):
        """Lead WordPress's usual addresses of categories (nested ones too) and tags."""
        rows = []
        for told, pk in categories.imported():
            slugs = [told.slug, *categories.ancestors(told.slug)]
            nested = "/".join(reversed(slugs))
            for path in {f"{root}/category/{nested}", f"{root}/category/{told.slug}"}:
                rows.append((path, {"category_id": pk}))
            if told.old_id:
                rows.append((f"/?cat={told.old_id}", {"category_id": pk}))
        rows += [(f"{root}/tag/{told.slug}", {"tag_id": pk}) for told, pk in tags.imported()]
        self._write(rows)

    def for_authors(self, root, people):
        """Lead the pages of authors to theirs here. WordPress makes the name in the address from
        the login, and an export does not tell it."""
        rows = []
        for login, old_id, pk in people.imported():
            page = {"to_path": reverse("articles:author", args=[pk or 0])}  # none in a dry run
            name = slugify(login.replace(".", "-"), allow_unicode=True)
            rows += [(f"{root}/author/{each}", page) for each in (login, name) if each]
            if old_id:
                rows.append((f"/?author={old_id}", page))
        self._write(rows)

    def _write(self, targets, new_path=None):
        """Make the redirects that are not there yet, in one round for each few hundred."""
        rows = {}
        for url, target in targets:
            path = _old_path(url)
            key = hash_path(path) if path else ""
            if path and path != new_path and key not in self._seen:
                rows.setdefault(key, Redirect(path=path, path_hash=key, **target))
        self._seen.update(dict.fromkeys(rows))
        keys = list(rows)
        known = set()
        for start in range(0, len(keys), BATCH):
            here = Redirect.objects.filter(path_hash__in=keys[start : start + BATCH])
            known.update(here.values_list("path_hash", flat=True))
        new = [redirect for key, redirect in rows.items() if key not in known]
        self._tally.count("redirect", "same", len(known))
        self._tally.count("redirect", "new", len(new))
        if not self._dry_run:
            Redirect.objects.bulk_create(new, batch_size=BATCH, ignore_conflicts=True)


def _old_path(url):
    """Return the path of an address as redirects keep it, or None for the front page."""
    if url.startswith("/?"):
        return url
    parts = parts_of(url)
    path = normalize_path(parts.path)
    return None if path == "/" or parts.query else path
