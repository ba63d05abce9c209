"""Received webmentions: accepted by a view, verified by a command, published by a moderator."""

from datetime import timedelta
from hashlib import sha256
from urllib.parse import unquote, urldefrag, urljoin, urlsplit

from django.conf import settings
from django.http import Http404, HttpResponse
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from lxml import html as lxml_html
from lxml.etree import LxmlError

from articles.download import FileRefused, fetch_answer
from articles.models import Article, NetworkKey
from articles.web.html import remove_unprintable
from articles.web.networks import find_client_address, hash_text, name_networks
from articles.web.rate_limits import count_action
from comments.models import Mention
from comments.models.states import State
from newsroom.models import WaitingWebmention

LONGEST = 2_000  # characters of an address
MOST_WAITING = 1_000
RATE = {60: 10, 3600: 60}  # period: webmentions of one network
LARGEST, DEADLINE = 1024 * 1024, 10  # bytes of a page, seconds for it
ATTEMPTS = 3
GONE = {404, 410}  # a server's answers
BATCH = 50  # pages of a run
TITLE, EXCERPT = 300, 300  # characters
BLOCKS = "ancestor::*[self::p or self::li or self::blockquote or self::td or self::div][1]"


@csrf_exempt
@require_POST
def receive(request):
    """Write down that a page claims to link to an article (Webmention §3.2). Nothing is fetched."""
    if not settings.WEBMENTIONS:
        raise Http404("Webmentions are off")
    network = name_networks(find_client_address(request))[0]
    wait = count_action("webmention", hash_text(NetworkKey.derive("readings"), network), RATE)
    if wait:
        return _answer(429, gettext("Too many requests"), headers={"Retry-After": wait})
    source, target = (request.POST.get(name, "").strip() for name in ("source", "target"))
    if not _is_address(source) or not _is_address(target) or _is_own(source):
        return _answer(400, gettext("Name the two pages by their addresses: source and target."))
    article = find_target(target)
    if article is None:
        return _answer(400, gettext("The target is no article of this site."))
    if WaitingWebmention.objects.count() >= MOST_WAITING:
        return _answer(503, gettext("Please try again later."), headers={"Retry-After": 3600})
    target = urldefrag(target).url
    digest = sha256(f"{source}\n{article.pk}".encode()).hexdigest()
    WaitingWebmention.objects.get_or_create(
        digest=digest, defaults={"source": source, "target": target}
    )
    return _answer(202, gettext("Thank you. It is shown once a moderator has read it."))


def find_target(address):
    """Return the public article at an address of this site, or None."""
    if not _is_own(address):
        return None
    path = unquote(urlsplit(address).path)
    if remove_unprintable(path) != path:
        return None
    try:
        match = resolve(path)
    except Resolver404:
        return None
    if match.view_name != "articles:detail":
        return None
    return Article.objects.published().filter(slug=match.kwargs["slug"]).first()


def verify_waiting(private_hosts=()):
    """Fetch the pages that wait; those that link to their article become held mentions. Returns
    how many did. A mention whose page is gone or no longer links is taken back (§3.2.4).
    ``private_hosts``: see ``fetch_answer``."""
    count = 0
    for row in WaitingWebmention.objects.all()[:BATCH]:
        article = find_target(row.target)
        known = list(Mention.objects.filter(article=article, url=row.source)) if article else []
        try:
            page = fetch_answer(
                row.source, limit=LARGEST, private_hosts=private_hosts, deadline=DEADLINE
            )
        except FileRefused as refusal:
            if known and getattr(refusal, "code", None) in GONE:
                _take_back(known, gettext("The page is gone."))
                row.delete()
            else:
                _put_off(row)
            continue
        found = article and find_mention(page, row.target)
        if not found:
            _take_back(known, gettext("The page no longer links to the article."))
        elif not known:
            title, excerpt = found
            Mention.objects.create(
                article=article,
                kind=Mention.Kind.WEBMENTION,
                title=title,
                url=row.source,
                excerpt=excerpt,
                state=State.HELD,
                first_state=State.HELD,
            )
            count += 1
        row.delete()
    return count


def _put_off(row):
    """Try again at the next run: some times, and within a day."""
    row.attempts += 1
    if row.attempts < ATTEMPTS and row.received_at > timezone.now() - timedelta(days=1):
        row.save(update_fields=["attempts"])
    else:
        row.delete()


def _take_back(mentions, note):
    for mention in mentions:
        if mention.state != State.REMOVED:
            mention.take_back(note=note)


def find_mention(page, target):
    """Return the title of a page and the words around its link to an address, or None if it has no
    such link."""
    if "html" not in page.headers.get_content_type():
        return None
    try:
        root = lxml_html.document_fromstring(page.content)
    except (LxmlError, ValueError):
        return None
    links = root.xpath("//a[@href]")
    link = next((link for link in links if _names(link.get("href"), page, target)), None)
    if link is None:
        return None
    titles = root.xpath("//meta[@property='og:title']/@content | //title/text() | //h1//text()")
    title = next(filter(None, map(_clean, titles)), urlsplit(page.address).hostname)
    around = link.xpath(BLOCKS) or [link]
    return Truncator(title).chars(TITLE), Truncator(_clean(around[0].text_content())).chars(EXCERPT)


def _names(href, page, target):
    try:
        return urldefrag(unquote(urljoin(page.address, href))).url == unquote(target)
    except ValueError:
        return False


def _clean(text):
    return " ".join(remove_unprintable(str(text)).split())


def _is_own(address):
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower() == settings.SITE_URL


def _is_address(text):
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    is_address = parts.scheme in {"http", "https"} and bool(parts.hostname)
    return is_address and len(text) <= LONGEST and remove_unprintable(text) == text


def _answer(status, text, headers=None):
    kind = "text/plain; charset=utf-8"
    return HttpResponse(f"{text}\n", status=status, content_type=kind, headers=headers)
