"""The cards of Ghost's editor, as the plain HTML that an article can hold.

A card is a figure or div of class ``kg-…-card``. Its players, icons and buttons are drawn by a
script of Ghost: without it, they are words and signs that mean nothing.
"""

from lxml import etree
from lxml.builder import E

from articles.web.html import parse_html, serialize_html

CARD = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
DRAWN = ("button", "svg", "input")
OWN_HTML = "kg-html-card"  # what the author wrote
STARS = "kg-product-card-rating"


def simplify_cards(html):
    """Return (HTML with plain elements instead of cards, number of sign-up forms left out)."""
    if "kg-" not in html:
        return html, 0
    try:
        root = parse_html(html)
    except etree.ParserError:  # nothing but comments
        return "", 0
    forms = _find(root, "kg-signup-card")
    for form in forms:
        _drop(form)
    for name, convert in CARDS.items():
        for card in _find(root, name):
            convert(card)
    for card in root.xpath(".//*[contains(@class, 'kg-')]"):
        classes = card.get("class").split()
        if STARS in classes:
            _drop(card)
        elif OWN_HTML not in classes:
            for element in [each for name in DRAWN for each in card.findall(name)]:
                _drop(element)
    return serialize_html(root), len(forms)


def _find(root, name):
    return root.xpath(f".//*[{CARD.format(name)}]")


def _find_first(card, *names):
    """Return the first element inside a card with one of the classes, or None."""
    return next((element for name in names for element in _find(card, name)), None)


def _read_text(card, *names):
    """Return the text of the first element with one of the classes that has some."""
    texts = (" ".join(each.itertext()) for name in names for each in _find(card, name))
    return next((text for text in (" ".join(text.split()) for text in texts) if text), "")


def _drop(element):
    if element.getparent() is not None:
        element.drop_tree()


def _replace(card, *elements):
    """Put elements in the place of a card; what follows it stays."""
    parent = card.getparent()
    if parent is None:  # it was two cards in one
        return
    for element in elements:
        card.addprevious(element)
    elements[-1].tail, card.tail = card.tail, None
    parent.remove(card)


def _convert_link(card, titles, captions):
    link = next((each for each in card.iter("a") if each.get("href")), None)
    if link is None:
        return
    href = link.get("href")
    words = _read_text(card, *titles) or href
    caption = _read_text(card, *captions) or _read_caption(card)
    paragraphs = [E.p(E.a(words, href=href))]
    _replace(card, *paragraphs, *([E.p(caption)] if caption else []))


def _read_caption(card):
    captions = (" ".join("".join(each.itertext()).split()) for each in card.iter("figcaption"))
    return next(filter(None, captions), "")


def _convert_bookmark(card):
    _convert_link(card, ("kg-bookmark-title",), ())


def _convert_file(card):
    titles = ("kg-file-card-title", "kg-file-card-filename")
    _convert_link(card, titles, ("kg-file-card-caption",))


def _convert_player(card):
    player = next(card.iter("audio", "video"), None)
    if player is None or not player.get("src"):
        return
    caption = _read_text(card, "kg-audio-title") or _read_caption(card)
    figure = E.figure(etree.Element(player.tag, src=player.get("src")))
    if caption:
        figure.append(E.figcaption(caption))
    _replace(card, figure)


def _convert_toggle(card):
    content = _find_first(card, "kg-toggle-content")
    heading = _read_text(card, "kg-toggle-heading-text", "kg-toggle-heading")
    if content is None or not heading:
        return
    content.tail = None
    _replace(card, E.details(E.summary(heading), content))


def _convert_callout(card):
    """Put the sign at the front of the text, which is a paragraph."""
    text = _find_first(card, "kg-callout-text")
    sign = _read_text(card, "kg-callout-emoji")
    if text is None:
        return
    text.tag, text.tail = "p", None
    text.text = f"{sign} {text.text or ''}" if sign else text.text
    _replace(card, E.blockquote(text))


CARDS = {
    "kg-bookmark-card": _convert_bookmark,
    "kg-file-card": _convert_file,
    "kg-audio-card": _convert_player,
    "kg-video-card": _convert_player,
    "kg-toggle-card": _convert_toggle,
    "kg-callout-card": _convert_callout,
}
