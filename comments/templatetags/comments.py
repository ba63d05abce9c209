"""The seam to the articles: their templates call these tags and know nothing else of comments."""

from collections import Counter

from django import template
from django.conf import settings

from articles.web.paging import read_page_number
from comments.discussed import rank_most_discussed
from comments.forms import CommentForm
from comments.json_ld import build_canonical_path, describe_discussion
from comments.lifted import find_front_features, find_lifted, note_change
from comments.models import Comment, Mention, Thread
from comments.notices import list_notices, say_closed
from comments.orders import ORDERS
from comments.parts import render_part
from comments.thread_pages import ThreadPage
from comments.tree_html import render_page_trees

register = template.Library()
register.simple_tag(render_part, name="part")


@register.simple_tag(takes_context=True)
def thread_page(context, article):
    """Return the page of an article's thread that the address requests (``page``, ``order``), for
    the three tags below. Template blocks share no variables, so each calls this tag. The page
    is read once in a rendering."""
    pages = context.render_context.setdefault("thread_pages", {})
    if article.pk not in pages:
        threads = Thread.objects.filter(article=article).with_root_count()
        thread = threads.first() or Thread(article=article)
        thread.article = article
        query = context["request"].GET
        order, number = query.get("order", ""), read_page_number(query)
        pages[article.pk] = ThreadPage(thread, order=order, number=number)
    return pages[article.pk]


@register.inclusion_tag("comments/_thread.html", takes_context=True)
def comment_thread(context, page):
    """Show a page of a thread with its form. The number of queries does not depend on the
    thread."""
    article, thread, regime = page.thread.article, page.thread, page.thread.regime
    note_change(context["request"], regime.changes_at)
    return {
        "article": article,
        "thread": thread,
        "page": page,
        "orders": ORDERS.values(),
        "trees": render_page_trees(page) if thread.pk else "",
        "is_open": regime.is_open,
        "closed": "" if regime.is_open else say_closed(regime.opens_at),
        "notices": list_notices(regime),
        "lifted": find_lifted(thread) if thread.pk and page.number == 1 else [],
        "form": CommentForm(),
        "down_votes": settings.COMMENT_DOWN_VOTES,
    }


@register.simple_tag
def comment_json(page):
    """Return what a page of a thread adds to the article's JSON-LD. No query if it is cached."""
    return describe_discussion(page)


@register.simple_tag
def canonical_thread_path(page):
    """Return the canonical path of an article with a page of its thread."""
    return build_canonical_path(page)


@register.inclusion_tag("comments/_mentions.html")
def article_mentions(article):
    """Show the pages that link to an article. One query."""
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


@register.simple_tag(takes_context=True)
def with_featured_comments(context, articles):
    """Give each article ``featured_comment``, the comment that the front page shows below its
    headline, or None. One query for all of them; returns nothing."""
    features, changes_at = find_front_features(articles)
    note_change(context["request"], changes_at)
    for article in articles:
        article.featured_comment = features.get(article.pk)
    return ""


@register.simple_tag(takes_context=True)
def writing_notices(context, article):
    """Return what a writer should know before writing under an article. No query on its page."""
    if "notices" in context:
        return context["notices"]
    thread = getattr(article, "thread", None) or Thread(article=article)
    return list_notices(thread.regime)


@register.simple_tag
def most_discussed(category=None):
    """Return (label, most discussed articles) of each period with comments, each article with
    ``comment_count``. One query."""
    return rank_most_discussed(category)


@register.inclusion_tag("comments/_newest.html")
def newest_comments(count=5, of_one_article=2):
    """Show the newest comments of the site, shortened, few of each article. One query."""
    shown, of_thread = [], Counter()
    for comment in Comment.objects.newest_of_site()[: count * 6]:
        of_thread[comment.thread_id] += 1
        if of_thread[comment.thread_id] <= of_one_article:
            shown.append(comment)
    return {"comments": shown[:count]}


@register.filter
def total_place(code):
    """Return the mark that ``comments.tree_html`` replaces with the total of an ID."""
    return f"\ue000{code}\ue001"


@register.simple_tag
def down_votes_allowed():
    """Return whether readers may vote against a comment."""
    return settings.COMMENT_DOWN_VOTES


@register.simple_tag
def token_ripens_in():
    """Return the age in seconds from which a form's token is accepted."""
    return settings.COMMENT_RULES["token"][0] if settings.COMMENT_LIMITS else 0
