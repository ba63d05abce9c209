"""HTML from elsewhere as the HTML of an article: it says the same in the elements of a body.

Pastes come through the same rules in the editor (``static/admin_newsroom/body/convert.js``).
"""

import re

import nh3
from lxml.html.builder import E

from articles.body import formulas
from articles.body.inline_styles import resolve_styles
from articles.body.link_targets import clean_target
from articles.web.html import parse_html, serialize_html

# The elements that the rules read; the others are dropped, their texts are not.
TAGS = {
    *("article", "aside", "section", "header", "footer", "main", "nav", "div", "address", "span"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "pre", "blockquote", "ul", "ol", "li"),
    *("dl", "dt", "dd", "figure", "figcaption", "table", "caption", "thead", "tbody", "tfoot"),
    *("tr", "th", "td", "img", "iframe", "a", "b", "strong", "i", "em", "dfn", "var", "s"),
    *("strike", "del", "sub", "sup", "code", "kbd", "samp", "tt", "cite", "q", "ruby", "rb", "rt"),
    *("rp", "rtc", "u", "ins", "mark", "font", "small", "big", "details", "summary", "video"),
    *("audio", "source", *formulas.ELEMENTS),
}
ATTRIBUTES = {
    "*": {"style", "class", "hidden"},
    "a": {"href", "title"},
    "img": {"src", "alt", "width", "height", "data-file"},
    **dict.fromkeys(("iframe", "video", "audio", "source"), {"src"}),
    "ol": {"start", "type", "reversed"},
    "li": {"id", "value"},
    **dict.fromkeys(("h2", "h3", "h4", "p"), {"id"}),
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    **dict.fromkeys(formulas.ELEMENTS, formulas.ATTRIBUTES),
}
PLAYERS = (
    (
        r"https?://(?:www\.)?youtube(?:-nocookie)?\.com/embed/([\w-]+)",
        "https://www.youtube.com/watch?v=",
    ),
    (r"https?://player\.vimeo\.com/video/(\d+)", "https://vimeo.com/"),
    (r"https?://embed\.nicovideo\.jp/watch/(\w+)", "https://www.nicovideo.jp/watch/"),
)
BOXES = ("div", "section", "article", "aside", "header", "footer", "main", "nav", "address")
BLOCKS = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "blockquote", "figure"),
    *("pre", "hr", "img", "iframe", "video", "audio", *BOXES),
}
SMILEYS = {"wp-smiley", "emoji"}
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")

_CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    clean_content_tags={
        *("script", "style", "template", "noscript", "select", "textarea", "svg", "button"),
        *formulas.DROPPED,
    },
    url_schemes={"http", "https", "mailto", "tel", "data"},
    link_rel=None,
)


def convert_foreign(html):
    """Return HTML without style attributes, hidden texts, wrapped links and players.

    The result is not safe yet; ``sanitize_body`` cleans it.
    """
    root = parse_html(_CLEANER.clean(html))
    formulas.reduce_formulas(root)
    resolve_styles(root)
    for box in reversed(list(root.iter(*BOXES))):
        _divide_box(box)
    for inner in root.xpath(".//ul/ul | .//ul/ol | .//ol/ul | .//ol/ol"):
        before = inner.getprevious()
        if before is not None and before.tag == "li":
            before.append(inner)
    _lower_headings(root)
    for link in root.xpath(".//a[@href]"):
        link.set("href", clean_target(link.get("href")))
    for player in root.xpath(".//iframe | .//video | .//audio"):
        _replace_player(player)
    for smiley in root.xpath(".//img[@class]"):
        if not SMILEYS.isdisjoint(smiley.get("class").split()):
            smiley.addprevious(E.span(smiley.get("alt", "")))
            smiley.drop_tree()
    for summary in root.iter("summary"):
        summary.tag = "strong"
        summary.addprevious(box := E.p())
        box.append(summary)
    for figure in root.xpath(".//figure[.//figure or not(.//img or .//table or .//blockquote)]"):
        for caption in figure.findall("figcaption"):
            caption.tag = "p"
        figure.drop_tag()
    for ruby in root.xpath(".//ruby"):
        divide_ruby(ruby)
    for quote in root.xpath(".//q"):
        quote.text = f"“{quote.text or ''}"
        quote.append(E.span("”"))
    return serialize_html(root)


def _divide_box(box):
    """Make a paragraph of a box that holds only text; take away any other."""
    if box.getparent() is None:
        return
    is_block = any(child.tag in BLOCKS for child in box.iterdescendants())
    if is_block or not box.text_content().strip():
        box.drop_tag()
    else:
        box.tag = "p"


def _lower_headings(root):
    """One heading of the first level at the top is the title of a page; several are sections."""
    headings = list(root.iter(*HEADINGS))
    tops = [heading for heading in headings if heading.tag == "h1"]
    is_title = len(tops) == 1 and headings[0] is tops[0]
    down = 1 if tops and not is_title else 0
    for heading in headings:
        heading.tag = f"h{min(max(int(heading.tag[1]) + down, 2), 4)}"


def find_player_page(address):
    """Return the address of the page that shows what a player plays, or the address itself."""
    for pattern, page in PLAYERS:
        if match := re.match(pattern, address):
            return page + match[1]
    return address


def _replace_player(player):
    """Replace a player with a link to the page that shows what it plays."""
    addresses = player.xpath("self::*/@src | source/@src")
    address = addresses[0] if addresses else ""
    address = f"https:{address}" if address.startswith("//") else address
    address = clean_target(find_player_page(address))
    if address.startswith(("http://", "https://")):
        parent = player.getparent()
        link = E.a(address, href=address)
        player.addprevious(link if parent.tag == "p" else E.p(link))
    player.text = None
    player.drop_tree()


def divide_ruby(ruby):
    """Give each word with a reading a ``ruby`` of its own, with parentheses for plain text."""
    bases, readings = [""], []
    for text, kind in _read_ruby(ruby):
        if kind in {"rt", "rtc"}:
            readings.append(text)
        elif kind == "rb" and bases[-1] or len(bases) == len(readings):
            bases.append(text)
        else:
            bases[-1] += text
    pairs = [(base, readings[at] if at < len(readings) else "") for at, base in enumerate(bases)]
    box = E.span()
    for base, reading in pairs:
        if reading:
            box.append(E.ruby(base, E.rp("（"), E.rt(reading), E.rp("）")))
        elif base:
            box.append(E.span(base))
    ruby.addprevious(box)
    ruby.drop_tree()
    for part in (*box.findall("span"), box):
        part.drop_tag()


def _read_ruby(ruby):
    """Yield (text, tag) of the parts of a ``ruby``, without the parentheses."""
    if ruby.text and ruby.text.strip():
        yield ruby.text.strip(), ""
    for part in ruby:
        if part.tag != "rp" and (text := "".join(part.text_content().split())):
            yield text, part.tag if part.tag in {"rb", "rt", "rtc"} else ""
        if part.tail and part.tail.strip():
            yield part.tail.strip(), ""
