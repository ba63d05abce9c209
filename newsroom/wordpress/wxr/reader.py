"""Reads a WordPress export (WXR 1.1 and 1.2) as a stream of records.

``read_records`` yields a ``Site``, then ``Author``, ``Category``, ``Tag`` and ``Item`` in the
order of the file, and a ``Remark`` on everything repaired or left out. Memory is bounded by the
largest single item (64 MB; a larger one is left out).
"""

import re
from xml.parsers import expat

from django.utils.translation import gettext as _

from newsroom.wordpress.wxr.items import GROUPS, ItemTarget, decode_slug, parse_integer
from newsroom.wordpress.wxr.records import Author, Category, Remark, Site, Tag
from newsroom.wordpress.wxr.scan import CHANNEL_LEAVES, LIMIT, NEXT_ITEM, Scanner
from newsroom.wordpress.wxr.xml_repair import repair_element

SITE_FIELDS = {
    "title": "title",
    "link": "link",
    "wp:wxr_version": "wxr_version",
    "wp:base_blog_url": "base_url",
    "wp:base_site_url": "network_url",
}
COMMENT = re.compile(rb"<wp:comment>.*?</wp:comment>\s*", re.DOTALL)
COMMENT_ID = re.compile(rb"<wp:comment_id>(?:<!\[CDATA\[)?(\d{1,18})")
TERMS = {"wp:author", "wp:category", "wp:tag", "wp:term"}


def read_records(file, *, timezone, limit=LIMIT, with_comments=True):
    """Yield the records of an export open for reading bytes, or of a ``Scanner`` over one.

    ``timezone`` is that of dates which the export gives in local time only. Without comments
    items come much faster and say only how high the ids of theirs are. Raises ``BrokenExport``
    with the line where reading on is impossible; all records before it are whole.
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
        yield from _records(element, scanner, timezone, with_comments)
    if not is_told:
        yield site


def _fill_site(site, element):
    name = SITE_FIELDS.get(element.name)
    if not name or not element.body or getattr(site, name):
        return
    try:
        texts, _done = _parsed_or_mended(element.body, _Texts)
    except expat.ExpatError:
        return
    setattr(site, name, texts.texts.get(element.name, "").strip())


def _records(element, scanner, timezone, with_comments):
    """Yield the record of an element and the remarks on it."""
    is_item = element.name == "item"
    what = _("item") if is_item else element.name.removeprefix("wp:")
    if element.body is None:
        text = _("left out, larger than the limit: %d MB") % (element.size >> 20)
        yield Remark(element.line, text, what, is_item)
        return
    try:
        found, done = _read(element, timezone, with_comments)
    except expat.ExpatError as error:
        text = _("left out, cannot be read: %s") % expat.ErrorString(error.code)
        yield Remark(element.line + error.lineno - 1, text, what, is_item)
        if is_item:
            scanner.resume_at_next_item(element)
        return
    if found is None:
        return
    title = getattr(found, "title", "") or getattr(found, "slug", "") or what
    yield from (Remark(element.line, _("mended: %s") % how, title, is_item) for how in done)
    yield found


def _read(element, timezone, with_comments):
    """Return the record and how it was mended."""
    if element.name == "item":
        return _item(element, timezone, with_comments)
    target, done = _parsed_or_mended(element.body, _Texts)
    return _term_or_author(element.name, target.texts), done


def _item(element, timezone, with_comments):
    def make_target():
        return ItemTarget(element.line, timezone)

    if not with_comments:
        bare = COMMENT.sub(b"", element.body)
        if not NEXT_ITEM.search(bare, 6):
            ids = COMMENT_ID.findall(element.body)
            try:
                item = _parsed(bare, make_target).finished()
            except expat.ExpatError:
                pass  # perhaps only without its comments: read as a whole
            else:
                item.highest_comment = max(map(int, ids), default=0)
                return item, ()
    target, done = _parsed_or_mended(element.body, make_target)
    return target.finished(), done


def _parsed_or_mended(body, make_target):
    """Return (filled target, what was mended); raise the parser's first error if nothing helps."""
    try:
        return _parsed(body, make_target), ()
    except expat.ExpatError as error:
        for repaired, done in repair_element(body):
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
            old_id=parse_integer(text("wp:author_id")),
            email=text("wp:author_email"),
            display_name=text("wp:author_display_name"),
            first_name=text("wp:author_first_name"),
            last_name=text("wp:author_last_name"),
        )
    old_id = parse_integer(text("wp:term_id"))
    taxonomy = text("wp:term_taxonomy")
    if kind == "wp:category" or taxonomy == "category":
        return Category(
            slug=decode_slug(text("wp:category_nicename", "wp:term_slug")),
            name=text("wp:cat_name", "wp:term_name"),
            parent=decode_slug(text("wp:category_parent", "wp:term_parent")),
            description=text("wp:category_description", "wp:term_description"),
            old_id=old_id,
        )
    if kind == "wp:tag" or taxonomy == "post_tag":
        return Tag(
            slug=decode_slug(text("wp:tag_slug", "wp:term_slug")),
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
