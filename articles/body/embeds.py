"""Cards for videos, posts and maps of other services: nothing of them is loaded before a click.

An embed is stored as a paragraph that holds its address, linked, and nothing else.
"""

import re
from dataclasses import dataclass

from lxml.html.builder import E

from articles.players import MAPS, NICONICO, VIMEO, YOUTUBE


@dataclass(frozen=True, slots=True)
class Embed:
    """A service, and the address of its player, if it has one that the CSP allows."""

    service: str
    player: str = ""


SERVICES = (
    (
        r"(?:www\.|m\.)?youtube\.com/(?:watch\?(?:[^#]*&)?v=|shorts/|live/|embed/)([\w-]{6,20})",
        "YouTube",
        YOUTUBE,
    ),
    (r"youtu\.be/([\w-]{6,20})", "YouTube", YOUTUBE),
    (r"(?:www\.)?vimeo\.com/(\d{1,20})", "Vimeo", VIMEO),
    (
        r"(?:(?:www\.|sp\.)?nicovideo\.jp/watch/|nico\.ms/)([a-z]{2}\d{1,20})",
        "niconico",
        NICONICO,
    ),
    (r"(?:www\.|mobile\.)?(?:x|twitter)\.com/\w{1,20}/status/\d{1,25}", "X", ""),
    (
        r"www\.google\.(?:com|co\.jp)/maps/embed\?pb=([^&#]{1,2000})",
        "Google Maps",
        f"{MAPS}?pb=",
    ),
    (r"(?:www\.google\.(?:com|co\.jp)/maps|maps\.app\.goo\.gl|goo\.gl/maps)/", "Google Maps", ""),
)
RULES = [(re.compile(rf"https?://{rule}"), name, player) for rule, name, player in SERVICES]


def find_embed(address):
    """Return the ``Embed`` at an address, or None."""
    for rule, service, player in RULES:
        if match := rule.match(address):
            return Embed(service, player + match[1] if player else "")
    return None


def build_cards(root):
    """Turn each paragraph that is nothing but the address of an embed into a card."""
    for paragraph in root.xpath(".//p[count(*)=1][a[@href][not(*)]]"):
        link = paragraph[0]
        address = link.get("href")
        text = (paragraph.text or "") + (link.tail or "")
        embed = find_embed(address)
        if embed and not text.strip() and _bare(link.text or "") == _bare(address):
            card = E.a(E.strong(embed.service), f" {_bare(address)}")
            card.set("href", address)
            card.set("rel", "noopener")
            if embed.player:
                card.set("data-player", embed.player)
            paragraph.tag = "figure"
            paragraph.set("class", "embed")
            paragraph.text = None
            paragraph[:] = [card]


def _bare(address):
    return re.sub(r"^https?://(?:www\.)?", "", address.strip())
