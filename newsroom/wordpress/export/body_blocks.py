"""The stored body of an article as blocks of WordPress's editor, which need nothing of ours.

Pictures, sound and films have their public addresses; captions say what the library adds. What no
block of WordPress holds becomes a block of plain HTML, which shows as it is.
"""

import json
import re
from dataclasses import dataclass, field
from html import escape
from itertools import groupby

from django.conf import settings
from django.utils.translation import gettext as _
from lxml.html.builder import E

from articles.body.embeds import find_embed
from articles.body.stored import read_file_id
from articles.recordings import name_player
from articles.web.addresses import build_absolute_url, build_path
from articles.web.html import parse_html
from newsroom.wordpress.export.body_html import (
    escape_shortcodes,
    serialize_element,
    unwrap_paragraph,
)
from newsroom.wordpress.export.footnote_list import NOTES, take_footnotes
from newsroom.wordpress.export.post_numbers import FILE, number_post
from newsroom.wordpress.wxr.vocabulary import OF_LIBRARY

ANCHOR = "at-"  # begins the ids of places in a stored body
# The services whose page WordPress embeds, by the name of our embeds: its name there.
PROVIDERS = {"YouTube": "youtube", "Vimeo": "vimeo", "X": "twitter"}
PHRASING = {
    *("a", "b", "br", "cite", "code", "em", "i", "math", "rp", "rt", "ruby", "s", "span"),
    *("strong", "sub", "sup"),
}
# What is in the JSON of a block must not end the comment that holds it.
JSON_ESCAPES = {"--": r"\u002d\u002d", "<": r"\u003c", ">": r"\u003e", "&": r"\u0026"}


@dataclass(slots=True)
class BlockContent:
    """The content of a post, and its footnotes as WordPress stores them beside it."""

    html: str
    footnotes: list = field(default_factory=list)


def build_content(body, files, address):
    """Return the ``BlockContent`` of a stored body. ``files`` are its pictures by primary key,
    ``address`` is that of the article."""
    root = parse_html(body)
    for link in root.iter("a"):
        link.set("href", convert_address(link.get("href", "")))
    for image in list(root.iter("img")):
        _fill_image(image, files)
    for figure in root.xpath(".//figure[not(.//img | .//table | .//blockquote)]"):
        figure.drop_tree()
    for element in root.xpath(f".//*[starts-with(@id, '{ANCHOR}')]"):
        element.set("id", element.get("id").removeprefix(ANCHOR))
    footnotes = take_footnotes(root, address)
    blocks = [E.p(root.text)] if (root.text or "").strip() else []
    for element in root:
        blocks.append(element)
        if (element.tail or "").strip():
            blocks.append(E.p(element.tail))
    runs = groupby(blocks, key=_is_picture)
    built = [_build_run(list(run), is_picture) for is_picture, run in runs]
    return BlockContent("\n\n".join(built), footnotes)


def convert_address(href):
    """Return an address in a body as one that leads to the same from another site: articles and
    files have their hosts. Other pages of this site keep their paths."""
    articles = build_path("articles:detail", "").rstrip("/") + "/"
    if href.startswith((articles, settings.MEDIA_URL)):
        href = build_absolute_url(href)
    if href.startswith((f"#{ANCHOR}", settings.SITE_URL)):
        href = href.replace(f"#{ANCHOR}", "#", 1)
    return href


def _fill_image(image, files):
    file = files.get(read_file_id(image))
    if not file:
        image.drop_tree()
        return
    alt, number = image.get("alt") or file.image_alt_text, number_post(FILE, file.pk)
    image.attrib.clear()
    image.set("src", build_absolute_url(file.image_file.url))
    image.set("alt", alt)
    image.set("class", f"wp-image-{number}")
    image.set("data-id", str(number))
    figure = next(image.iterancestors("figure"), None)
    if figure is not None:
        _fill_caption(figure, file)


def _fill_caption(figure, file):
    """Add what the library says to a caption, as the page of an article does, and mark it."""
    caption = figure.find("figcaption")
    own = caption is not None and caption.text_content().strip()
    credit = _("Credit: %(credit)s") % {"credit": file.copyright} if file.copyright else ""
    added = " ".join(filter(None, ["" if own else file.caption, credit]))
    if not added:
        return
    if caption is None:
        caption = E.figcaption()
        figure.append(caption)
    mark = E.span(added, {"class": OF_LIBRARY})
    if own and len(caption):
        caption[-1].tail = f"{caption[-1].tail or ''} "
    elif own:
        caption.text = f"{caption.text} "
    caption.append(mark)


def _is_picture(element):
    return element.tag == "figure" and len(element.xpath(".//img")) == 1


def _build_run(elements, are_pictures):
    """Return the blocks of elements that follow one another; pictures are a gallery."""
    if not are_pictures:
        return "\n\n".join(map(_build_block, elements))
    pictures = [_build_picture(element) for element in elements]
    if len(pictures) == 1:
        return pictures[0]
    inner = "\n\n".join(pictures)
    kind = "wp-block-gallery has-nested-images columns-default is-cropped"
    return _wrap("gallery", f'<figure class="{kind}">{inner}</figure>', linkTo="none")


def _build_picture(figure):
    image = figure.find(".//img")
    number = int(image.attrib.pop("data-id"))
    figure.set("class", "wp-block-image size-full")
    _mark_caption(figure)
    options = {"id": number, "sizeSlug": "full", "linkDestination": "none"}
    return _wrap("image", serialize_element(figure), **options)


def _build_block(element):
    for image in element.iter("img"):
        image.attrib.pop("data-id", None)
    build = _BUILDERS.get(element.tag)
    return build(element) if build else _wrap("html", serialize_element(element))


def _wrap(name, html, **options):
    """Return a block: its HTML between two comments."""
    code = ""
    if options:
        code = json.dumps(options, ensure_ascii=False, separators=(",", ":"))
        for text, escaped in JSON_ESCAPES.items():
            code = code.replace(text, escaped)
        code = f" {code}"
    return f"<!-- wp:{name}{code} -->\n{html}\n<!-- /wp:{name} -->"


def _mark_caption(figure):
    if (caption := figure.find("figcaption")) is not None:
        caption.set("class", "wp-element-caption")


def _build_paragraph(paragraph):
    link = paragraph[0] if len(paragraph) == 1 else None
    texts = [paragraph.text, *(child.tail for child in paragraph)]
    if link is not None and link.tag == "a" and not any((text or "").strip() for text in texts):
        address, words = link.get("href", ""), link.text_content().strip()
        is_bare = not len(link) and _bare(words) == _bare(address)
        embed = find_embed(address) if is_bare else None
        if embed and embed.service in PROVIDERS:
            return _build_embed(address, PROVIDERS[embed.service])
        media = build_absolute_url(settings.MEDIA_URL)
        if player := address.startswith(media) and name_player(address):
            return _build_player(player, address, "" if _is_same(words, address) else words)
    return _wrap("paragraph", serialize_element(paragraph))


def _bare(address):
    return re.sub(r"^https?://(?:www\.)?", "", address.strip())


def _is_same(words, address):
    return build_absolute_url(words) == address if words.startswith(("/", "http")) else False


def _build_embed(address, provider):
    """Return an embed: WordPress shows the page of an address on a line of its own."""
    kind = f"wp-block-embed is-provider-{provider} wp-block-embed-{provider}"
    line = escape(address, quote=False)
    html = f'<figure class="{kind}"><div class="wp-block-embed__wrapper">\n{line}\n</div></figure>'
    return _wrap("embed", html, url=address, providerNameSlug=provider, responsive=True)


def _build_player(player, address, words):
    source = escape(address)
    html = f'<{player} controls src="{source}"></{player}>'
    if words:
        caption = escape_shortcodes(escape(words, quote=False))
        html += f'<figcaption class="wp-element-caption">{caption}</figcaption>'
    return _wrap(player, f'<figure class="wp-block-{player}">{html}</figure>')


def _build_heading(heading):
    level = int(heading.tag[1])
    heading.set("class", "wp-block-heading")
    return _wrap("heading", serialize_element(heading), **({"level": level} if level != 2 else {}))


def _build_list(element):
    if element.get("class") == NOTES:
        return "<!-- wp:footnotes /-->"
    if not _is_plain_list(element):
        return _wrap("html", serialize_element(element))
    options, attributes = {}, ""
    if element.tag == "ol":
        options["ordered"] = True
        if (start := element.get("start")) is not None:
            options["start"], attributes = int(start), f' start="{start}"'
        if "reversed" in element.attrib:
            options["reversed"], attributes = True, f"{attributes} reversed"
    items = "".join(_wrap("list-item", f"<li>{_build_item(item)}</li>") for item in element)
    html = f'<{element.tag}{attributes} class="wp-block-list">{items}</{element.tag}>'
    return _wrap("list", html, **options)


def _build_item(item):
    """Return what is inside an item: its text, then the lists below it."""
    lists = [child for child in item if child.tag in {"ul", "ol"}]
    for child in lists:
        item.remove(child)
    return unwrap_paragraph(item) + "".join(map(_build_list, lists))


def _is_plain_list(element):
    """Whether WordPress's block holds a list: items with text, and lists as their last parts."""
    start = element.get("start", "1")
    if element.get("type") or not start.lstrip("-").isdecimal():
        return False
    return all(item.tag == "li" and not item.attrib and _is_plain_item(item) for item in element)


def _is_plain_item(item):
    lists = [child for child in item if child.tag in {"ul", "ol"}]
    texts = [child for child in item if child.tag not in {"ul", "ol"}]
    follow = list(item)[len(texts) :] == lists
    has_tail = any((child.tail or "").strip() for child in lists)
    is_text = all(child.tag in PHRASING for child in texts)
    is_paragraph = len(texts) == 1 and texts[0].tag == "p" and not texts[0].attrib
    is_paragraph = is_paragraph and not (item.text or "").strip()
    return follow and not has_tail and (is_text or is_paragraph) and all(map(_is_plain_list, lists))


def _build_quote(quote):
    if not all(child.tag == "p" and not child.attrib for child in quote):
        return _wrap("html", serialize_element(quote))
    if (quote.text or "").strip():
        return _wrap("html", serialize_element(quote))
    inner = "\n\n".join(_wrap("paragraph", serialize_element(child)) for child in quote)
    return _wrap("quote", f'<blockquote class="wp-block-quote">{inner}</blockquote>')


def _build_code(element):
    has_code = len(element) == 1 and element[0].tag == "code" and not element.text
    name = "code" if has_code and not element[0].tail else "preformatted"
    element.set("class", f"wp-block-{name}")
    return _wrap(name, serialize_element(element))


def _build_rule(element):
    return _wrap("separator", '<hr class="wp-block-separator has-alpha-channel-opacity"/>')


def _build_table(table, caption=None):
    own = table.find("caption")
    if own is not None:
        own.drop_tree()
        caption = own if caption is None else caption
    for cell in table.xpath(".//td | .//th"):
        if alignment := cell.get("class", "").removeprefix("align-"):
            cell.set("class", f"has-text-align-{alignment}")
            cell.set("data-align", alignment)
        paragraphs = list(cell)
        if len(paragraphs) == 1 and paragraphs[0].tag == "p" and not paragraphs[0].attrib:
            paragraphs[0].drop_tag()
    html = serialize_element(table)
    if caption is not None:
        html += f'<figcaption class="wp-element-caption">{unwrap_paragraph(caption)}</figcaption>'
    html = f'<figure class="wp-block-table">{html}</figure>'
    is_plain = all(child.tag in PHRASING for cell in table.xpath(".//td | .//th") for child in cell)
    return _wrap("table" if is_plain else "html", html)


def _build_figure(figure):
    table = figure.find("table")
    if table is None or figure.xpath(".//img"):
        _mark_caption(figure)
        return _wrap("html", serialize_element(figure))
    return _build_table(table, figure.find("figcaption"))


_BUILDERS = {
    "p": _build_paragraph,
    **dict.fromkeys(("h2", "h3", "h4"), _build_heading),
    **dict.fromkeys(("ul", "ol"), _build_list),
    "blockquote": _build_quote,
    "pre": _build_code,
    "hr": _build_rule,
    "table": _build_table,
    "figure": _build_figure,
}
