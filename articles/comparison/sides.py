"""The versions that can be compared: the article, its revisions, its draft change, working copies.

A side holds values as they are stored. What a draft change or a working copy does not name is as it
is in the article.
"""

from dataclasses import dataclass, field, replace

from articles.models import Article
from articles.revisions import build_snapshot

TEXTS = ("title", "lead", "body")
# Columns that say nothing to an editor, or follow from others.
UNCOMPARED = {"id", "version", "created_at", "updated_at", "trashed_from", "trashed_at", *TEXTS}


@dataclass(frozen=True)
class Side:
    """``values`` are columns by attribute name, ``parts`` the lists of a snapshot by name."""

    title: str
    lead: str
    body: str
    values: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)


def list_fields():
    """Return the fields of an article that a comparison shows in its table."""
    return [field for field in Article._meta.concrete_fields if field.name not in UNCOMPARED]


def read_record(record, parts):
    """Return an article or a revision as a side."""
    values = {
        field.attname: getattr(record, field.attname)
        for field in list_fields()
        if hasattr(record, field.attname)
    }
    return Side(record.title, record.lead, record.body, values, parts)


def read_article_side(article):
    return read_record(article, build_snapshot(article))


def read_revision_side(revision):
    return read_record(revision, revision.snapshot)


def read_change_side(article, content):
    """Return the article as it will be when a draft change with this content is applied."""
    fields, parts = dict(content["fields"]), dict(content)
    del parts["fields"]
    parts["other_categories"] = parts.pop("others", parts.get("other_categories", []))
    base = read_article_side(article)
    texts = {name: fields.pop(name) for name in TEXTS if name in fields}
    return replace(base, **texts, values=base.values | fields, parts=base.parts | parts)
