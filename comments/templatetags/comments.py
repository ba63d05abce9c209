"""The seam to the articles: their templates call these tags and know nothing else of comments."""

from django import template

from comments.display import thread_nodes
from comments.forms import CommentForm
from comments.models import Mention, Thread

register = template.Library()


@register.inclusion_tag("comments/_thread.html")
def comment_thread(article):
    """Show the thread of an article with its form. Two queries, however long the thread is."""
    thread = Thread.objects.filter(article=article).first()
    return {
        "article": article,
        "thread": thread,
        "count": thread.published_count if thread else 0,
        "is_open": thread is None or thread.is_open,
        "nodes": thread_nodes(thread) if thread and thread.last_number else [],
        "form": CommentForm(),
    }


@register.inclusion_tag("comments/_mentions.html")
def article_mentions(article):
    """Show who links to an article. One query."""
    return {"mentions": Mention.objects.published().filter(article=article)}


@register.simple_tag
def with_comment_counts(articles):
    """Return a list of the articles, each with ``comment_count``. One query for all of them."""
    articles = list(articles)
    counts = dict(
        Thread.objects.filter(article__in=articles).values_list("article_id", "published_count")
    )
    for article in articles:
        article.comment_count = counts.get(article.pk, 0)
    return articles


@register.simple_tag
def most_discussed(count=5):
    """Return the articles with the most comments, each with ``comment_count``. One query."""
    articles = []
    for thread in Thread.objects.most_discussed()[:count]:
        thread.article.comment_count = thread.published_count
        articles.append(thread.article)
    return articles
