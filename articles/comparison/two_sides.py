"""The versions that can be compared: the article, its revisions, its draft change, working copies.

A side holds values as they are stored. What a draft change or a working copy does not name is as it
is in the article.
"""

from dataclasses import dataclass, field, replace

from django.core.exceptions import ValidationError

from articles.body.stored import sanitize_body
from articles.models import Article
from articles.revisions import UNRESTORED, build_snapshot

TEXTS = ("title", "lead", "body")
# Columns that say nothing to an editor, or follow from others.
UNCOMPARED = {
    *(
        "id",
        "version",
        "phrases",
        "created_at",
        "updated_at",
        "corrected_at",
        "trashed_from",
        "trashed_at",
    ),
    *TEXTS,
}


@dataclass(frozen=True)
class Side:
    """``values`` are columns by attribute name, ``parts`` the lists of a snapshot by name."""

    title: str
    lead: str
    body: str
    values: dict = field(default_factory=dict)
    parts: dict = field(default_factory=dict)

    def take_content(self, other):
        """Return this side with the texts, values and parts that restoring the other brings."""
        kept = {
            field.attname: self.values[field.attname]
            for field in list_fields()
            if field.name in UNRESTORED
        }
        texts = {name: getattr(other, name) for name in TEXTS}
        values = self.values | other.values | kept
        return replace(self, **texts, values=values, parts=self.parts | other.parts)


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


def read_copy_side(article, fields):
    """Return the article as a form with these fields shows it; ``fields`` is a QueryDict."""
    base = read_article_side(article)
    texts = {name: fields.get(name, getattr(base, name)) for name in TEXTS}
    texts["body"] = sanitize_body(texts["body"])
    columns = {each.name: each for each in list_fields() if each.name in fields}
    columns.pop("status", None)
    values = {each.attname: _read_value(each, fields[name]) for name, each in columns.items()}
    parts = {name: fields.getlist(name) for name in ("tags",) if name in fields}
    return replace(base, **texts, values=base.values | values, parts=base.parts | parts)


def _read_value(column, text):
    try:
        return column.to_python(text) if text or not column.null else None
    except ValidationError:
        return text


def read_change_side(article, content):
    """Return the article as it will be when a draft change with this content is applied."""
    fields, parts = dict(content["fields"]), dict(content)
    del parts["fields"]
    parts["other_categories"] = parts.pop("others", parts.get("other_categories", []))
    base = read_article_side(article)
    texts = {name: fields.pop(name) for name in TEXTS if name in fields}
    return replace(base, **texts, values=base.values | fields, parts=base.parts | parts)
