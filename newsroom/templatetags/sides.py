"""Template tags for what shows other articles beside lists, and around an article."""

from django import template
from django.utils.safestring import mark_safe

from articles.web.expiry import note_change
from articles.web.gaps import mark_gap
from articles.web.macros import render_macro
from comments.newest import render_newest
from newsroom import article_lists  # noqa: F401  # fills gaps
from newsroom.sections import SectionFront, read_section_orders
from newsroom.side import render_most_read, render_rankings_among, render_side

register = template.Library()
register.simple_tag(render_newest, name="newest_comments")
register.simple_tag(render_most_read, name="most_read")
FRONT = "newsroom/_front.jinja"


@register.simple_tag
def gap(kind, article=None):
    """Leave a gap for what the page of an article shows of others."""
    return mark_safe(mark_gap(kind, article.pk if article else 0))


@register.simple_tag
def with_voices(front):
    """Give articles of the front page ``voice``, HTML to be shown below the headline; returns
    nothing."""
    for article, voice in front.voiced:
        article.voice = render_macro(FRONT, "voices", voice)
    return ""


@register.simple_tag(takes_context=True)
def section_front(context, page, category=None, articles=None):
    """Return the ``SectionFront`` of the first page of a category, or of a list of articles, a
    queryset."""
    front = SectionFront.build(list(page), read_section_orders(category, articles))
    note_change(context["request"], front.changes_at)
    return front


@register.simple_tag
def side(category=None, articles=None, section=""):
    """Show the column beside a list: of the site, of a category, or of some articles."""
    if articles is not None:
        return render_rankings_among(articles, section)
    return render_side(category or None)
