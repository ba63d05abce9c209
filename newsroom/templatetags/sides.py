"""Template tags for the column beside articles and lists."""

from django import template

from newsroom.side import render_article_side, render_side

register = template.Library()
register.simple_tag(render_article_side, name="article_side")


@register.simple_tag(takes_context=True)
def side(context, category=None):
    """Show the column beside a list: of the site, or of a category."""
    return render_side(category or None, has_comments=bool(context.get("is_home")))
