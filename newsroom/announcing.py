"""Tells others of new and changed articles: a hub of WebSub, search engines by IndexNow, and by
webmentions the pages that they link to.

A command does it from a timer, and no request waits for it. Each channel remembers up to which
moment it has announced; a failure leaves that moment as it is, so nothing is lost.
"""

import json
import urllib.request
from datetime import timedelta
from http.client import HTTPException
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from articles.models import Article
from articles.web.addresses import build_absolute_url
from newsroom.models import Announcement
from newsroom.webmentions.sending import send_webmentions

INDEXNOW = "https://api.indexnow.org/indexnow"
TIMEOUT = 20  # seconds without a byte
BATCH = 1_000  # articles; IndexNow takes 10,000 addresses
OVERLAP = timedelta(minutes=1)  # longer than a transaction that saves an article
FORM, JSON = "application/x-www-form-urlencoded", "application/json; charset=utf-8"


class AnnouncementFailed(Exception):
    """Others could not be told; the message says what their server answered."""


def announce_articles(now=None):
    """Announce on each channel that the settings name; returns {channel: number of addresses}.

    The first run announces nothing and begins to count. Raises ``AnnouncementFailed`` after all
    channels were tried.
    """
    now, counts, failures = now or timezone.now(), {}, []
    for channel, announce in CHANNELS.items():
        if not settings_of(channel):
            continue
        row, is_new = Announcement.objects.get_or_create(channel=channel, defaults={"upto": now})
        batches = [] if is_new else list_changed(row.upto - OVERLAP, now)
        try:
            counts[channel] = sum(map(announce, batches))
        except (OSError, HTTPException) as error:
            failures.append(f"{channel}: {error}")
            continue
        Announcement.objects.filter(channel=channel).update(upto=now)
    if failures:
        raise AnnouncementFailed("; ".join(failures))
    return counts


def settings_of(channel):
    """Return what the settings say of a channel, empty if it is not used."""
    used = {
        "websub": settings.WEBSUB_HUB,
        "indexnow": settings.INDEXNOW_KEY,
        "webmention": settings.WEBMENTIONS,
    }
    return used[channel]


def list_changed(since, now):
    """Yield the articles with a public address that began, changed or ended since a moment, in
    batches."""
    articles, revisions = Article.objects.order_by(), Article.history.order_by()
    keys = {
        *revisions.filter(history_date__gt=since, history_date__lte=now).values_list(
            "id", flat=True
        ),
        *articles.filter(published_at__gt=since, published_at__lte=now).values_list(
            "pk", flat=True
        ),
        *articles.filter(expires_at__gt=since, expires_at__lte=now).values_list("pk", flat=True),
    }
    public = articles.reachable(now) | articles.gone() | articles.expired()
    public = public.select_related("category", "series").prefetch_related("tags", "sources")
    keys = sorted(keys)
    for start in range(0, len(keys), BATCH):
        if batch := list(public.filter(pk__in=keys[start : start + BATCH]).order_by("pk")):
            yield batch


def announce_to_hub(articles):
    """Tell the hub which feeds have changed (WebSub §7)."""
    topics = sorted({build_absolute_url(path) for each in articles for path in list_feeds(each)})
    _post(settings.WEBSUB_HUB, FORM, urlencode([("hub.mode", "publish"), *_name_topics(topics)]))
    return len(topics)


def _name_topics(topics):
    return [("hub.url", topic) for topic in topics]


def list_feeds(article):
    """Return the paths of the feeds that an article is in."""
    places = [("site", [])]
    if article.category:
        categories = article.category.get_ancestors(include_self=True)
        places += [("category", [category.slug]) for category in categories]
    if article.series:
        places.append(("series", [article.series.slug]))
    places += [("tag", [tag.slug]) for tag in article.tags.all()]
    if article.author_id:
        places.append(("author", [article.author_id]))
    return [
        reverse(f"articles:{kind}_{form}", args=arguments)
        for kind, arguments in places
        for form in ("rss", "atom")
    ]


def announce_to_search_engines(articles):
    """Send the addresses of articles to the search engines of IndexNow."""
    addresses = [build_absolute_url(article.get_absolute_url()) for article in articles]
    key = settings.INDEXNOW_KEY
    message = {
        "host": urlsplit(settings.SITE_URL).netloc,
        "key": key,
        "keyLocation": build_absolute_url(reverse("indexnow_key", args=[key])),
        "urlList": addresses,
    }
    _post(INDEXNOW, JSON, json.dumps(message))
    return len(addresses)


CHANNELS = {
    "websub": announce_to_hub,
    "indexnow": announce_to_search_engines,
    "webmention": send_webmentions,
}


def _post(address, content_type, text):
    """Send a form; raises ``OSError`` or ``HTTPException`` unless the answer is 2xx."""
    headers = {"Content-Type": content_type, "User-Agent": "newsroom"}
    request = urllib.request.Request(address, text.encode(), headers, method="POST")
    with urllib.request.urlopen(request, timeout=TIMEOUT) as response:
        response.read(1)
