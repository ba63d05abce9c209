"""What stands before the items: the site, its authors and its taxonomies."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from taggit.models import Tag

from articles.models import Article, Category, Credit, Series
from comments.models import Comment
from newsroom.wordpress.export.post_numbers import CATEGORY, SERIES, TAG, number_term
from newsroom.wordpress.export.row_batches import iterate_batches
from newsroom.wordpress.wxr import vocabulary
from newsroom.wordpress.wxr.xml_writing import (
    build_element,
    build_section,
    encode_slug,
    escape_text,
)

SPACES = "".join(f'\n\txmlns:{name}="{url}"' for name, url in vocabulary.NAMESPACES.items())
START = f'<?xml version="1.0" encoding="UTF-8" ?>\n<rss version="2.0"{SPACES}>\n<channel>\n'
END = "</channel>\n</rss>\n"


def build_head():
    """Return the beginning of an export, up to the first item."""
    parts = [
        build_element("title", settings.SITE_NAME),
        build_element("link", settings.SITE_URL),
        build_element("description", ""),
        build_element("pubDate", f"{timezone.now():%a, %d %b %Y %H:%M:%S} +0000"),
        build_element("language", settings.LANGUAGE_CODE),
        build_element("generator", vocabulary.GENERATOR),
        build_element("wp:wxr_version", vocabulary.VERSION),
        build_element("wp:base_site_url", settings.SITE_URL),
        build_element("wp:base_blog_url", settings.SITE_URL),
        *map(_build_author, _list_authors()),
        *map(_build_category, Category.objects.select_related("parent")),
        *(_build_tag(tag) for batch in iterate_batches(Tag.objects.all()) for tag in batch),
        *map(_build_series, Series.objects.all()),
    ]
    return START + "".join(parts)


def _list_authors():
    """Return the accounts that an article or a comment names."""
    names = (
        Article.objects.order_by().filter(author=OuterRef("pk")),
        Credit.objects.order_by().filter(byline__user=OuterRef("pk")),
        Comment.objects.order_by().filter(staff=OuterRef("pk")),
    )
    named = Q()
    for rows in names:
        named |= Q(Exists(rows))
    return get_user_model().objects.filter(named).order_by("pk")


def _build_author(user):
    return _wrap(
        "wp:author",
        build_element("wp:author_id", user.pk),
        build_section("wp:author_login", user.username),
        build_section("wp:author_email", user.email),
        build_section("wp:author_display_name", escape_text(user)),
        build_section("wp:author_first_name", escape_text(user.first_name)),
        build_section("wp:author_last_name", escape_text(user.last_name)),
    )


def _build_category(category):
    parent = category.parent.slug if category.parent else ""
    return _wrap(
        "wp:category",
        build_element("wp:term_id", number_term(CATEGORY, category.pk)),
        build_section("wp:category_nicename", encode_slug(category.slug)),
        build_section("wp:category_parent", encode_slug(parent)),
        build_section("wp:cat_name", escape_text(category.name)),
        build_section("wp:category_description", escape_text(category.description)),
    )


def _build_tag(tag):
    return _wrap(
        "wp:tag",
        build_element("wp:term_id", number_term(TAG, tag.pk)),
        build_section("wp:tag_slug", encode_slug(tag.slug)),
        build_section("wp:tag_name", escape_text(tag.name)),
    )


def _build_series(series):
    return _wrap(
        "wp:term",
        build_element("wp:term_id", number_term(SERIES, series.pk)),
        build_section("wp:term_taxonomy", vocabulary.SERIES),
        build_section("wp:term_slug", encode_slug(series.slug)),
        build_section("wp:term_parent", ""),
        build_section("wp:term_name", escape_text(series.title)),
        build_section("wp:term_description", escape_text(series.description)),
    )


def _wrap(name, *parts):
    return f"<{name}>\n{''.join(parts)}</{name}>\n"
