"""Writes elements of WXR: valid XML for any text."""

import json
from datetime import UTC
from html import escape
from urllib.parse import quote

from django.utils import timezone

from articles.web.html import remove_unprintable
from newsroom.wordpress.wxr.vocabulary import NO_DATE, OWN_PREFIX


def build_element(name, value, attributes=""):
    """Return an element that holds a number, an address or a plain word."""
    text = escape(remove_unprintable(str(value)), quote=False)
    return f"<{name}{attributes}>{text}</{name}>\n"


def build_section(name, text, attributes=""):
    """Return an element that holds any text, in CDATA."""
    text = remove_unprintable(str(text)).replace("]]>", "]]]]><![CDATA[>")
    return f"<{name}{attributes}><![CDATA[{text}]]></{name}>\n"


def build_meta(key, value, element="wp:postmeta"):
    """Return a pair of meta; none for an empty value."""
    if value in ("", None):
        return ""
    parts = build_section("wp:meta_key", key) + build_section("wp:meta_value", value)
    return f"<{element}>\n{parts}</{element}>\n"


def build_own_meta(name, value, element="wp:postmeta"):
    """Return a pair of meta of our own, whose value is JSON; none for an empty one."""
    code = json.dumps(value, ensure_ascii=False, default=_encode_value) if value else ""
    return build_meta(OWN_PREFIX + name, code, element)


def _encode_value(value):
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def build_term(domain, slug, name):
    """Return a category, tag or other term of an item."""
    nicename = escape(encode_slug(slug))
    return build_section("category", escape_text(name), f' domain="{domain}" nicename="{nicename}"')


def build_dates(name, moment, undated=None):
    """Return a moment as two elements, in the time of the site and in GMT. Without one there is
    only the local time of another, as WordPress has it for a draft."""
    local, universal = _format(moment or undated, timezone.get_default_timezone()), NO_DATE
    if moment:
        universal = _format(moment, UTC)
    return build_section(name, local) + build_section(f"{name}_gmt", universal)


def _format(moment, zone):
    return f"{moment.astimezone(zone):%Y-%m-%d %H:%M:%S}" if moment else NO_DATE


def escape_text(text):
    """Return plain text as WordPress stores titles and names: as HTML."""
    return escape(str(text), quote=False)


def encode_slug(slug):
    """Return a slug as WordPress stores it."""
    return quote(slug).lower()
