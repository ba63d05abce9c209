"""The seam to the articles: their templates call these tags and know nothing else of comments."""

from django import template
from django.conf import settings
from django.utils.translation import get_language

from articles.web.expiry import note_change
from articles.web.macros import render_macro
from articles.web.paging import read_page_number
from comments.discussed import list_most_discussed
from comments.json_ld import build_canonical_path
from comments.models import Mention, Thread
from comments.models.thread import count_comments
from comments.notices import list_notices
from comments.parts import render_part
from comments.replies import read_replies
from comments.thread_gaps import BAR_LINK, DISCUSSION, LINK, SIDE, THREAD, place_part
from comments.thread_html import render_this_thread, render_tools
from comments.thread_pages import ThreadPage

register = template.Library()
register.simple_tag(render_part, name="part")
register.simple_tag(render_tools, name="thread_tools")
PAGE = "comments/_page.jinja"


@register.simple_tag(takes_context=True)
def thread_page(context, article):
    """Return the page of an article's thread that the address requests (``page``, ``order``), for
    the three tags below. Template blocks share no variables, so each calls this tag. The page
    is read once in a rendering."""
    pages = context.render_context.setdefault("thread_pages", {})
    if article.pk not in pages:
        thread = Thread.objects.find(article)
        query = context["request"].GET
        order, number = query.get("order", ""), read_page_number(query)
        pages[article.pk] = ThreadPage(thread, order=order, number=number)
    return pages[article.pk]


@register.simple_tag(takes_context=True)
def comment_thread(context, page):
    """Show a page of a thread with its form. The number of queries does not depend on the
    thread."""
    note_change(context["request"], page.thread.regime.changes_at)
    return place_part(context["request"], THREAD, page)


@register.simple_tag(takes_context=True)
def comment_link(context, page):
    """Return the link to a thread for the byline of its article; "" where the page has none."""
    return _place_link(context["request"], LINK, page)


@register.simple_tag(takes_context=True)
def comment_bar_link(context, page):
    """Return the link to a thread for the bar of its article's text."""
    return _place_link(context["request"], BAR_LINK, page)


@register.simple_tag(takes_context=True)
def comment_side(context, page):
    """Show what the side of an article says of its thread."""
    return place_part(context["request"], SIDE, page)


def _place_link(request, kind, page):
    article = page.thread.article
    is_shown = page.thread.published_count if article.is_page else article.is_published
    return place_part(request, kind, page) if is_shown else ""


@register.simple_tag(takes_context=True)
def comment_json(context, page):
    """Return what a page of a thread adds to the article's JSON-LD. No query if it is cached."""
    return place_part(context["request"], DISCUSSION, page)


@register.simple_tag
def canonical_thread_path(page):
    """Return the canonical path of an article with a page of its thread."""
    return build_canonical_path(page)


@register.simple_tag
def article_mentions(article):
    """Show the pages that link to an article. One query."""
    return render_macro(PAGE, "mentions", Mention.objects.list_published(article))


@register.simple_tag
def with_comment_counts(articles):
    """Return a list of the articles, each with ``comment_count``. One query for all of them."""
    articles = list(articles)
    counts = count_comments([article.pk for article in articles])
    for article in articles:
        article.comment_count = counts.get(article.pk, 0)
    return articles


@register.simple_tag(takes_context=True)
def writing_notices(context, article):
    """Return what a writer should know before writing under an article. No query on its page."""
    if "notices" in context:
        return context["notices"]
    thread = getattr(article, "thread", None) or Thread(article=article)
    return list_notices(thread.regime)


@register.simple_tag
def author_replies(author):
    """Return the ``Replies`` of an account to readers. Two queries."""
    return read_replies(author)


@register.simple_tag
def most_discussed():
    """Return (label, most discussed articles) of each period with comments, each article with
    ``comment_count``. Two queries."""
    return list_most_discussed()


@register.simple_tag
def this_thread():
    """Show the links and keys that lead through a thread."""
    return render_this_thread(get_language())


@register.simple_tag
def down_votes_allowed():
    """Return whether readers may vote against a comment."""
    return settings.COMMENT_DOWN_VOTES


@register.simple_tag
def token_ripens_in():
    """Return the age in seconds from which a form's token is accepted."""
    return settings.COMMENT_RULES["token"][0] if settings.COMMENT_LIMITS else 0
