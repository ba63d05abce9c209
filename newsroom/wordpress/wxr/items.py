"""Builds the record of an item from its XML element."""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import unquote

from articles.web.html import remove_unprintable
from articles.web.paging import read_integer
from newsroom.wordpress.wxr import vocabulary
from newsroom.wordpress.wxr.records import MENTIONS, Comment, Item, Term

# Elements that hold elements; all others hold text.
GROUPS = {"wp:comment", "wp:commentmeta", "wp:postmeta", "wp:termmeta"}


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


# Such as %%title%%, %sitename%, #post_title
VARIABLE = re.compile(r"%%?[a-z_]+(?:\([^)%]*\))?%%?|#[a-z]+_[a-z_]+")


def _read_first(meta, keys):
    return next((meta[key] for key in keys if meta.get(key)), "")


def _drop_variables(text):
    """Return a text, but nothing for a pattern that the plugin fills in by itself."""
    return "" if VARIABLE.search(text) else text.strip()


def decode_slug(slug):
    """Return a slug without percent-encoding and unprintable characters."""
    return remove_unprintable(unquote(slug))


class Texts(dict):
    """The texts inside an element by the names of the elements that hold them."""

    def __init__(self, element):
        super().__init__(
            (child.tag, "".join(child.itertext()) if len(child) else child.text or "")
            for child in element
            if child.tag not in GROUPS
        )

    def read(self, *names):
        """Return the first text that is not empty, stripped."""
        return next((self[name].strip() for name in names if self.get(name)), "")


def build_item(element, line, timezone):
    """Return the item of an element with its comments."""
    texts = Texts(element)
    read = texts.read
    meta = dict(_list_meta(element, "wp:postmeta"))
    seo = {name: _read_first(meta, keys) for name, keys in vocabulary.SEO.items()}
    comments = [_build_comment(child, timezone) for child in _select(element, "wp:comment")]
    return Item(
        line=line,
        old_id=parse_integer(read("wp:post_id")),
        type=texts.get("wp:post_type", "post").strip(),
        status=texts.get("wp:status", "publish").strip(),
        title=read("title"),
        slug=decode_slug(read("wp:post_name")),
        link=read("link"),
        guid=read("guid"),
        author=read("dc:creator"),
        published_at=_read_date(texts, "wp:post_date", timezone) or _read_pub_date(texts),
        modified_at=parse_date(read("wp:post_modified_gmt"), UTC),
        content=texts.get("content:encoded", ""),
        excerpt=texts.get("excerpt:encoded", ""),
        has_password=bool(read("wp:post_password")),
        sticky=read("wp:is_sticky") == "1",
        parent=parse_integer(read("wp:post_parent")),
        comments_open=texts.get("wp:comment_status", "open").strip() == "open",
        attachment_url=read("wp:attachment_url"),
        thumbnail=parse_integer(meta.get(vocabulary.THUMBNAIL, "")),
        main_category=parse_integer(seo["main_category"]),
        seo_title=_drop_variables(seo["title"]),
        seo_description=_drop_variables(seo["description"]),
        has_seo_pattern=any(VARIABLE.search(seo[name]) for name in ("title", "description")),
        card_image=parse_integer(seo["image"]),
        series_number=parse_integer(meta.get(vocabulary.SERIES_PART, "")),
        alt=meta.get(vocabulary.IMAGE_ALT, ""),
        credit=meta.get(vocabulary.MEDIA_CREDIT, ""),
        attached_file=meta.get(vocabulary.ATTACHED_FILE, ""),
        footnotes=meta.get(vocabulary.FOOTNOTES, ""),
        rule=(meta.get(vocabulary.RULE_FROM, ""), meta.get(vocabulary.RULE_TO, "")),
        own=_read_own(meta),
        old_slugs=[
            decode_slug(value)
            for key, value in _list_meta(element, "wp:postmeta")
            if key == vocabulary.OLD_SLUG and value
        ],
        terms=list(_list_terms(element)),
        comments=comments,
        highest_comment=max((comment.old_id for comment in comments), default=0),
    )


def _build_comment(element, timezone):
    """Return the comment of an element, without the address, mail and agent of its writer."""
    texts = Texts(element)
    kind = texts.read("wp:comment_type") or "comment"
    meta = dict(_list_meta(element, "wp:commentmeta"))
    own = _read_own(meta).get(vocabulary.COMMENT)
    return Comment(
        old_id=parse_integer(texts.read("wp:comment_id")),
        parent=parse_integer(texts.read("wp:comment_parent")),
        author=texts.read("wp:comment_author"),
        date=_read_date(texts, "wp:comment_date", timezone),
        approved=texts.read("wp:comment_approved"),
        type=kind,
        content=texts.get("wp:comment_content", ""),
        user_id=parse_integer(texts.read("wp:comment_user_id")),
        url=texts.read("wp:comment_author_url") if kind in MENTIONS else "",
        meta={
            key: parse_integer(text)
            for key, text in meta.items()
            if parse_integer(text) or text == "0"
        },
        own=own if isinstance(own, dict) else {},
    )


def _read_own(meta):
    """Return what an export of ours says in meta of its own, by name: lists and dicts."""
    own = {}
    for key, text in meta.items():
        if key.startswith(vocabulary.OWN_PREFIX):
            with suppress(ValueError, RecursionError):
                value = json.loads(text)
                if isinstance(value, list | dict) and _is_storable(value):
                    own[key.removeprefix(vocabulary.OWN_PREFIX)] = value
    return own


def _is_storable(value):
    """Whether every database takes the texts in JSON, which may hold NUL; raises a ValueError for
    half of a character."""
    text = json.dumps(value, ensure_ascii=False)
    text.encode()
    return r"\u0000" not in text


def _select(element, name):
    return (child for child in element if child.tag == name)


def _list_meta(element, name):
    """Yield (key, value) of the meta of an item or comment."""
    for texts in map(Texts, _select(element, name)):
        yield texts.get("wp:meta_key", ""), texts.read("wp:meta_value")


def _list_terms(element):
    for child in _select(element, "category"):
        slug, domain = decode_slug(child.get("nicename", "")), child.get("domain", "")
        if slug and domain:
            name = "".join(child.itertext()).strip()
            yield Term("post_tag" if domain == "tag" else domain, slug, name)


def _read_date(texts, name, timezone):
    return parse_date(texts.read(f"{name}_gmt"), UTC) or parse_date(texts.read(name), timezone)


def _read_pub_date(texts):
    """Return the date of the feed's own element, which other programs write alone, or None."""
    with suppress(ValueError, TypeError, OverflowError):
        date = parsedate_to_datetime(texts.read("pubDate"))
        date = date if date.tzinfo else date.replace(tzinfo=UTC)
        return date.astimezone(UTC) if 1000 <= date.year < 9999 else None
    return None
