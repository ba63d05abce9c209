"""Builds records from the events of an XML parser."""

from datetime import UTC, datetime
from urllib.parse import unquote

from articles.web.html import remove_unprintable
from articles.web.paging import read_integer
from newsroom.wordpress.wxr.records import MENTIONS, Comment, Item, Term

META_KEYS = {
    *("_wp_attachment_image_alt", "_wp_attached_file", "footnotes", "_thumbnail_id"),
    *("_yoast_wpseo_primary_category", "rank_math_primary_category"),
}
# The address, mail and agent of a commenter are never put together.
COMMENT_TEXTS = {
    f"wp:comment_{name}"
    for name in (
        *("id", "parent", "author", "author_url", "date", "date_gmt"),
        *("approved", "type", "content", "user_id"),
    )
}
# Elements that hold elements; all others hold text.
GROUPS = {
    *("item", "image", "wp:author", "wp:category", "wp:tag", "wp:term", "wp:termmeta"),
    *("wp:postmeta", "wp:comment", "wp:commentmeta"),
}


def parse_integer(text):
    """Return the integer of a text, or 0."""
    text = text.strip()
    number = read_integer(text.lstrip("+-")) or 0
    return -number if text.startswith("-") else number


def parse_date(text, zone):
    """Return a MySQL date as an aware datetime; None for zero dates and nonsense."""
    try:
        date = datetime.fromisoformat(text.strip()[:19]).replace(tzinfo=zone)
    except ValueError:
        return None
    return date if 1000 <= date.year < 9999 else None


def decode_slug(slug):
    """Return a slug without percent-encoding and unprintable characters."""
    return remove_unprintable(unquote(slug))


class TextBuilder:
    """Collects the texts of an element by the names of the elements that hold them."""

    def __init__(self):
        self.texts = {}
        self._leaf = self._pieces = None
        self._attributes = {}
        self._nested = 0

    def start(self, name, attributes):
        if self._leaf is not None:
            self._nested += 1
        elif name in GROUPS:
            self._start_group(name)
        else:
            self._leaf, self._attributes = name, attributes
            self._pieces = [] if self._is_wanted(name) else None

    def text(self, piece):
        if self._pieces is not None:
            self._pieces.append(piece)

    def end(self, name):
        if self._nested:
            self._nested -= 1
        elif self._leaf is not None:
            if self._pieces is not None:
                self._set(self._leaf, "".join(self._pieces))
            self._leaf = self._pieces = None
        else:
            self._end_group(name)

    def read(self, *names):
        """Return the first text that is not empty, stripped."""
        return next((self.texts[name].strip() for name in names if self.texts.get(name)), "")

    def _is_wanted(self, name):
        return True

    def _set(self, name, value):
        self.texts.setdefault(name, value)

    def _start_group(self, name):
        """Begin an element that holds elements."""

    def _end_group(self, name):
        """End an element that holds elements."""


class ItemBuilder(TextBuilder):
    """Builds an ``Item`` with its comments."""

    def __init__(self, line, timezone):
        super().__init__()
        self._line = line
        self._timezone = timezone
        self._terms = []
        self._comments = []
        self._comment = None
        self._comment_meta = {}
        self._meta = {}
        self._old_slugs = []
        self._meta_key = self._meta_value = ""

    def _is_wanted(self, name):
        in_comment = self._comment is not None and name.startswith("wp:comment_")
        return not in_comment or name in COMMENT_TEXTS

    def _start_group(self, name):
        if name == "wp:comment":
            self._comment, self._comment_meta = {}, {}

    def _end_group(self, name):
        if name == "wp:comment" and self._comment is not None:
            self._comments.append(self._build_comment())
            self._comment = None
        elif name == "wp:commentmeta":
            value = self._meta_value.strip()
            if parse_integer(value) or value == "0":
                self._comment_meta[self._meta_key] = parse_integer(value)
        elif name == "wp:postmeta":
            if self._meta_key in META_KEYS:
                self._meta[self._meta_key] = self._meta_value.strip()
            elif self._meta_key == "_wp_old_slug" and self._meta_value.strip():
                self._old_slugs.append(decode_slug(self._meta_value.strip()))

    def _set(self, name, value):
        if name == "wp:meta_key":
            self._meta_key, self._meta_value = value, ""
        elif name == "wp:meta_value":
            self._meta_value = value
        elif self._comment is not None:
            self._comment[name] = value
        elif name == "category":
            self._add_term(value.strip())
        else:
            self.texts[name] = value

    def _add_term(self, name):
        slug = decode_slug(self._attributes.get("nicename", ""))
        domain = self._attributes.get("domain", "")
        if slug and domain:
            self._terms.append(Term("post_tag" if domain == "tag" else domain, slug, name))

    def _parse_date(self, gmt, local):
        return parse_date(gmt, UTC) or parse_date(local, self._timezone)

    def _build_comment(self):
        fields = self._comment

        def read(name):
            return fields.get(f"wp:comment_{name}", "").strip()

        kind = read("type") or "comment"
        return Comment(
            old_id=parse_integer(read("id")),
            parent=parse_integer(read("parent")),
            author=read("author"),
            date=self._parse_date(read("date_gmt"), read("date")),
            approved=read("approved"),
            type=kind,
            content=fields.get("wp:comment_content", ""),
            user_id=parse_integer(read("user_id")),
            url=read("author_url") if kind in MENTIONS else "",
            meta=self._comment_meta,
        )

    def build(self):
        read, meta = self.read, self._meta.get
        main_category = (
            meta("_yoast_wpseo_primary_category") or meta("rank_math_primary_category") or ""
        )
        return Item(
            line=self._line,
            old_id=parse_integer(read("wp:post_id")),
            type=self.texts.get("wp:post_type", "post").strip(),
            status=self.texts.get("wp:status", "publish").strip(),
            title=read("title"),
            slug=decode_slug(read("wp:post_name")),
            link=read("link"),
            author=read("dc:creator"),
            published_at=self._parse_date(read("wp:post_date_gmt"), read("wp:post_date")),
            modified_at=parse_date(read("wp:post_modified_gmt"), UTC),
            content=self.texts.get("content:encoded", ""),
            excerpt=self.texts.get("excerpt:encoded", ""),
            has_password=bool(read("wp:post_password")),
            sticky=read("wp:is_sticky") == "1",
            parent=parse_integer(read("wp:post_parent")),
            comments_open=self.texts.get("wp:comment_status", "open").strip() == "open",
            attachment_url=read("wp:attachment_url"),
            thumbnail=parse_integer(meta("_thumbnail_id", "")),
            main_category=parse_integer(main_category),
            alt=meta("_wp_attachment_image_alt", ""),
            attached_file=meta("_wp_attached_file", ""),
            footnotes=meta("footnotes", ""),
            old_slugs=self._old_slugs,
            terms=self._terms,
            comments=self._comments,
            highest_comment=max((comment.old_id for comment in self._comments), default=0),
        )
