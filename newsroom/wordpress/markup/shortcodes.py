"""Shortcodes like ``[caption]`` become HTML; unknown ones leave their inner text.

Only what surely is a shortcode is touched: a known name, a pair ``[name]…[/name]``, or a tag with
attributes. Other words in brackets are the writer's own.
"""

import re
from html import escape, unescape

from django.utils.translation import gettext as _

TOKEN = re.compile(
    r"<!--.*?-->|<(?P<verbatim>pre|code|script|style)\b.*?</(?P=verbatim)\s*>|</?[A-Za-z][^>]*>"
    r"|\[(?P<escaped>\[)?(?P<closes>/)?(?P<name>[A-Za-z][A-Za-z0-9_-]*)"
    r"(?P<attributes>(?:\s[^\]]*?)?)(?P<empty>/)?\](?(escaped)\])",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(
    r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|'([^']*)'|(\S+)"""
)
NAMED_ATTRIBUTE = re.compile(r"\s+[\w-]+\s*=")
PICTURE = re.compile(r"((?:<a\s[^>]*>\s*)?<img\s[^>]*>(?:\s*</a>)?)(.*)", re.DOTALL)
SOURCES = ("src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "flac", "wmv", "flv")
LINKS = ("url", "href", "link")
KNOWN = {"caption", "wp_caption", "gallery", "embed", "video", "audio", "playlist", "toc"}
DEEPEST = 12


def expanded(html, surroundings, depth=0):
    """Return HTML whose shortcodes have become HTML."""
    tokens = list(TOKEN.finditer(html))
    partners = _partners(tokens)
    pieces = []
    position = 0
    for index, token in enumerate(tokens):
        if token["name"] is None or token.start() < position:
            continue
        if token["escaped"]:
            replacement, end = token[0][1:-1], token.end()
        elif index in partners:
            closing = tokens[partners[index]]
            inner = html[token.end() : closing.start()]
            if depth < DEEPEST:
                inner = expanded(inner, surroundings, depth + 1)
            replacement, end = _rendered(token, inner, surroundings), closing.end()
        elif _is_shortcode(token):
            replacement, end = _rendered(token, "", surroundings), token.end()
        else:
            continue
        pieces += (html[position : token.start()], replacement)
        position = end
    pieces.append(html[position:])
    return "".join(pieces)


def _partners(tokens):
    """Return the index of the closing tag for the index of every opening tag that has one."""
    partners = {}
    opened = []
    for index, token in enumerate(tokens):
        if token["name"] is None or token["escaped"] or token["empty"]:
            continue
        if not token["closes"]:
            opened.append(index)
            continue
        for place in range(len(opened) - 1, max(-1, len(opened) - 100), -1):
            if tokens[opened[place]]["name"] == token["name"]:
                partners[opened[place]] = index
                del opened[place:]
                break
    return partners


def _is_shortcode(token):
    name = token["name"]
    return bool(
        name in KNOWN
        or token["closes"]
        or token["empty"]
        or NAMED_ATTRIBUTE.match(token["attributes"])
        or (name.islower() and ("_" in name or "-" in name) and not token["attributes"].strip())
    )


def attributes_of(text):
    """Return the named attributes of a shortcode, the nameless ones under their place."""
    found = {}
    for match in ATTRIBUTE.finditer(text.replace("\xa0", " ")):
        name, *values = match.groups()
        value = next((value for value in values if value is not None), "")
        found[name.lower() if name else len(found)] = unescape(value)
    return found


def _rendered(token, inner, surroundings):
    name = token["name"].lower()
    attributes = attributes_of(token["attributes"])
    if name in {"caption", "wp_caption"}:
        return _captioned(inner, attributes.get("caption", ""))
    if name == "gallery":
        return _gallery(attributes, surroundings)
    if name == "embed":
        return _own_line(inner.strip() or attributes.get("src", ""))
    if name in {"audio", "video"}:
        return _player(attributes, inner)
    if name == "playlist":
        urls = map(surroundings.attachment_url, _ids(attributes.get("ids", "")))
        return "".join(_own_line(url) for url in urls if url)
    if name == "toc":
        return ""
    if inner.strip():
        surroundings.remark(_("shortcode [%s]: only its text kept") % name)
        return inner
    if not token["closes"]:
        surroundings.remark(_("shortcode [%s] left out") % name)
    return _linked(attributes)


def _captioned(inner, caption):
    match = PICTURE.search(inner)
    if not match:
        return inner
    text = caption or match[2].strip()
    figcaption = f"<figcaption>{text}</figcaption>" if text else ""
    return f"{inner[: match.start()]}<figure>{match[1]}{figcaption}</figure>"


def _gallery(attributes, surroundings):
    chosen = _ids(str(attributes.get("ids") or attributes.get("include") or ""))
    left_out = _ids(str(attributes.get("exclude", "")))
    ids = chosen or [old_id for old_id in surroundings.gallery() if old_id not in left_out]
    figures = []
    for old_id in ids:
        url = escape(surroundings.attachment_url(old_id))
        figures.append(f'<figure><img class="wp-image-{old_id}" src="{url}" alt=""></figure>')
    return "".join(figures)


def _ids(text):
    return [int(part) for part in re.findall(r"\d{1,18}", text, re.ASCII)]


def _player(attributes, inner):
    sources = [attributes[name] for name in SOURCES if attributes.get(name)]
    nameless = [value for key, value in attributes.items() if isinstance(key, int)]
    urls = [value for value in (*sources, *nameless) if value.startswith(("http", "/"))]
    return _own_line(urls[0]) if urls else inner


def _linked(attributes):
    """Return the link of a shortcode that stands for one, like the cards of many themes."""
    urls = (attributes.get(name, "") for name in LINKS)
    return next((_own_line(url) for url in urls if url.startswith("http")), "")


def _own_line(url):
    return f"<p>{escape(url.strip())}</p>" if url.strip() else ""
