"""Sent webmentions: an article tells the pages that it links to."""

import re
from urllib.parse import urljoin, urlsplit

from django.conf import settings
from lxml import html as lxml_html
from lxml.etree import LxmlError

from articles.download import FileRefused, fetch_answer
from articles.web.addresses import build_absolute_url
from articles.web.html import parse_html

LARGEST, DEADLINE = 1024 * 1024, 10  # bytes of a page, seconds for it
MOST = 50  # links of an article
LINK = re.compile(r"<([^>]*)>([^<]*)")
REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,]+))", re.I)
NAME = "webmention"


def send_webmentions(articles, private_hosts=()):
    """Tell the pages that public articles link to; returns how many have accepted it. One that
    does not answer, or takes none, is left out."""
    count = 0
    for article in articles:
        if not article.is_published:
            continue
        source = build_absolute_url(article.get_absolute_url())
        for target in list_links(article):
            try:
                count += _send(source, target, private_hosts)
            except FileRefused:
                continue
    return count


def list_links(article):
    """Return the addresses of other sites in the body and the sources of an article, each once."""
    links = [*parse_html(article.body).xpath(".//a/@href")]
    links += [source.url for source in article.sources.all()]
    return [link for link in dict.fromkeys(links) if _is_elsewhere(link)][:MOST]


def _is_elsewhere(link):
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and parts.netloc != urlsplit(settings.SITE_URL).netloc


def _send(source, target, private_hosts):
    limits = {"limit": LARGEST, "private_hosts": private_hosts, "deadline": DEADLINE}
    endpoint = find_endpoint(fetch_answer(target, **limits))
    if not endpoint:
        return False
    fetch_answer(endpoint, form={"source": source, "target": target}, **limits)
    return True


def find_endpoint(page):
    """Return the address that takes the webmentions of a page, or "" (Webmention §3.1.2): of the
    Link header, else of the first element that names it."""
    for header in page.headers.get_all("Link") or ():
        for address, parameters in LINK.findall(header):
            rels = " ".join(quoted or plain for quoted, plain in REL.findall(parameters))
            if NAME in rels.lower().split():
                return _join(page, address)
    if "html" not in page.headers.get_content_type():
        return ""
    try:
        root = lxml_html.document_fromstring(page.content)
    except (LxmlError, ValueError):
        return ""
    for element in root.iter("link", "a"):
        if NAME in (element.get("rel") or "").lower().split() and element.get("href") is not None:
            return _join(page, element.get("href"))
    return ""


def _join(page, address):
    try:
        return urljoin(page.address, address)
    except ValueError:
        return ""
