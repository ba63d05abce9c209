"""Every page that readers can ask for by GET, each with what it shows at its largest."""

from datetime import timedelta
from urllib.parse import urlencode

from django.utils import timezone

from articles.models import Article, Category
from comments.models import Comment, Thread
from comments.orders import ORDERS


def list_public_pages():
    """Return {name: address} for a filled site."""
    threads = Thread.objects.filter(article__category__isnull=False).select_related("article")
    thread = threads.order_by("-published_count").first()
    oldest = Article.objects.listed().order_by("published_at").first()
    filed = Article.objects.listed().filter(category__isnull=False, tags__isnull=False)
    newest = filed.newest_first().first()
    return (
        _list_sections(oldest, newest)
        | _list_articles(thread, oldest, newest)
        | _list_fragments(thread)
        | _list_searches(newest)
        | _list_feeds(thread, newest)
        | {
            "transparency": "/transparency/",
            "transparency of a month": _month_before("/transparency/{:%Y-%m}/"),
            "transparency, table": "/transparency/table.csv",
            "me": "/me/",
        }
    )


def _list_sections(oldest, newest):
    child = newest.category
    root = child.parent or child
    tag = newest.tags.first()
    pages = {"home": "/", "archive": "/archive/"}
    pages["replies of an author"] = f"/authors/{newest.author_id}/replies/"
    pages["archive of a year"] = f"/archive/{oldest.published_at:%Y}/"
    pages["archive of a month"] = f"/archive/{newest.published_at:%Y/%m}/"
    lists = {
        "section": root.get_absolute_url(),
        "part of a section": child.get_absolute_url(),
        "tag": f"/tags/{tag.slug}/",
        "author": f"/authors/{newest.author_id}/",
        "all articles": "/articles/",
    }
    pages |= lists
    return pages | {f"{name}, page 40": f"{path}?page=40" for name, path in lists.items()}


def _list_articles(thread, oldest, newest):
    long = thread.article.get_absolute_url()
    pages = {f"long thread, {order}": f"{long}?order={order}" for order in ORDERS}
    pages |= {
        "article": newest.get_absolute_url(),
        "oldest article": oldest.get_absolute_url(),
        "long thread": long,
        "long thread, page 20": f"{long}?page=20",
        "no article": "/articles/nowhere/",
    }
    return pages


def _list_fragments(thread):
    root = thread.comments.filter(parent=None).order_by("-tree_published", "pk").first()
    deep = thread.comments.published().filter(tree_id=root.tree_id).order_by("-level", "pk").first()
    last = thread.comments.published().order_by("-number").first()
    pages = {
        "mine": f"/threads/{thread.article_id}/mine/",
        "token": f"/threads/{thread.article_id}/token/",
        "news": f"/threads/{thread.article_id}/news/?since={last.number - 5}",
        "tree": f"/comments/{root.pk}/tree/",
    }
    for name, comment in {"root": root, "deep comment": deep, "last comment": last}.items():
        for part in ("", "thread/", "quoted/", "reply/", "reply/form/", "report/"):
            pages[f"{name} {part}"] = f"/comments/{comment.pk}/{part}"
    return pages


def _list_searches(newest):
    word = newest.title[:2]
    text = Comment.objects.published().order_by("-pk").values_list("text", flat=True).first()
    queries = {
        "a word": {"q": word},
        "a word by date": {"q": word, "order": "date"},
        "a word of a week": {"q": word, "period": "week"},
        "a word of a section": {"q": word, "category": newest.category.slug},
        "a word in comments": {"q": text[:2], "in": "comments"},
        "a sentence in comments": {"q": text[:16], "in": "comments"},
        "nothing": {"q": "魑魅魍魎"},
        "an empty query": {"q": ""},
        "page 3": {"q": word, "page": 3},
    }
    pages = {f"search {name}": f"/search/?{urlencode(query)}" for name, query in queries.items()}
    return pages | {"suggestions": f"/search/suggest/?{urlencode({'q': word})}"}


def _list_feeds(thread, newest):
    section, tag = Category.objects.get(pk=newest.category_id), newest.tags.first()
    return {
        "feeds": "/feeds/",
        "feed": "/feed/",
        "feed as Atom": "/feed/atom/",
        "feed of a section": f"{section.get_absolute_url()}feed/",
        "feed of a tag": f"/tags/{tag.slug}/feed/atom/",
        "feed of an author": f"/authors/{newest.author_id}/feed/",
        "feed of comments": "/comments/feed/",
        "feed of a thread": f"/threads/{thread.article_id}/feed/",
        "feed of moderation": "/transparency/feed/",
        "sitemaps": "/sitemap.xml",
        "sitemap of news": "/sitemap-news.xml",
        "sitemap of articles": "/sitemap-articles.xml",
        "second sitemap of articles": "/sitemap-articles.xml?p=2",
        "robots": "/robots.txt",
    }


def _month_before(address):
    return address.format(timezone.localtime() - timedelta(days=31))
