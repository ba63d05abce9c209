"""Atom feeds (RFC 4287) of the comments: of one article, and of the site."""

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.feedgenerator import Atom1Feed, Rss201rev2Feed
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from articles.models import Article
from articles.web.addresses import build_absolute_url, build_path_pattern
from articles.web.html import make_links_absolute, remove_unprintable
from articles.web.thread_notes import ThreadNote, describes_threads
from comments.models import Comment, Thread
from comments.models.thread import count_comments
from comments.rendering import keep_spaces

ENTRIES = 50  # the newest


@method_decorator(require_safe, name="__call__")
class Comments(Feed):
    """The newest comments, as Atom."""

    feed_type = Atom1Feed

    def item_title(self, comment):
        return f">>{comment.number} {comment.display_name}: {Truncator(comment.text).chars(60)}"

    def item_description(self, comment):
        return make_links_absolute(keep_spaces(comment.html), self.item_link(comment))

    def item_link(self, comment):
        return build_absolute_url(comment.get_absolute_url())

    item_guid = item_link

    def item_author_name(self, comment):
        return str(comment.display_name)

    def item_pubdate(self, comment):
        return comment.posted_at

    def item_updateddate(self, comment):
        return comment.edited_at or comment.posted_at


class ThreadFeed(Comments):
    name = "thread_feed"

    def get_object(self, request, article_id):
        return get_object_or_404(Article.objects.published(), pk=article_id)

    def title(self, article):
        return _("Comments on “%(title)s”") % {"title": remove_unprintable(article.title)}

    def link(self, article):
        return build_absolute_url(article.get_absolute_url())

    def feed_url(self, article):
        return build_absolute_url(reverse(f"comments:{self.name}", args=[article.pk]))

    feed_guid = feed_url

    def items(self, article):
        thread = Thread.objects.filter(article=article).values_list("pk", flat=True).first()
        # Their keys first, without a tie-breaker: the index of the thread holds this very order.
        newest = Comment.objects.published().filter(thread=thread or 0).order_by("-posted_at")
        return list_newest().filter(pk__in=newest.values("pk")[:ENTRIES])


class ThreadRss(ThreadFeed):
    """The same as RSS, which is what ``wfw:commentRss`` names."""

    feed_type = Rss201rev2Feed
    name = "thread_rss"


class SiteFeed(Comments):
    def title(self):
        return _("Comments on %(site)s") % {"site": settings.SITE_NAME}

    def link(self):
        return build_absolute_url("/")

    def feed_url(self):
        return build_absolute_url(reverse("comments:feed"))

    feed_guid = feed_url

    def items(self):
        return list_newest()[:ENTRIES]


@describes_threads
def describe_threads(articles):
    """Return {primary key: ``ThreadNote``} of articles, for their feeds. One query."""
    counts, notes = count_comments([article.pk for article in articles]), {}
    for article in articles:
        rss, atom = (
            build_absolute_url(build_path_pattern(f"comments:{name}") % article.pk)
            for name in (ThreadRss.name, ThreadFeed.name)
        )
        page = build_absolute_url(f"{article.get_absolute_url()}#comments")
        notes[article.pk] = ThreadNote(page, rss, atom, counts.get(article.pk, 0))
    return notes


def list_newest():
    """Return the published comments on published articles, newest first."""
    return Comment.objects.published().readable().for_detail().order_by("-posted_at", "-pk")
