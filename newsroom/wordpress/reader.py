"""Reads a WordPress export (WXR 1.1 and 1.2) as a stream of records.

``records`` yields a ``Site``, then ``Author``, ``Category``, ``Tag`` and ``Item`` in the order of
the file, and ``Remark`` wherever something was mended or had to be left out. Memory is bounded by
the largest single item (64 MB; a larger one is left out).
"""

from datetime import UTC, datetime
from urllib.parse import unquote
from xml.parsers import expat

from django.utils.translation import gettext as _

from newsroom.wordpress.mend import mended
from newsroom.wordpress.records import Author, Category, Comment, Item, Remark, Site, Tag, Term
from newsroom.wordpress.scan import CHANNEL_LEAVES, LIMIT, Scanner

SITE_FIELDS = {
    "title": "title",
    "link": "link",
    "wp:wxr_version": "wxr_version",
    "wp:base_blog_url": "base_url",
}
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
TERMS = {"wp:author", "wp:category", "wp:tag", "wp:term"}


def records(file, *, timezone, limit=LIMIT):
    """Yield the records of an export open for reading bytes, or of a ``Scanner`` over one.

    ``timezone`` is that of dates which the export gives in local time only. Raises
    ``BrokenExport`` with the line where reading on is impossible; all records before it are
    whole.
    """
    scanner = file if isinstance(file, Scanner) else Scanner(file, limit=limit)
    site = Site()
    is_told = False
    for element in scanner:
        if element.name in CHANNEL_LEAVES:
            _fill_site(site, element)
            continue
        if element.name == "image":
            continue
        if not is_told:
            yield site
            is_told = True
        yield from _records(element, scanner, timezone)
    if not is_told:
        yield site


def whole_number(text):
    """Return the integer that a text is, or 0."""
    text = text.strip()
    digits = text[1:] if text[:1] in {"-", "+"} else text
    return int(text) if digits.isascii() and digits.isdigit() and len(digits) < 19 else 0


def moment(text, zone):
    """Return a MySQL date as an aware datetime; None for zero dates and nonsense."""
    try:
        return datetime.strptime(text.strip(), "%Y-%m-%d %H:%M:%S").replace(tzinfo=zone)
    except ValueError:
        return None


def _fill_site(site, element):
    name = SITE_FIELDS.get(element.name)
    if not name or not element.body or getattr(site, name):
        return
    try:
        texts, _done = _parsed_or_mended(element.body, _Texts)
    except expat.ExpatError:
        return
    setattr(site, name, texts.texts.get(element.name, "").strip())


def _records(element, scanner, timezone):
    """Yield the record of an element and the remarks on it."""
    what = _("item") if element.name == "item" else element.name.removeprefix("wp:")
    if element.body is None:
        yield Remark(
            element.line,
            _("left out, larger than the limit: %(size)d MB") % {"size": element.size >> 20},
            what,
        )
        return
    try:
        found, done = _read(element, timezone)
    except expat.ExpatError as error:
        reason = expat.ErrorString(error.code)
        line = element.line + error.lineno - 1
        yield Remark(line, _("left out, cannot be read: %s") % reason, what)
        if element.name == "item":
            scanner.resume_at_next_item(element)
        return
    if found is None:
        return
    if done:
        title = getattr(found, "title", "") or getattr(found, "slug", "") or what
        yield from (Remark(element.line, _("mended: %s") % how, title) for how in done)
    yield found


def _read(element, timezone):
    """Return the record and how it was mended."""
    if element.name == "item":
        target, done = _parsed_or_mended(element.body, lambda: _ItemTarget(element.line, timezone))
        return target.finished(), done
    target, done = _parsed_or_mended(element.body, _Texts)
    return _term_or_author(element.name, target.texts), done


def _parsed_or_mended(body, make_target):
    """Return (filled target, what was mended); raise the parser's first error if nothing helps."""
    try:
        return _parsed(body, make_target), ()
    except expat.ExpatError as error:
        for repaired, done in mended(body):
            try:
                return _parsed(repaired, make_target), done
            except expat.ExpatError:
                continue
        raise error


def _term_or_author(kind, texts):
    def text(*names):
        return next((texts[name].strip() for name in names if texts.get(name)), "")

    if kind == "wp:author":
        return Author(
            login=text("wp:author_login"),
            old_id=whole_number(text("wp:author_id")),
            email=text("wp:author_email"),
            display_name=text("wp:author_display_name"),
            first_name=text("wp:author_first_name"),
            last_name=text("wp:author_last_name"),
        )
    old_id = whole_number(text("wp:term_id"))
    taxonomy = text("wp:term_taxonomy")
    if kind == "wp:category" or taxonomy == "category":
        return Category(
            slug=unquote(text("wp:category_nicename", "wp:term_slug")),
            name=text("wp:cat_name", "wp:term_name"),
            parent=unquote(text("wp:category_parent", "wp:term_parent")),
            description=text("wp:category_description", "wp:term_description"),
            old_id=old_id,
        )
    if kind == "wp:tag" or taxonomy == "post_tag":
        return Tag(
            slug=unquote(text("wp:tag_slug", "wp:term_slug")),
            name=text("wp:tag_name", "wp:term_name"),
            old_id=old_id,
        )
    return None


def _parsed(body, make_target):
    """Return a target filled by the parser. No entities: an element holds no DTD."""
    target = make_target()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 1 << 16
    parser.StartElementHandler = target.start
    parser.EndElementHandler = target.end
    parser.CharacterDataHandler = target.text
    parser.Parse(body, True)
    return target


class _Texts:
    """Collects the texts of the leaves of a small element."""

    def __init__(self):
        self.texts = {}
        self._name = ""
        self._pieces = []

    def start(self, name, attributes):
        if name not in TERMS and name not in GROUPS:
            self._name, self._pieces = name, []

    def end(self, name):
        if name == self._name:
            self.texts.setdefault(name, "".join(self._pieces))

    def text(self, piece):
        self._pieces.append(piece)


class _ItemTarget:
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
            if whole_number(value) or value == "0":
                self._comment["meta"][self._meta_key] = whole_number(value)
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
            item.old_id = whole_number(value)
        elif name == "wp:post_parent":
            item.parent = whole_number(value)
        elif name == "wp:post_name":
            item.slug = unquote(value)
        elif name == "wp:post_password":
            item.has_password = bool(value)
        elif name == "wp:is_sticky":
            item.sticky = value == "1"
        elif name == "wp:comment_status":
            item.comments_open = value == "open"

    def _keep_term(self, name):
        slug = unquote(self._attributes.get("nicename", ""))
        domain = self._attributes.get("domain", "")
        if slug and domain:
            domain = "post_tag" if domain == "tag" else domain
            self.item.terms.append(Term(domain, slug, name.strip()))

    def _keep_meta(self, key, value):
        if key in META_TEXTS:
            setattr(self.item, META_TEXTS[key], value.strip())
        elif key in META_NUMBERS:
            setattr(self.item, META_NUMBERS[key], whole_number(value))
        elif key == "_wp_old_slug" and value.strip():
            self.item.old_slugs.append(unquote(value.strip()))

    def _finished_comment(self):
        fields = self._comment

        def text(name):
            return fields.get(f"wp:comment_{name}", "").strip()

        sort = text("type") or "comment"
        return Comment(
            old_id=whole_number(text("id")),
            parent=whole_number(text("parent")),
            author=text("author"),
            date=moment(text("date_gmt"), UTC) or moment(text("date"), self._timezone),
            approved=text("approved"),
            type=sort,
            content=fields.get("wp:comment_content", ""),
            user_id=whole_number(text("user_id")),
            url=text("author_url") if sort in {"pingback", "trackback"} else "",
            meta=fields["meta"],
        )

    def finished(self):
        """Return the item with its dates."""
        dates = self._dates
        self.item.published_at = moment(dates.get("wp:post_date_gmt", ""), UTC) or moment(
            dates.get("wp:post_date", ""), self._timezone
        )
        self.item.modified_at = moment(dates.get("wp:post_modified_gmt", ""), UTC)
        return self.item
