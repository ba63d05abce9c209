"""Template tags for what shows other articles beside lists, and around an article."""

from django import template
from django.utils.safestring import mark_safe

from articles.web.gaps import mark_gap
from newsroom import article_lists  # noqa: F401  # fills gaps
from newsroom.side import render_side

register = template.Library()


@register.simple_tag
def gap(kind, article=None):
    """Leave a gap for what the page of an article shows of others."""
    return mark_safe(mark_gap(kind, article.pk if article else 0))


@register.simple_tag(takes_context=True)
def side(context, category=None):
    """Show the column beside a list: of the site, or of a category."""
    return render_side(category or None, has_comments=bool(context.get("is_home")))
