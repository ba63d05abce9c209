"""How a rendered body shows what its writer wrote plainly: who said a quotation, sound and film,
and pictures that follow one another as a gallery."""

import re

from django.conf import settings
from lxml.html.builder import E

from articles.recordings import name_player
from articles.web.languages import JAPANESE

# The last paragraph of a quotation names the speaker if it begins with a dash, as in
# "— Sumito Higaki, deck officer" and 「— 檜垣澄人 甲板指揮」.
DASH = re.compile(r"[—–―]+\s*(?=\S)")
AFTER_NAME = re.compile(r",\s*")
AFTER_JAPANESE_NAME = re.compile(r"[\s、,]+")
FEWEST = 2  # pictures of a gallery


def mark_quotations(root):
    """Mark the quotations whose last paragraph names the speaker."""
    for quotation in root.xpath(".//blockquote[p[2]]"):
        last = quotation[-1]
        words = last.text_content().strip() if last.tag == "p" else ""
        if dash := DASH.match(words):
            words = words[dash.end() :]
            end = AFTER_JAPANESE_NAME if JAPANESE.search(words) else AFTER_NAME
            name, *who = end.split(words, maxsplit=1)
            quotation.set("class", "said")
            quotation[-1] = E.p(E.b(name), *(f" {part}" for part in who if part))
            quotation[-1].set("class", "said__by")


def build_recordings(root):
    """Turn each paragraph that is nothing but a link to sound or film of the library into a player.
    The words of the link become the caption, unless they are the address."""
    prefixes = settings.MEDIA_URL, f"{settings.SITE_URL}{settings.MEDIA_URL}"
    for paragraph in root.xpath(".//p[count(*)=1][a[@href]]"):
        link = paragraph[0]
        address, words = link.get("href"), link.text_content().strip()
        player = address.startswith(prefixes) and name_player(address)
        if player and not ((paragraph.text or "") + (link.tail or "")).strip():
            element = paragraph.makeelement(player, controls="", preload="metadata", src=address)
            element.append(E.a(words, href=address))
            caption = [] if words == address else [E.figcaption(words)]
            paragraph.tag, paragraph.text = "figure", None
            paragraph.set("class", f"recording recording--{player}")
            paragraph[:] = [element, *caption]


def join_galleries(root):
    """Put pictures that follow one another into a gallery."""
    for first in root.xpath("./figure[.//img][not(preceding-sibling::*[1][self::figure[.//img]])]"):
        run = [first]
        while _is_picture(following := run[-1].getnext()) and not (run[-1].tail or "").strip():
            run.append(following)
        if len(run) >= FEWEST:
            gallery = E.div({"class": "gallery"})
            first.addprevious(gallery)
            gallery.tail, run[-1].tail = run[-1].tail, None
            gallery.extend(run)


def _is_picture(element):
    return element is not None and element.tag == "figure" and bool(element.xpath(".//img"))
