"""Shortcodes like ``[caption]`` become HTML; of unknown ones only the inner text remains.

A shortcode is a known name, a pair ``[name]…[/name]``, or a tag with attributes. Other words in
brackets are text.
"""

import re
from html import escape

from django.utils.translation import gettext as _

from newsroom.importing.character_references import unescape_references
from newsroom.wordpress.markup.autop import COMMENT
from newsroom.wordpress.markup.conversion_context import PLUGIN_NOTE
from newsroom.wordpress.markup.galleries import convert_gallery, parse_ids

TOKEN = re.compile(
    rf"{COMMENT}"
    r"|<(?P<verbatim>pre|code|script|style)\b[^<]*+(?:<(?!/?(?P=verbatim)\b)[^<]*+)*+</(?P=verbatim)\s*+>"
    r"|</?[A-Za-z][^<>]*+>"
    r"|\[(?P<escaped>\[)?(?P<closes>/)?(?P<name>[A-Za-z][A-Za-z0-9_-]*+)"
    r"(?P<attributes>(?:[\s=][^\[\]]*?)?)(?P<empty>/)?\](?(escaped)\])",
    re.DOTALL | re.IGNORECASE,
)
ATTRIBUTE = re.compile(
    r"""([\w-]+)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+))|"([^"]*)"|'([^']*)'|(\S+)"""
)
NAMED_ATTRIBUTE = re.compile(r"\s+[\w-]+\s*=")
PICTURE = re.compile(r"((?:<a\s[^<>]*+>\s*+)?<img\s[^<>]*+>(?:\s*</a>)?)(.*)", re.DOTALL)
SOURCES = ("src", "mp4", "m4v", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "flac", "wmv", "flv")
LINKS = ("url", "href", "link")
KNOWN = {
    *("caption", "wp_caption", "gallery", "embed", "video", "audio", "playlist", "toc"),
    *("youtube", "embedyt", "vimeo", "niconico", "latex", "tex", "math"),
}
# Services whose shortcode names the page that plays a video, or its id.
SERVICES = {
    "youtube": "https://www.youtube.com/watch?v=",
    "embedyt": "https://www.youtube.com/watch?v=",
    "vimeo": "https://vimeo.com/",
    "niconico": "https://www.nicovideo.jp/watch/",
}
FORMULAS = {"latex", "tex", "math"}
NOTES = {"ref", "fn", "footnote", "efn_note", "mfn", "easy-footnote", "simple_footnote"}
VIDEO_ID = re.compile(r"[\w-]{5,20}", re.ASCII)
DEEPEST = 12


def expand_shortcodes(html, context, depth=0):
    """Return HTML with its shortcodes replaced by HTML."""
    tokens = list(TOKEN.finditer(html))
    partners = _pair_tags(tokens)
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
                inner = expand_shortcodes(inner, context, depth + 1)
            replacement, end = _convert_shortcode(token, inner, context), closing.end()
        elif _is_shortcode(token):
            replacement, end = _convert_shortcode(token, "", context), token.end()
        else:
            continue
        pieces += (html[position : token.start()], replacement)
        position = end
    pieces.append(html[position:])
    return "".join(pieces)


def _pair_tags(tokens):
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


def parse_attributes(text):
    """Return the attributes of a shortcode by name, those without one by position."""
    attributes = {}
    for name, *values in ATTRIBUTE.findall(text.replace("\xa0", " ")):
        attributes[name.lower() or len(attributes)] = unescape_references("".join(values))
    return attributes


def _convert_shortcode(token, inner, context):
    name = token["name"].lower()
    attributes = parse_attributes(token["attributes"])
    if name in {"caption", "wp_caption"}:
        return _convert_caption(inner, attributes.get("caption", ""))
    if name == "gallery":
        return convert_gallery(attributes, context)
    if name == "embed":
        return _build_line(inner.strip() or attributes.get("src", ""))
    if name in {"audio", "video"}:
        return _convert_player(attributes, inner)
    if name == "playlist":
        urls = map(context.find_attachment_url, parse_ids(attributes.get("ids")))
        return "".join(_build_line(url) for url in urls if url)
    if name == "toc":
        return ""
    if name in SERVICES and (address := _find_video(SERVICES[name], attributes, inner)):
        return _build_line(address)
    if name in FORMULAS and inner.strip():
        context.remark(_("formula: its source remains as text"))
        return f"<code>{escape(inner.strip(), quote=False)}</code>"
    if name in NOTES and inner.strip():
        number = context.add_note(inner.strip())
        return f'<sup><a href="#{PLUGIN_NOTE}{number}">{number}</a></sup>'
    if inner.strip():
        context.remark(_("shortcode [%s] replaced with its text") % name)
        return _convert_box(attributes, inner)
    if not token["closes"]:
        context.remark(_("shortcode [%s] skipped") % name)
    return _convert_link(attributes)


def _convert_caption(inner, caption):
    match = PICTURE.search(inner)
    if not match:
        return inner
    text = caption or match[2].strip()
    figcaption = f"<figcaption>{text}</figcaption>" if text else ""
    return f"{inner[: match.start()]}<figure>{match[1]}{figcaption}</figure>"


def _convert_player(attributes, inner):
    sources = [attributes[name] for name in SOURCES if attributes.get(name)]
    nameless = [value for key, value in attributes.items() if isinstance(key, int)]
    urls = [value for value in (*sources, *nameless) if value.startswith(("http", "/"))]
    return _build_line(urls[0]) if urls else inner


def _find_video(page, attributes, inner):
    """Return the address of the page of a video, or an empty string."""
    values = [inner.strip(), *attributes.values()]
    for value in (value.lstrip("=") for value in values):
        if value.startswith(("http://", "https://")):
            return value
        if VIDEO_ID.fullmatch(value):
            return page + value
    return ""


def _convert_box(attributes, inner):
    """Return the text of a box, a toggle or a button with its title or its link."""
    link = next((attributes[name] for name in LINKS if attributes.get(name)), "")
    if link.startswith(("http", "/")) and "<a" not in inner:
        return f'<p><a href="{escape(link)}">{inner}</a></p>'
    title = attributes.get("title", "")
    return f"<p><strong>{escape(title)}</strong></p>{inner}" if title else inner


def _convert_link(attributes):
    """Return the link in the attributes of a shortcode, like the cards of many themes."""
    urls = (attributes.get(name, "") for name in LINKS)
    return next((_build_line(url) for url in urls if url.startswith("http")), "")


def _build_line(url):
    return f"<p>{escape(url.strip())}</p>" if url.strip() else ""
