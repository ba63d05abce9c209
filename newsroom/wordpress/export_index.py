"""The addresses, slugs and attachments of an export, collected before articles are written."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from posixpath import basename
from urllib.parse import parse_qs

from django.urls import reverse
from django.utils import timezone
from django.utils.text import slugify

from articles.models import Article
from articles.models.redirect import normalize_path
from articles.uploads import shorten_stem
from articles.web.paging import read_integer
from newsroom.importing.mapping import DELETED
from newsroom.importing.old_urls import read_host, read_path, split_url

SIZE = re.compile(r"-\d{1,5}x\d{1,5}(?=\.[A-Za-z0-9]{2,5}$)")
VARIANT = re.compile(
    r"(?:-\d{1,5}x\d{1,5}|-scaled|-rotated|-e\d{10,13}){1,5}(?=\.[A-Za-z0-9]{2,5}$)"
)
# The folder of the uploads: of WordPress, and the one of Ghost with its kinds of files below.
UPLOADS = re.compile(
    r"^.*/wp-content/(?:uploads|blogs\.dir/\d+/files)/|^.*/content/(?=(?:images|media|files)/)"
)
ID_PARAMETERS = ("p", "page_id", "attachment_id")
SLUG_LENGTH = 255


@dataclass(slots=True)
class Post:
    """A post or page: its slug here, its title, and whether and from when it is public."""

    slug: str
    title: str
    is_for_readers: bool = True
    public_from: datetime | None = None

    @property
    def public_title(self):
        """The title if the post is public now, else an empty string."""
        is_public = self.public_from and self.public_from <= timezone.now()
        return self.title if self.is_for_readers and is_public else ""


@dataclass(slots=True)
class Attachment:
    url: str = ""
    link: str = ""
    parent: int = 0
    file_id: int | None = None
    is_image: bool = False
    address: str = ""

    def has_stem(self, stem):
        """Whether the file has this stem, to which the library appends a hash."""
        if self.url:
            return _read_stem(self.url) == stem
        return _read_stem(self.address).startswith(f"{shorten_stem(stem)}-")


class ExportIndex:
    """Finds posts and attachments by their old ids and addresses."""

    def __init__(self, known_posts, site_hosts=(), taken=None):
        self.posts = {}
        self.attachments = {}
        self._aliases = {}
        self.reusable = {}
        self.children = defaultdict(list)
        self.article_pks = set()
        self.highest_comment = 0
        self._hosts = {host.removeprefix("www.") for host in site_hosts}
        self.root = ""
        self.category_base = ""
        self.is_ours = False  # whether this program wrote the export
        self._by_path = {}
        self._by_file = {}
        self._slug_of = dict(Article.objects.values_list("pk", "slug"))
        self._taken = set() if taken is None else taken  # slugs, those of the sites before too
        self._taken.update(self._slug_of.values())
        self._known = known_posts

    def add_site(self, site):
        for url in (site.base_url, site.link, site.network_url):
            if url:
                self._hosts.add(read_host(url))
        self.root = split_url(site.base_url or site.link).path.rstrip("/")
        self.category_base = site.category_base
        self.is_ours = site.is_ours

    def add_post(self, item, title):
        """Add an item under its slug here. A new item keeps its old slug, numbered if taken."""
        if item.old_id in self.posts or self.is_deleted(item):
            return
        pk, _checksum = self._known.get(str(item.old_id), (None, ""))
        slug = self._slug_of.get(pk) or self._choose_slug(item, title)
        self._taken.add(slug)
        self.posts[item.old_id] = Post(slug, title, item.is_for_readers, item.published_at)
        self.article_pks.add(pk)
        for link in self.list_links(item):
            self._add_path(link, item.old_id)

    def add_attachment(self, item):
        """Add an attachment; return False if its id has a file already."""
        if item.old_id in self.attachments and self.attachments[item.old_id].url:
            return False
        if not item.key:  # a picture that a post only names may be anybody's
            self._hosts.add(read_host(item.attachment_url))
        link = item.link if self.is_own(item.link) else ""
        self.attachments[item.old_id] = Attachment(item.attachment_url, link, item.parent)
        self.children[item.parent].append(item.old_id)
        self._by_file.setdefault(_build_file_key(item.attachment_url), item.old_id)
        self._add_path(link, item.old_id)
        return True

    def add_file(self, item):
        """Add a file that only texts name; returns its attachment."""
        attachment = Attachment(item.attachment_url)
        self.attachments[item.old_id] = attachment
        for key in (
            _build_file_key(item.attachment_url),
            self.build_original_key(item.attachment_url),
        ):
            self._by_file.setdefault(key, item.old_id)
        return attachment

    def name_picture(self, old_id, url):
        """Let an id that no attachment of the export has stand for a file that texts name."""
        attachment = self.find_attachment(url)
        if attachment and old_id not in self.attachments:
            self._aliases[old_id] = attachment

    def find_by_id(self, old_id):
        """Return the attachment with an id, or None."""
        return self.attachments.get(old_id) or self._aliases.get(old_id)

    def build_original_key(self, url):
        """Return the path of a file below the uploads folder, without the size of a picture."""
        return VARIANT.sub("", _build_file_key(url))

    def is_deleted(self, item):
        """Whether an earlier run imported the item and its article was deleted here since."""
        return self._known.get(str(item.old_id)) == DELETED

    def list_links(self, item):
        """Return the present and earlier addresses of an item on the old site.

        The list is empty if the permalink is on another site, which some plugins allow.
        """
        if not self.is_own(item.link):
            return []
        head, slash, last = normalize_path(split_url(item.link).path).rpartition("/")
        old_slugs = item.old_slugs if last == item.slug else []
        return [item.link, *(f"{head}{slash}{slug}" for slug in old_slugs)]

    def build_path(self, old_id):
        """Return the path of a post or page here, in the form of ``Redirect.path``."""
        return normalize_path(reverse("articles:detail", args=[self.posts[old_id].slug]))

    def find_old_id(self, url):
        """Return the old id of the post, page or attachment at an address, or None."""
        if not self.is_own(url):
            return None
        parts = split_url(url)
        query = parse_qs(parts.query)
        for name in ID_PARAMETERS:
            old_id = read_integer(query.get(name, [""])[0])
            if old_id is not None:
                return old_id
        return self._by_path.get(normalize_path(parts.path))

    def find_attachment(self, url):
        """Return the attachment whose file, in any size, has an address; else None."""
        if not url or not self.is_own(url):
            return None
        key = _build_file_key(url)
        original = VARIANT.sub("", key)
        stem, dot, kind = original.rpartition(".")
        for candidate in (key, SIZE.sub("", key), original, f"{stem}-scaled{dot}{kind}"):
            if candidate in self._by_file:
                return self.attachments[self._by_file[candidate]]
        return None

    def find_picture(self, old_id, url):
        """Return the attachment of an image: by address, else by id if the file names agree."""
        attachment = self.find_attachment(url)
        if attachment or old_id not in self.attachments:
            return attachment
        candidate = self.attachments[old_id]
        return candidate if not url or candidate.has_stem(_read_stem(url)) else None

    def is_own(self, url):
        """Whether an address is on the old site or on WordPress's image servers."""
        host = read_host(url)
        return not host or host in self._hosts or host.endswith(".wp.com")

    def is_root(self, url):
        parts = split_url(url)
        return self.is_own(url) and not parts.query and parts.path.rstrip("/") == self.root

    def _add_path(self, link, old_id):
        parts = split_url(link)
        if parts.path.strip("/") and not parts.query:
            self._by_path.setdefault(normalize_path(parts.path), old_id)

    def _choose_slug(self, item, title):
        wanted = slugify(item.slug or title, allow_unicode=True).strip("-_")
        wanted = wanted[:SLUG_LENGTH] or f"{item.type}-{abs(item.old_id)}"
        slug, number = wanted, 2
        while slug in self._taken:
            slug = f"{wanted[: SLUG_LENGTH - 8]}-{number}"
            number += 1
        return slug


def _build_file_key(url):
    return unicodedata.normalize("NFC", UPLOADS.sub("", read_path(url)))


def _read_stem(url):
    return VARIANT.sub("", basename(read_path(url))).rpartition(".")[0].lower()
