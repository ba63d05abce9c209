"""Reads a WordPress export (WXR 1.1 and 1.2) as a stream of records.

``read_records`` yields a ``Site``, then ``Author``, ``Category``, ``Tag``, ``OtherTerm`` and
``Item`` in the order of the file, and a ``Remark`` on everything repaired or left out. Memory is
bounded by the largest single item (64 MB; a larger one is left out).
"""

import re
from contextlib import suppress
from xml.etree.ElementTree import TreeBuilder
from xml.parsers import expat

from django.utils.translation import gettext as _

from newsroom.wordpress.wxr.items import Texts, build_item, decode_slug, parse_integer
from newsroom.wordpress.wxr.records import Author, Category, OtherTerm, Remark, Site, Tag
from newsroom.wordpress.wxr.scan import CHANNEL_LEAVES, NEXT_ITEM
from newsroom.wordpress.wxr.xml_repair import repair_element

SITE_FIELDS = {
    "link": "link",
    "generator": "generator",
    "wp:base_blog_url": "base_url",
    "wp:base_site_url": "network_url",
}
COMMENT = re.compile(rb"<wp:comment>[^<]*+(?:<(?!/?wp:comment>)[^<]*+)*+</wp:comment>\s*+")
COMMENT_ID = re.compile(rb"<wp:comment_id>(?:<!\[CDATA\[)?(\d{1,18})")


def read_records(scanner, *, timezone, with_comments=True):
    """Yield the records of the export that a ``Scanner`` reads.

    ``timezone`` applies to dates that the export gives in local time only. Without comments,
    reading is much faster; items then hold only the highest id of their comments. Raises
    ``BrokenExport`` with the line after which nothing can be read; all records before are whole.
    """
    site = Site()
    is_yielded = False
    for element in scanner:
        if element.name in CHANNEL_LEAVES:
            _set_site_field(site, element)
        elif element.name != "image":
            if not is_yielded:
                yield site
                is_yielded = True
            yield from _read_element(element, scanner, timezone, with_comments)
    if not is_yielded:
        yield site


def _set_site_field(site, element):
    name = SITE_FIELDS.get(element.name)
    if not name or not element.body or getattr(site, name):
        return
    with suppress(expat.ExpatError):
        root, _repairs = _parse_or_repair(element.body)
        setattr(site, name, "".join(root.itertext()).strip())


def _read_element(element, scanner, timezone, with_comments):
    """Yield the record of an element and the remarks on it."""
    is_item = element.name == "item"
    what = _("item") if is_item else element.name.removeprefix("wp:")
    if element.body is None:
        text = _("skipped, too large: %d MB") % (element.size >> 20)
        yield Remark(element.line, text, what, is_item)
        return
    try:
        if is_item:
            record, repairs = _read_item(element, timezone, with_comments)
        else:
            root, repairs = _parse_or_repair(element.body)
            record = _build_term_or_author(element.name, Texts(root).read)
    except expat.ExpatError as error:
        text = _("skipped, cannot be read: %s") % expat.ErrorString(error.code)
        yield Remark(element.line + error.lineno - 1, text, what, is_item)
        if is_item:
            scanner.resume_at_next_item(element)
        return
    title = getattr(record, "title", "") or getattr(record, "slug", "") or what
    yield from (Remark(element.line, _("repaired: %s") % how, title, is_item) for how in repairs)
    yield record


def _read_item(element, timezone, with_comments):
    """Return the item and how its XML was repaired."""
    if not with_comments:
        bare = COMMENT.sub(b"", element.body)
        if not NEXT_ITEM.search(bare, 6):
            ids = COMMENT_ID.findall(element.body)
            with suppress(expat.ExpatError):  # it may only parse with its comments
                item = build_item(_parse(bare), element.line, timezone)
                item.highest_comment = max(map(int, ids), default=0)
                return item, ()
    root, repairs = _parse_or_repair(element.body)
    return build_item(root, element.line, timezone), repairs


def _parse_or_repair(body):
    """Return (root of an element, repairs); raises the first error if no repair helps."""
    try:
        return _parse(body), ()
    except expat.ExpatError as error:
        for repaired, repairs in repair_element(body):
            with suppress(expat.ExpatError):
                return _parse(repaired), repairs
        raise error


def _parse(body):
    """Return the root of an element. Names keep their prefixes, which an item does not declare.

    There are no entities, as an element holds no DTD.
    """
    builder = TreeBuilder()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    parser.Parse(body, True)
    return builder.close()


def _build_term_or_author(kind, read):
    if kind == "wp:author":
        return Author(
            login=read("wp:author_login"),
            old_id=parse_integer(read("wp:author_id")),
            email=read("wp:author_email"),
            display_name=read("wp:author_display_name"),
            first_name=read("wp:author_first_name"),
            last_name=read("wp:author_last_name"),
        )
    old_id = parse_integer(read("wp:term_id"))
    taxonomy = read("wp:term_taxonomy")
    if kind == "wp:category" or taxonomy == "category":
        return Category(
            slug=decode_slug(read("wp:category_nicename", "wp:term_slug")),
            name=read("wp:cat_name", "wp:term_name"),
            parent=decode_slug(read("wp:category_parent", "wp:term_parent")),
            description=read("wp:category_description", "wp:term_description"),
            old_id=old_id,
        )
    if kind == "wp:tag" or taxonomy == "post_tag":
        return Tag(
            slug=decode_slug(read("wp:tag_slug", "wp:term_slug")),
            name=read("wp:tag_name", "wp:term_name"),
            old_id=old_id,
        )
    return OtherTerm(
        taxonomy=taxonomy,
        slug=decode_slug(read("wp:term_slug")),
        name=read("wp:term_name"),
        parent=decode_slug(read("wp:term_parent")),
        description=read("wp:term_description"),
        old_id=old_id,
    )
