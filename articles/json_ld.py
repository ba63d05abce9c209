"""JSON-LD of articles and of the site, with the vocabulary of schema.org.

The properties are those of Google's documentation of Article, Breadcrumb, Image metadata and
Sitelinks search box. Addresses are absolute.
"""

from dataclasses import replace

from django.conf import settings
from django.templatetags.static import static
from django.utils.safestring import mark_safe

from articles.models.media_file import SocialPicture
from articles.web.addresses import (
    build_absolute_url,
    build_fixed_path,
    format_moment,
)
from articles.web.html import write_json

CONTEXT = "https://schema.org"
HEADLINE_LENGTH = 110  # characters; search engines cut longer ones
LOGO = ("img/logo.png", 512, 512)
CARD = ("img/card.png", 1200, 630)


def choose_social_picture(article=None):
    """Return the picture for links to an article, or to a page without one."""
    file = article.card_picture if article else None
    if not file or not file.is_image:
        path, width, height = CARD
        picture = SocialPicture(static(path), width, height, settings.SITE_NAME)
    else:
        size = file.image_width, file.image_height
        picture = file.social_card or SocialPicture(file.image_file.url, *size, file.image_alt_text)
    return replace(picture, url=build_absolute_url(picture.url))


def render_script(node, members=""):
    """Return the script element that holds a node. ``members``: more of it, as it is written."""
    text = write_json({"@context": CONTEXT, **node})
    if members:
        text = f"{text[:-1]},{members}}}"
    return mark_safe(f'<script type="application/ld+json">{text}</script>')


def build_article_node(article):
    """Return an article as a NewsArticle, or a page like "about us" as a WebPage."""
    address = build_absolute_url(article.get_absolute_url())
    node = {
        "@type": "WebPage" if article.is_page else "NewsArticle",
        "@id": f"{address}#article",
        "mainEntityOfPage": {"@type": "WebPage", "@id": address},
        "url": address,
        "headline": article.card_title[:HEADLINE_LENGTH],
        "description": article.seo_description or article.lead,
        "datePublished": format_moment(article.published_at),
        "dateModified": format_moment(article.modified_at),
        "inLanguage": article.language_code,
        "isAccessibleForFree": True,
        "image": _build_pictures(article),
        "author": _build_authors(article),
        "contributor": [_build_person(each, article) for each in article.photographers],
        "publisher": build_publisher(),
        "articleSection": article.category.name if article.category else "",
        "keywords": [tag.name for tag in article.tags.all()],
        "isPartOf": _build_series(article),
        "position": article.series_number if article.series else None,
        "correction": [_build_correction(note) for note in article.dated_notes],
        "citation": [_build_citation(source) for source in article.sources.all()],
    }
    if article.is_page:
        node["name"] = node.pop("headline")
        node.pop("articleSection")
        node.pop("mainEntityOfPage")
    return _drop_empty(node)


def build_breadcrumb(steps):
    """Return a BreadcrumbList of steps (name, path), beginning with the front page."""
    return {
        "@type": "BreadcrumbList",
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "name": name,
                "item": build_absolute_url(path),
            }
            for position, (name, path) in enumerate(steps, start=1)
        ],
    }


def build_site():
    """Return the site as a WebSite with its search."""
    home = build_absolute_url(build_fixed_path("home"))
    return {
        "@type": "WebSite",
        "@id": f"{home}#site",
        "url": home,
        "name": settings.SITE_NAME,
        "inLanguage": settings.LANGUAGE_CODE,
        "publisher": {"@id": f"{home}#publisher"},
        "potentialAction": {
            "@type": "SearchAction",
            "target": {
                "@type": "EntryPoint",
                "urlTemplate": build_absolute_url("/search/?q={search_term_string}"),
            },
            "query-input": "required name=search_term_string",
        },
    }


def build_publisher():
    """Return the publisher of the site as an Organization with its logo."""
    path, width, height = LOGO
    home = build_absolute_url(build_fixed_path("home"))
    return {
        "@type": "Organization",
        "@id": f"{home}#publisher",
        "name": settings.SITE_NAME,
        "url": home,
        "logo": {
            "@type": "ImageObject",
            "url": build_absolute_url(static(path)),
            "width": width,
            "height": height,
        },
    }


def _build_series(article):
    if not article.series:
        return None
    address = build_absolute_url(article.series.get_absolute_url())
    series = {"@type": "CreativeWorkSeries", "@id": f"{address}#series"}
    return series | {"name": article.series.title, "url": address}


def _build_correction(note):
    return {
        "@type": "CorrectionComment",
        "name": str(note.label),
        "text": note.text,
        "datePublished": format_moment(note.at),
    }


def _build_authors(article):
    """Return the author, or a list of several."""
    authors = [_build_person(each, article) for each in article.signatures]
    if not authors:
        return {"@type": "Organization", "name": settings.SITE_NAME, "url": build_absolute_url("/")}
    return authors if authors[1:] else authors[0]


def _build_person(signature, article):
    kind = "Organization" if signature.is_agency else "Person"
    person = {"@type": kind, "name": signature.name, "jobTitle": signature.role}
    if not article.is_page:
        person["url"] = build_absolute_url(signature.path)
    if signature.is_agency:
        person.pop("jobTitle")
    return _drop_empty(person)


def _build_pictures(article):
    """Return the pictures of an article as they are, and the first one in three proportions."""
    files = dict.fromkeys(filter(None, (article.card_picture, article.lead_image)))
    files = [file for file in files if file.is_image]
    cuts = [_describe_cut(files[0], *cut) for cut in files[0].cuts] if files else []
    return [*map(_build_picture, files), *cuts]


def _describe_cut(file, path, width, height):
    address = build_absolute_url(path)
    size = {"width": width, "height": height}
    cut = {"@type": "ImageObject", "url": address, "contentUrl": address, **size}
    return _drop_empty(cut | {"creditText": file.copyright})


def _build_picture(file):
    address = build_absolute_url(file.image_file.url)
    picture = {
        "@type": "ImageObject",
        "url": address,
        "contentUrl": address,
        "width": file.image_width,
        "height": file.image_height,
        "caption": file.caption,
        "creditText": file.copyright,
    }
    return _drop_empty(picture)


def _build_citation(source):
    publisher = source.publisher and {"@type": "Organization", "name": source.publisher}
    work = {"@type": "CreativeWork", "name": source.title, "url": source.url}
    return _drop_empty(work | {"publisher": publisher})


def _drop_empty(node):
    return {name: value for name, value in node.items() if value}
