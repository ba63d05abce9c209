"""What a site holds, as plain values that another site with other keys would have too; and the
emptying of a site inside a test."""

import re

from django.apps import apps
from django.db import connection
from taggit.models import Tag

from articles.models import Article, Category, MediaFile, Redirect, Series
from articles.search.sqlite import TABLE as ENTRIES
from articles.web.html import parse_html, serialize_html
from comments.models import Comment, Mention, Thread
from newsroom.wordpress.wxr.vocabulary import ARTICLE_FIELDS

KEPT = {"auth", "contenttypes", "sessions", "admin"}  # apps whose rows the import leaves alone
ADDED = re.compile(r"-[0-9a-f]{8}_\w{7}$")  # to the name of a file by the library and the storage
FILE = re.compile(r'data-file="(\d+)"')
TEXTS = ("title", "lead", "language", "kind", "featured", "seo_title", "seo_description")


def describe_site():
    """Return {what: {name: value}} of all that an export brings along."""
    files = {file.pk: file for file in MediaFile.objects.all()}
    names = {pk: ADDED.sub("", file.title) for pk, file in files.items()}
    names |= {file.file.url: names[pk] for pk, file in files.items()}
    return {
        "articles": {
            article.slug: _describe_article(article, names) for article in Article.objects.all()
        },
        "categories": {
            row.slug: (str(row.name), row.description, row.parent and row.parent.slug)
            for row in Category.objects.all()
        },
        "tags": dict(Tag.objects.values_list("slug", "name")),
        "series": {row.slug: (str(row.title), row.description) for row in Series.objects.all()},
        "media": {
            (names[file.pk], file.is_image): (
                *(file.caption, file.image_alt_text, file.copyright, file.licence),
                *(file.decorative, file.image_ppoi),
            )
            for file in files.values()
        },
        "redirects": {row.path: row.destination for row in Redirect.objects.all()},
    }


def _describe_article(article, names):
    credits = [
        (credit.part, credit.byline.name, credit.byline.kind, credit.byline.user_id is None)
        for credit in article.credits.all()
    ]
    thread = Thread.objects.filter(article=article).with_mode().first()
    return {
        **{name: str(getattr(article, name)) for name in TEXTS},
        **{name: getattr(article, name) for name in ARTICLE_FIELDS},
        "body": describe_body(article.body, names),
        "author": article.author and str(article.author),
        "category": article.category and article.category.slug,
        "others": sorted(article.other_categories.values_list("slug", flat=True)),
        "tags": sorted(article.tags.names()),
        "series": article.series and (article.series.slug, article.series_number),
        "pictures": (names.get(article.lead_image_id), names.get(article.card_image_id)),
        "corrections": [(note.kind, note.text, note.at) for note in article.dated_notes],
        "sources": list(article.sources.values_list("title", "publisher", "url")),
        "related": [link.related.slug for link in article.related_links.all()],
        "credits": sorted(credits, key=lambda credit: credit[0]),
        "mode": thread.mode if thread else "open",
        "comments": [_describe_comment(comment) for comment in _list_comments(thread)],
        "mentions": [
            (row.kind, row.title, row.url, row.excerpt, row.state, _second(row.received_at))
            for row in Mention.objects.filter(article=article)
        ],
    }


def describe_body(html, names):
    """Return a body without what differs by itself: keys and addresses of files, lone paragraphs in
    cells and items, empty captions, and the body of a table that HTML itself adds."""
    html = FILE.sub(lambda match: f'data-file="{names[int(match[1])]}"', html)
    root = parse_html(html)
    for link in root.iter("a"):
        link.set("href", names.get(link.get("href"), link.get("href")))
    for caption in root.xpath(".//figcaption[not(node())]"):
        caption.drop_tree()
    for rows in root.xpath(".//tbody"):
        rows.drop_tag()
    for cell in root.xpath(".//td | .//th | .//li"):
        if len(cell) and cell[0].tag == "p" and not (cell.text or "").strip():
            cell[0].drop_tag()
    for element in root.iter():
        element.text = (element.text or "").strip("\n") or None
        element.tail = (element.tail or "").strip("\n") or None
    return serialize_html(root)


def _list_comments(thread):
    rows = Comment.objects.order_by("number").select_related("staff", "parent")
    return rows.filter(thread=thread) if thread else []


def _describe_comment(comment):
    return (
        *(comment.pk, comment.number, comment.parent_id, comment.level, comment.name),
        *(comment.tripcode, str(comment.staff or ""), comment.text, comment.state),
        *(comment.reason, comment.score, _second(comment.posted_at), comment.edited_at),
    )


def _second(moment):
    return moment.replace(microsecond=0)


def empty_site():
    """Delete all rows of ours. The files of the media library stay."""
    tables = [
        model._meta.db_table
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and model._meta.app_label not in KEPT
    ]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        for table in [*tables, ENTRIES]:
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")
