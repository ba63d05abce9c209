"""Articles and pages as items, with their terms, meta, comments and mentions.

Links that share a draft, changes of a public article that are not public yet, and revisions stay
here.
"""

import json

from django.contrib.auth import get_user_model

from articles.body.stored import find_file_ids
from articles.models import Article, Credit, MediaFile
from articles.web.addresses import build_absolute_url, build_path
from articles.workflow import Status
from comments.models import Thread
from comments.models.states import Mode
from newsroom.wordpress.authors import convert_login
from newsroom.wordpress.export import post_numbers
from newsroom.wordpress.export.body_blocks import build_content
from newsroom.wordpress.export.body_html import escape_shortcodes
from newsroom.wordpress.export.comment_elements import iterate_comments, iterate_mentions
from newsroom.wordpress.export.item_elements import CLOSE, open_item
from newsroom.wordpress.export.row_batches import iterate_batches
from newsroom.wordpress.wxr import vocabulary
from newsroom.wordpress.wxr.xml_writing import (
    build_meta,
    build_own_meta,
    build_term,
    escape_text,
)

STATES = {
    Status.DRAFT: "draft",
    Status.REVIEW: "pending",
    Status.PUBLISHED: "publish",
    Status.WITHDRAWN: "private",
    Status.TRASH: "trash",
}
TYPES = {Article.Kind.ARTICLE: "post", Article.Kind.PAGE: "page"}
PARTS = (
    *("other_categories", "tags", "credits__byline__user", "sources", "related_links__related"),
    "redirects",
)
ROWS = Article.objects.select_related("author", "category", "series", "card_image")


def iterate_articles(articles=ROWS):
    """Yield (article, pieces of its item) of all articles and pages. Long threads are many
    pieces."""
    staff = dict(get_user_model().objects.values_list("pk", "username"))
    for batch in iterate_batches(articles.prefetch_related(*PARTS)):
        threads = Thread.objects.filter(article__in=batch).with_mode()
        threads = {thread.article_id: thread for thread in threads}
        keys = set().union(*(find_file_ids(article.body) for article in batch))
        files = MediaFile.objects.in_bulk(keys)
        files = {pk: file for pk, file in files.items() if file.is_image}
        for article in batch:
            yield article, _iterate_pieces(article, threads.get(article.pk), files, staff)


def _iterate_pieces(article, thread, files, staff):
    yield _build_article(article, thread, files, staff)
    if thread:
        yield from iterate_comments(thread.pk)
    yield from iterate_mentions(article.pk)
    yield CLOSE


def _build_article(article, thread, files, staff):
    address = build_absolute_url(article.get_absolute_url())
    content = build_content(article.body, files, address)
    is_open = thread is None or thread.mode != Mode.CLOSED
    item = open_item(
        {
            "title": escape_text(article.title),
            "link": address,
            "author": article.author.username if article.author else "",
            "content": content.html,
            "excerpt": escape_shortcodes(escape_text(article.lead)),
            "post_id": post_numbers.number_post(post_numbers.ARTICLE, article.pk),
            "post_date": article.published_at,
            "post_modified": article.updated_at,
            "post_name": article.slug,
            "post_type": TYPES[article.kind],
            "status": _find_state(article),
            "comment_status": "open" if is_open else "closed",
            "is_sticky": int(article.featured),
        }
    )
    footnotes = json.dumps(content.footnotes, ensure_ascii=False) if content.footnotes else ""
    notes = build_meta(vocabulary.FOOTNOTES, footnotes)
    return "".join([item, *_list_terms(article), *_list_meta(article, staff), notes])


def _find_state(article):
    """Return WordPress's state of an article. What readers do not see as it was is private."""
    if article.is_expired:
        return "private"
    return "future" if article.is_scheduled else STATES[article.status]


def _list_terms(article):
    categories = [article.category] if article.category else []
    for category in [*categories, *article.other_categories.all()]:
        yield build_term(vocabulary.CATEGORY, category.slug, category.name)
    for tag in article.tags.all():
        yield build_term(vocabulary.TAG, tag.slug, tag.name)
    if article.series:
        yield build_term(vocabulary.SERIES, article.series.slug, article.series.title)
    if article.language:
        yield build_term(vocabulary.LANGUAGE, article.language, article.get_language_display())
    for credit in article.credits.all():
        if credit.part == Credit.Part.TEXT:
            name = name_byline(credit.byline)
            slug = f"{vocabulary.GUEST_PREFIX}{name}"
            yield build_term(vocabulary.BYLINES, slug, name)


def name_byline(byline):
    """Return the name of a byline in the addresses of Co-Authors Plus."""
    return convert_login(byline.user.username) if byline.user else byline.slug


def _list_meta(article, staff):
    yield build_meta(vocabulary.THUMBNAIL, _number_file(article.lead_image_id))
    yield from _list_card(article)
    if article.series:
        yield build_meta(vocabulary.SERIES_PART, article.series_number)
    if article.status == Status.TRASH:
        yield build_meta(vocabulary.TRASHED_FROM, STATES[article.trashed_from])
        yield build_meta(vocabulary.TRASHED_AT, int(article.trashed_at.timestamp()))
    for slug in _list_old_slugs(article):
        yield build_meta(vocabulary.OLD_SLUG, slug)
    fields = {name: getattr(article, name) for name in vocabulary.ARTICLE_FIELDS}
    fields = {name: value for name, value in fields.items() if value}
    yield build_own_meta(vocabulary.ARTICLE, fields)
    corrections = [_name_writer(entry, staff) for entry in article.corrections]
    yield build_own_meta(vocabulary.CORRECTIONS, corrections)
    sources = [(row.title, row.publisher, row.url) for row in article.sources.all()]
    yield build_own_meta(vocabulary.SOURCES, sources)
    related = [link.related.slug for link in article.related_links.all()]
    yield build_own_meta(vocabulary.RELATED, related)
    photographers = [
        name_byline(credit.byline)
        for credit in article.credits.all()
        if credit.part == Credit.Part.PHOTO
    ]
    yield build_own_meta(vocabulary.PHOTOGRAPHERS, photographers)


def _name_writer(correction, staff):
    """Return a correction with the logins of those who wrote it and what it said before."""
    earlier = [_name_writer(each, staff) for each in correction.get("earlier", ())]
    named = correction | {"by": staff.get(correction.get("by"))}
    return named | {"earlier": earlier} if earlier else named


def _list_card(article):
    if article.category and article.other_categories.all():
        category = post_numbers.number_term(post_numbers.CATEGORY, article.category_id)
        yield build_meta(vocabulary.SEO["main_category"][0], category)
    yield build_meta(vocabulary.SEO["title"][0], escape_text(article.seo_title))
    yield build_meta(vocabulary.SEO["description"][0], escape_text(article.seo_description))
    if article.card_image:
        address = build_absolute_url(article.card_image.file.url)
        yield build_meta("_yoast_wpseo_opengraph-image", address)
        yield build_meta(vocabulary.SEO["image"][0], _number_file(article.card_image_id))


def _list_old_slugs(article):
    """Yield the slugs that the article had before, from its redirects."""
    before = build_path("articles:detail", "").rstrip("/")
    for redirect in article.redirects.all():
        head, _slash, slug = redirect.path.rpartition("/")
        if head == before:
            yield slug


def _number_file(pk):
    return post_numbers.number_post(post_numbers.FILE, pk) if pk else ""
