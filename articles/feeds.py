"""Full-text feeds as RSS 2.0 and Atom (RFC 4287): of the site, a category, a tag or an author."""

import mimetypes
from hashlib import sha256
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.cache import cache
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed, Enclosure, Rss201rev2Feed
from django.utils.html import escape
from django.utils.http import http_date
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe
from taggit.models import Tag

from articles.list_rows import CategoryRows
from articles.lookup import find_author_or_404
from articles.models import Article, Category
from articles.web.addresses import build_absolute_url
from articles.web.html import make_links_absolute, remove_unprintable
from articles.web.thread_notes import find_thread_notes

ENTRIES = 20
# Seconds after which a cached feed shows changes of credits, authors and categories. Changes of
# its articles appear at once.
PERIOD = 600
DUBLIN_CORE = {"xmlns:dc": "http://purl.org/dc/elements/1.1/"}
NAMESPACES = {
    "xmlns:content": "http://purl.org/rss/1.0/modules/content/",
    "xmlns:wfw": "http://wellformedweb.org/CommentAPI/",
    "xmlns:slash": "http://purl.org/rss/1.0/modules/slash/",
}
THREADING = {"xmlns:thr": "http://purl.org/syndication/thread/1.0"}  # RFC 4685


class FullRss(Rss201rev2Feed):
    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if settings.WEBSUB_HUB:
            handler.addQuickElement("atom:link", None, {"rel": "hub", "href": settings.WEBSUB_HUB})

    def rss_attributes(self):
        return super().rss_attributes() | NAMESPACES

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        handler.addQuickElement("dc:language", item["language"], DUBLIN_CORE)
        for name, _address in item["other_authors"]:
            handler.addQuickElement("dc:creator", name, DUBLIN_CORE)
        if note := item["thread"]:
            handler.addQuickElement("wfw:commentRss", note.rss)
            handler.addQuickElement("slash:comments", str(note.count))
        handler.addQuickElement("content:encoded", item["content"])


class FullAtom(Atom1Feed):
    def root_attributes(self):
        return super().root_attributes() | THREADING

    def add_root_elements(self, handler):
        super().add_root_elements(handler)
        if settings.WEBSUB_HUB:
            handler.addQuickElement("link", "", {"rel": "hub", "href": settings.WEBSUB_HUB})

    def item_attributes(self, item):
        return super().item_attributes(item) | {"xml:lang": item["language"]}

    def add_item_elements(self, handler, item):
        super().add_item_elements(handler, item)
        for name, address in item["other_authors"]:
            handler.startElement("author", {})
            handler.addQuickElement("name", name)
            handler.addQuickElement("uri", address)
            handler.endElement("author")
        if note := item["thread"]:
            link = {"rel": "replies", "type": "application/atom+xml", "href": note.atom}
            handler.addQuickElement("link", "", link | {"thr:count": str(note.count)})
        handler.addQuickElement("content", item["content"], {"type": "html"})


FORMATS = {"rss": FullRss, "atom": FullAtom}


@method_decorator(require_safe, name="__call__")
class ArticleFeed(Feed):
    """A feed of the newest articles. ``kind`` and ``form`` (rss or atom) name its URL."""

    kind = "site"
    item_guid_is_permalink = False

    def __init__(self, form):
        self.form = form
        self.feed_type = FORMATS[form]

    def __call__(self, request, *args, **kwargs):
        subject = self.get_object(request, *args, **kwargs)
        key = self._build_cache_key(subject)
        content, generated_at = cache.get(key) or (None, None)
        if content is None:
            generated_at = timezone.now().timestamp()
            content = self.get_feed(subject, request).writeString("utf-8")
            cache.set(key, (content, generated_at), timeout=PERIOD)
        response = HttpResponse(content, content_type=self.feed_type.content_type)
        # Not the date of the newest entry: a withdrawal would move it back, and feed readers that
        # compare dates alone would keep the withdrawn article.
        response["Last-Modified"] = http_date(generated_at)
        return response

    def articles(self, subject):
        return Article.objects.listed()

    def path(self, subject):
        """Return the path of the page that the feed belongs to."""
        return reverse("home")

    def arguments(self, subject):
        """Return the arguments of the feed's URL pattern."""
        return []

    def title(self, subject):
        return settings.SITE_NAME

    def description(self, subject):
        return _("Latest articles from %(site)s") % {"site": settings.SITE_NAME}

    def subtitle(self, subject):
        return self.description(subject)

    def link(self, subject):
        return build_absolute_url(self.path(subject))

    def feed_url(self, subject):
        return build_absolute_url(
            reverse(f"articles:{self.kind}_{self.form}", args=self.arguments(subject))
        )

    feed_guid = feed_url

    def author_name(self):
        return settings.SITE_NAME

    def author_link(self):
        return build_absolute_url(reverse("home"))

    def items(self, subject):
        articles = list(self._select_newest(subject).for_detail())
        notes = find_thread_notes(articles)
        for article in articles:
            article.thread_note = notes.get(article.pk)
        return articles

    def item_title(self, article):
        return remove_unprintable(article.title)

    def item_description(self, article):
        return escape(remove_unprintable(article.lead)) if article.lead else None

    def item_link(self, article):
        return build_absolute_url(article.get_absolute_url())

    def item_guid(self, article):
        """Return a tag URI (RFC 4151), which stays the same when the address changes."""
        day = timezone.localdate(article.created_at)
        return f"tag:{urlsplit(settings.SITE_URL).hostname},{day:%Y-%m-%d}:article:{article.pk}"

    def item_author_name(self, article):
        first = next(iter(article.signatures), None)
        return remove_unprintable(first.name) if first else None

    def item_author_link(self, article):
        return build_absolute_url(article.signatures[0].path)

    def item_pubdate(self, article):
        return article.published_at

    def item_updateddate(self, article):
        return article.modified_at

    def item_comments(self, article):
        return article.thread_note and article.thread_note.page

    def item_categories(self, article):
        names = [article.category.name] if article.category else []
        return [
            remove_unprintable(name) for name in [*names, *(tag.name for tag in article.tags.all())]
        ]

    def item_enclosures(self, article):
        file = article.lead_image
        if not file or not file.is_image:
            return []
        kind = mimetypes.guess_type(file.image_file.name)[0] or "image/jpeg"
        return [Enclosure(build_absolute_url(file.image_file.url), str(file.file_size), kind)]

    def item_extra_kwargs(self, article):
        html = render_to_string("articles/_feed_entry.html", {"article": article})
        content = make_links_absolute(remove_unprintable(html), self.item_link(article))
        others = [
            (remove_unprintable(each.name), build_absolute_url(each.path))
            for each in article.signatures[1:]
        ]
        return {
            "content": content,
            "other_authors": others,
            "language": article.language_code,
            "thread": article.thread_note,
        }

    def _select_newest(self, subject):
        return self.articles(subject).newest_first()[:ENTRIES]

    def _build_cache_key(self, subject):
        """Return the cache key of the feed. It changes whenever its articles change."""
        rows = self._select_newest(subject).values_list(
            "pk", "published_at", "updated_at", "language"
        )
        parts = (get_language(), settings.WEBSUB_HUB, self.feed_url(subject), *rows)
        return f"feed:{sha256(repr(parts).encode()).hexdigest()}"


class ListFeed(ArticleFeed):
    """The feed of a list that belongs to a category, a tag or an author."""

    key = "slug"
    sign = ""
    text = ""

    def path(self, subject):
        return reverse(f"articles:{self.kind}", args=self.arguments(subject))

    def arguments(self, subject):
        return [getattr(subject, self.key)]

    def title(self, subject):
        return remove_unprintable(f"{self.sign}{subject} | {settings.SITE_NAME}")

    def description(self, subject):
        return self.text % {"name": remove_unprintable(str(subject))}


class CategoryFeed(ListFeed):
    kind = "category"
    text = _("Articles in %(name)s, newest first.")

    def get_object(self, request, slug):
        return get_object_or_404(Category, slug=slug)

    def articles(self, category):
        return Article.objects.listed().in_category(category)

    def _select_newest(self, category):
        keys = CategoryRows(category).find_newest(ENTRIES)
        return Article.objects.filter(pk__in=keys).newest_first()  # listed, a moment ago

    def description(self, category):
        return remove_unprintable(category.description) or super().description(category)


class TagFeed(ListFeed):
    kind = "tag"
    sign = "#"
    text = _("Articles tagged %(name)s, newest first.")

    def get_object(self, request, slug):
        return get_object_or_404(Tag, slug=slug)

    def articles(self, tag):
        return Article.objects.listed().tagged(tag)


class AuthorFeed(ListFeed):
    kind = "author"
    key = "pk"
    text = _("Articles by %(name)s, newest first.")

    def get_object(self, request, pk):
        return find_author_or_404(pk)

    def articles(self, author):
        return Article.objects.listed().signed_by(author)


class GuestFeed(ListFeed):
    """The feed of a guest or an agency."""

    kind = "guest"
    text = _("Articles by %(name)s, newest first.")

    def get_object(self, request, slug):
        return get_object_or_404(Article.objects.listed().guests(), slug=slug)

    def articles(self, byline):
        return Article.objects.listed().credited_to(byline)


class SeriesFeed(ListFeed):
    kind = "series"
    text = _("The parts of %(name)s, newest first.")

    def get_object(self, request, slug):
        return get_object_or_404(Article.objects.listed().series(), slug=slug)

    def articles(self, series):
        return Article.objects.listed().filter(series=series)

    def description(self, series):
        return remove_unprintable(series.description) or super().description(series)
