"""Absolute addresses, for what is read away from this site: feeds, sitemaps, cards, JSON-LD."""

from urllib.parse import urljoin

from django.conf import settings

from articles.body.stored import parsed, serialised


def absolute(address):
    """Return an address of this site in full. It begins with SITE_URL, whatever host was asked;
    one that is in full already (a storage elsewhere) stays."""
    return urljoin(f"{settings.SITE_URL}/", address)


def absolute_html(html, base):
    """Return safe HTML whose addresses are all in full, as read at the address ``base``.

    Renditions to choose from are left out: a feed reader takes the picture as it is named.
    """
    if not html:
        return ""
    root = parsed(html)
    root.make_links_absolute(base, handle_failures="ignore")
    for wrapper in root.xpath(".//picture | .//source"):
        wrapper.drop_tag()
    for image in root.xpath(".//img"):
        for name in ("srcset", "sizes", "loading", "decoding"):
            image.attrib.pop(name, None)
    return serialised(root)
