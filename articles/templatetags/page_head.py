"""Template tags for the head of a page: canonical address, link card and JSON-LD."""

from django import template
from django.conf import settings
from django.utils.html import format_html
from django.utils.translation import gettext as _

from articles import json_ld
from articles.templatetags.reading import CHROME
from articles.web.addresses import build_absolute_url, build_fixed_path
from articles.web.macros import render_macro

register = template.Library()

LOCALES = {"ja": "ja_JP", "en": "en_US"}


@register.simple_tag(takes_context=True)
def head(context, path, *, title="", description="", kind="website", article=None):
    """Render the canonical address of a page, with the page number of its list, and its card."""
    page = context.get("page")
    number = getattr(page, "number", 1)
    card = {
        "address": build_absolute_url(path if number == 1 else f"{path}?page={number}"),
        "title": str(title or settings.SITE_NAME),
        "description": description,
        "kind": kind,
        "article": article,
        "picture": json_ld.choose_social_picture(article),
        "site_name": settings.SITE_NAME,
        "site_url": settings.SITE_URL,
        "locale": LOCALES[article.language_code if article else settings.LANGUAGE_CODE],
    }
    return render_macro(CHROME, "link_card", card)


@register.simple_tag
def canonical(path):
    """Render the canonical address of a page that shows a part of another, whose path it is."""
    return format_html('<link rel="canonical" href="{}">', build_absolute_url(path))


@register.simple_tag
def article_json(article, discussion=""):
    """Render the JSON-LD of an article; ``discussion`` is what ``comments`` adds for its thread."""
    return json_ld.render_script(json_ld.build_article_node(article), discussion)


@register.simple_tag
def breadcrumb_json(trail, title, path):
    """Render the JSON-LD of a breadcrumb: home, the categories of the trail, the page itself."""
    categories = [(each.name, each.get_absolute_url()) for each in trail or []]
    steps = [(_("Home"), build_fixed_path("home")), *categories, (str(title), path)]
    return json_ld.render_script(json_ld.build_breadcrumb(steps))


@register.simple_tag
def site_json():
    """Render the JSON-LD of the site with its search, and of its publisher."""
    site, publisher = json_ld.build_site(), json_ld.build_publisher()
    return json_ld.render_script(site) + json_ld.render_script(publisher)
