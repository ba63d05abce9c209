"""The rows of a Ghost export as the records that an import of WordPress reads."""

import re
from collections import defaultdict
from dataclasses import dataclass
from html import escape

from django.utils.translation import gettext as _

from newsroom.ghost.ghost_cards import simplify_cards
from newsroom.importing.mapping import derive_key
from newsroom.wordpress.wxr.records import Author, Category, Item, Remark, Site, Tag, Term
from newsroom.wordpress.wxr.vocabulary import BYLINES as AUTHOR

PLACEHOLDER = "__GHOST_URL__"  # in place of the site's address
FILE = re.compile(r"(?<![\w.:/-])/content/(?=(?:images|media|files)/)")  # an address without a host
RESIZED = re.compile(r"(/content/images/)size/w\d{1,5}(?:h\d{1,5})?/(?:format/[a-z]{2,5}/)?")
STATUSES = {"published": "publish", "scheduled": "future", "draft": "draft", "sent": "private"}
SOCIAL = ("og_title", "og_description", "twitter_title", "twitter_description")


@dataclass(frozen=True, slots=True)
class Address:
    """Where the old site is, and how the addresses of its posts are built."""

    site: str
    permalink: str = "/{slug}/"

    def build_link(self, post, *, tag, author):
        """Return the old address of a post or page."""
        moment = post.read_moment("published_at")
        path = "/{slug}/" if is_page(post) else self.permalink
        values = {
            "slug": post.read("slug"),
            "id": post.read("id"),
            "uuid": post.read("uuid"),
            "primary_tag": tag or "all",
            "primary_author": author or "all",
            "year": f"{moment:%Y}" if moment else "",
            "month": f"{moment:%m}" if moment else "",
            "day": f"{moment:%d}" if moment else "",
        }
        for name, value in values.items():
            path = path.replace(f"{{{name}}}", value)
        return self.site + path

    def complete(self, text):
        """Return a text with the site's address in it, and the originals of resized pictures."""
        text = text.replace(PLACEHOLDER, self.site)
        return RESIZED.sub(r"\1", FILE.sub(lambda match: self.site + match[0], text))


def is_page(post):
    return post.read("type") == "page" or post.is_set("page")


def is_internal(tag):
    """Whether only editors see a tag: its name begins with #."""
    return tag.read("visibility") == "internal" or tag.read("name").startswith("#")


class GhostRecords:
    """Lists the records of some tables: ``Site``, authors, tags, then pictures and posts.

    With ``tag_as_category``, the first tag of a post becomes the category of the article.
    """

    def __init__(self, tables, address, *, tag_as_category=False):
        self._tables = tables
        self._address = address
        self._tag_as_category = tag_as_category
        self._users = {row.read("id"): row for row in tables.get("users", ())}
        self._tags = {row.read("id"): row for row in tables.get("tags", ())}
        self._meta = {row.read("post_id"): row for row in tables.get("posts_meta", ())}
        self._users_of = self._join("posts_authors", "author_id", self._users)
        self._tags_of = self._join("posts_tags", "tag_id", self._tags)
        self._pictures = {}

    def list_all(self):
        """Return all records."""
        records = [Site(link=self._address.site, category_base="tag")]
        records += self._list_authors()
        records += self._list_tags()
        for post in self._tables["posts"]:
            records += self._list_of_post(post)
        return records + self._list_left_out()

    def _join(self, table, name, rows):
        """Return {id of a post: rows that a table joins to it, in their order}."""
        joined = defaultdict(list)
        places = self._tables.get(table, ())
        for place in sorted(places, key=lambda place: place.read_position("sort_order")):
            if row := rows.get(place.read(name)):
                joined[place.read("post_id")].append(row)
        return joined

    def _find_authors(self, post):
        """Return the users who signed a post; the first versions of Ghost knew one alone."""
        known = self._users.get(post.read("author_id"))
        return self._users_of.get(post.read("id")) or ([known] if known else [])

    def _list_authors(self):
        """Return the authors of posts. Other users of Ghost wrote nothing."""
        posts = self._tables["posts"]
        users = {user.read("id"): user for post in posts for user in self._find_authors(post)}
        return [
            Author(
                login=user.read("slug") or user.read("id"),
                email=user.read("email"),
                display_name=escape(user.read("name"), quote=False),
            )
            for user in users.values()
        ]

    def _list_tags(self):
        records = []
        for tag in self._tags.values():
            name = tag.read("name")
            if is_internal(tag):
                records.append(Remark(0, _("internal tag left out"), name))
            elif not self._tag_as_category:
                records.append(Tag(tag.read("slug"), escape(name, quote=False)))
            if tag.read("codeinjection_head") or tag.read("codeinjection_foot"):
                records.append(Remark(0, _("code injection left out"), name))
        if self._tag_as_category:
            records += [
                Category(
                    tag.read("slug"),
                    escape(tag.read("name"), quote=False),
                    description=escape(tag.read("description"), quote=False),
                )
                for tag in self._list_primary_tags()
            ]
        return records

    def _list_public_tags(self, post):
        return [tag for tag in self._tags_of.get(post.read("id"), ()) if not is_internal(tag)]

    def _list_primary_tags(self):
        first = (self._list_public_tags(post)[:1] for post in self._tables["posts"])
        return {tag.read("id"): tag for tags in first for tag in tags}.values()

    def _list_of_post(self, post):
        """Return the item of a post after those of the pictures that it names first."""
        reader = _PostReader(post, self._meta.get(post.read("id")), self._address)
        authors, tags = self._find_authors(post), self._list_public_tags(post)
        item = reader.build_item()
        item.author = authors[0].read("slug") or authors[0].read("id") if authors else ""
        item.link = self._address.build_link(
            post, tag=tags[0].read("slug") if tags else "", author=item.author
        )
        item.terms = [*self._name_authors(authors), *self._name_tags(tags)]
        pictures = reader.list_pictures(item)
        new = [picture for picture in pictures if picture.key not in self._pictures]
        self._pictures |= {picture.key: picture for picture in new}
        remarks = [
            Remark(0, text, post.read("title"), is_of_item=True) for text in reader.list_left_out()
        ]
        return [*new, item, *remarks]

    def _name_authors(self, users):
        return [
            Term(AUTHOR, user.read("slug") or user.read("id"), user.read("name")) for user in users
        ]

    def _name_tags(self, tags):
        """Return the terms of a post: tags, and the first as the category if that is wanted."""
        domains = ["category" if self._tag_as_category else "post_tag"] + ["post_tag"] * len(tags)
        return [
            Term(domain, tag.read("slug"), escape(tag.read("name"), quote=False))
            for domain, tag in zip(domains, tags, strict=False)
        ]

    def _list_left_out(self):
        """Return remarks on what belongs to no post."""
        settings = self._tables.get("settings", ())
        injected = {"codeinjection_head", "codeinjection_foot", "ghost_head", "ghost_foot"}
        remarks = [
            Remark(0, _("code injection left out"), row.read("key"))
            for row in settings
            if row.read("key") in injected and row.read("value")
        ]
        for table, text in (
            ("comments", _("comments left out: Ghost keeps them for members")),
            ("snippets", _("snippets of the editor left out")),
        ):
            remarks += [Remark(0, text, row.read("name")) for row in self._tables.get(table, ())]
        return remarks


class _PostReader:
    """Reads one post; what Ghost 3 and later keep in ``posts_meta`` was in the post before."""

    def __init__(self, post, meta, address):
        self._post = post
        self._meta = meta
        self._address = address
        self._content, self._forms = simplify_cards(address.complete(post.read("html")))
        self._is_plain = not self._content.strip() and bool(post.read("plaintext").strip())

    def _read(self, name):
        return self._post.read(name) or (self._meta.read(name) if self._meta else "")

    def _read_plain(self, name):
        """Return plain text as the HTML that the import expects."""
        return escape(self._read(name), quote=False)

    @property
    def _is_for_all(self):
        return self._post.read("visibility") in {"", "public"}

    def build_item(self):
        post = self._post
        status = STATUSES.get(post.read("status"), post.read("status") or "draft")
        return Item(
            line=0,
            key=derive_key("ghost", post.read("id") or post.read("uuid") or post.read("slug")),
            is_rendered=True,
            type="page" if is_page(post) else "post",
            status=status if self._is_for_all or status == "draft" else "private",
            title=self._read_plain("title"),
            slug=post.read("slug"),
            published_at=post.read_moment("published_at") or post.read_moment("created_at"),
            modified_at=post.read_moment("updated_at"),
            content=self._build_content(),
            excerpt=self._read_plain("custom_excerpt"),
            sticky=post.is_set("featured"),
            thumbnail=self._find_key("feature_image", "image"),
            seo_title=self._read_plain("meta_title"),
            seo_description=self._read_plain("meta_description"),
            card_image=self._find_key("og_image", "twitter_image"),
        )

    def _build_content(self):
        if not self._is_plain:
            return self._content
        paragraphs = re.split(r"\n\s*\n", self._post.read("plaintext").strip())
        return "".join(f"<p>{escape(text, quote=False)}</p>" for text in paragraphs)

    def _find_url(self, *names):
        url = next(filter(None, map(self._read, names)), "")
        return self._address.complete(url)

    def _find_key(self, *names):
        url = self._find_url(*names)
        return derive_key("ghost-picture", url) if url else 0

    def list_pictures(self, item):
        """Yield the pictures that the post names outside its text."""
        captions = {
            "feature_image": ("feature_image_caption", "feature_image_alt"),
            "og_image": ("", ""),
        }
        for names in (("feature_image", "image"), ("og_image", "twitter_image")):
            if url := self._find_url(*names):
                caption, alt = captions[names[0]]
                yield Item(
                    line=0,
                    key=self._find_key(*names),
                    type="attachment",
                    status="inherit",
                    attachment_url=url,
                    excerpt=self._address.complete(self._read(caption)),
                    alt=self._read_plain(alt),
                    published_at=item.published_at,
                )

    def list_left_out(self):
        """Yield what the article will lack."""
        post = self._post
        if post.read("status") == "sent":
            yield _("sent as a newsletter only, never on the site")
        if not self._is_for_all:
            yield _("for members only on the old site")
        if self._read("codeinjection_head") or self._read("codeinjection_foot"):
            yield _("code injection left out")
        if self._is_plain:
            yield _("the text comes without its form: the export has no HTML of it")
        elif not self._content.strip() and (post.read("lexical") or post.read("mobiledoc")):
            yield _("no text: the export has no HTML of it; save the post in Ghost, export again")
        if self._forms:
            yield _("sign-up form left out")
        own = {self._read("meta_title"), self._read("meta_description"), post.read("title")}
        if any(self._read(name) not in {"", *own} for name in SOCIAL):
            yield _("texts for social networks left out")
        if self._read("canonical_url"):
            yield _("canonical address left out: %s") % self._read("canonical_url")
