"""Builds an item, with its comments, from the events of an XML parser."""

from datetime import UTC, datetime
from urllib.parse import unquote

from newsroom.wordpress.wxr.records import MENTIONS, Comment, Item, Term

ITEM_TEXTS = {
    "title": "title",
    "link": "link",
    "dc:creator": "author",
    "content:encoded": "content",
    "excerpt:encoded": "excerpt",
    "wp:status": "status",
    "wp:post_type": "type",
    "wp:attachment_url": "attachment_url",
}
META_TEXTS = {
    "_wp_attachment_image_alt": "alt",
    "_wp_attached_file": "attached_file",
    "footnotes": "footnotes",
}
META_NUMBERS = {
    "_thumbnail_id": "thumbnail",
    "_yoast_wpseo_primary_category": "main_category",
    "rank_math_primary_category": "main_category",
}
# Of a comment nothing else is put together: no address, mail or agent.
COMMENT_TEXTS = {
    f"wp:comment_{name}"
    for name in (
        *("id", "parent", "author", "author_url", "date", "date_gmt"),
        *("approved", "type", "content", "user_id"),
    )
}
# Elements with elements of their own; everything else is text.
GROUPS = {"wp:postmeta", "wp:comment", "wp:commentmeta", "wp:termmeta", *("item", "image")}


def parse_integer(text):
    """Return the integer that a text is, or 0."""
    text = text.strip()
    digits = text[1:] if text[:1] in {"-", "+"} else text
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def parse_date(text, zone):
    """Return a MySQL date as an aware datetime; None for zero dates and nonsense."""
    try:
        found = datetime.fromisoformat(text.strip()[:19]).replace(tzinfo=zone)
    except ValueError:
        return None
    return found if 1000 <= found.year < 9999 else None


def decode_slug(slug):
    """Return a slug without percent-encoding, and without what no database takes."""
    return unquote(slug).replace("\0", "")


class ItemTarget:
    """Builds an ``Item`` from the parser's events."""

    def __init__(self, line, timezone):
        self.item = Item(line=line)
        self._timezone = timezone
        self._leaf = None
        self._is_wanted = True
        self._nested = 0
        self._pieces = []
        self._attributes = {}
        self._comment = None
        self._meta_key = ""
        self._meta_value = ""
        self._dates = {}

    def start(self, name, attributes):
        if self._leaf is not None:
            self._nested += 1
        elif name == "wp:comment":
            self._comment = {"meta": {}}
        elif name not in GROUPS:
            self._leaf, self._attributes, self._pieces = name, attributes, []
            in_comment = self._comment is not None and name.startswith("wp:comment_")
            self._is_wanted = not in_comment or name in COMMENT_TEXTS

    def text(self, piece):
        if self._leaf is not None and self._is_wanted:
            self._pieces.append(piece)

    def end(self, name):
        if self._nested:
            self._nested -= 1
        elif self._leaf is not None:
            leaf, self._leaf = self._leaf, None
            if self._is_wanted:
                self._keep(leaf, "".join(self._pieces))
        elif name == "wp:comment" and self._comment is not None:
            self.item.comments.append(self._finished_comment())
            self._comment = None
        elif name == "wp:commentmeta" and self._comment is not None:
            value = self._meta_value.strip()
            if parse_integer(value) or value == "0":
                self._comment["meta"][self._meta_key] = parse_integer(value)
        elif name == "wp:postmeta":
            self._keep_meta(self._meta_key, self._meta_value)

    def _keep(self, name, value):
        if name == "wp:meta_key":
            self._meta_key, self._meta_value = value, ""
        elif name == "wp:meta_value":
            self._meta_value = value
        elif self._comment is not None:
            self._comment[name] = value
        elif name in ITEM_TEXTS:
            setattr(self.item, ITEM_TEXTS[name], value if ":enc" in name else value.strip())
        elif name == "category":
            self._keep_term(value)
        elif name in {"wp:post_date", "wp:post_date_gmt", "wp:post_modified_gmt"}:
            self._dates[name] = value
        else:
            self._keep_field(name, value.strip())

    def _keep_field(self, name, value):
        item = self.item
        if name == "wp:post_id":
            item.old_id = parse_integer(value)
        elif name == "wp:post_parent":
            item.parent = parse_integer(value)
        elif name == "wp:post_name":
            item.slug = decode_slug(value)
        elif name == "wp:post_password":
            item.has_password = bool(value)
        elif name == "wp:is_sticky":
            item.sticky = value == "1"
        elif name == "wp:comment_status":
            item.comments_open = value == "open"

    def _keep_term(self, name):
        slug = decode_slug(self._attributes.get("nicename", ""))
        domain = self._attributes.get("domain", "")
        if slug and domain:
            domain = "post_tag" if domain == "tag" else domain
            self.item.terms.append(Term(domain, slug, name.strip()))

    def _keep_meta(self, key, value):
        if key in META_TEXTS:
            setattr(self.item, META_TEXTS[key], value.strip())
        elif key in META_NUMBERS:
            setattr(self.item, META_NUMBERS[key], parse_integer(value))
        elif key == "_wp_old_slug" and value.strip():
            self.item.old_slugs.append(decode_slug(value.strip()))

    def _finished_comment(self):
        fields = self._comment

        def text(name):
            return fields.get(f"wp:comment_{name}", "").strip()

        sort = text("type") or "comment"
        return Comment(
            old_id=parse_integer(text("id")),
            parent=parse_integer(text("parent")),
            author=text("author"),
            date=parse_date(text("date_gmt"), UTC) or parse_date(text("date"), self._timezone),
            approved=text("approved"),
            type=sort,
            content=fields.get("wp:comment_content", ""),
            user_id=parse_integer(text("user_id")),
            url=text("author_url") if sort in MENTIONS else "",
            meta=fields["meta"],
        )

    def finished(self):
        """Return the item with its dates."""
        ids = (comment.old_id for comment in self.item.comments)
        self.item.highest_comment = max(ids, default=0)
        dates = self._dates
        self.item.published_at = parse_date(dates.get("wp:post_date_gmt", ""), UTC) or parse_date(
            dates.get("wp:post_date", ""), self._timezone
        )
        self.item.modified_at = parse_date(dates.get("wp:post_modified_gmt", ""), UTC)
        return self.item
