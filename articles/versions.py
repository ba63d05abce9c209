"""Versions of an article as plain values: of a revision, of the article, of a form. They can be
merged with each other."""

from dataclasses import dataclass, field

from articles.merging import (
    Merge,
    merge_bodies,
    merge_names,
    merge_rows,
    merge_value,
)

TEXTS = {"lead", "withdrawal_note"}  # fields of which both sides can be taken
NAMES = ("tags", "other_categories")  # lists without order
ROW_FIELDS = ("title", "publisher", "url")


@dataclass
class Version:
    values: dict  # of fields
    body: str = ""
    names: dict = field(default_factory=dict)  # lists without order; absent where not recorded
    sources: list = field(default_factory=list)
    related: list = field(default_factory=list)  # primary keys
    credits: list = field(default_factory=list)


def read_fields(record, fields):
    """Return the values of an article's or revision's fields; moments to the second, as forms."""
    return {name: read_value(getattr(record, _find_column(record, name))) for name in fields}


def _find_column(record, name):
    return record._meta.get_field(name).attname


def read_value(value):
    value = getattr(value, "pk", value)
    return value.replace(microsecond=0) if hasattr(value, "microsecond") else value


def read_revision(revision, fields):
    snapshot = revision.snapshot
    return Version(
        read_fields(revision, fields),
        revision.body,
        {name: snapshot[name] for name in NAMES if name in snapshot},
        [read_source(row) for row in snapshot.get("sources", [])],
        [entry["pk"] for entry in snapshot.get("related", [])],
        [read_credit(row) for row in snapshot.get("credits", [])],
    )


def read_article(article, fields):
    return Version(
        read_fields(article, fields),
        article.body,
        {
            "tags": list(article.tags.names()),
            "other_categories": list(article.other_categories.values_list("pk", flat=True)),
        },
        [read_source(row) for row in article.sources.values(*ROW_FIELDS)],
        list(article.related_links.values_list("related_id", flat=True)),
        [
            {"byline": pk, "part": part}
            for pk, part in article.credits.values_list("byline_id", "part")
        ],
    )


def read_content_version(content, fields):
    """Return the content of a draft change, as ``articles.models.article_change`` reads it."""
    stored = {name.removesuffix("_id"): value for name, value in content["fields"].items()}
    return Version(
        {name: stored[name] for name in fields if name in stored},
        stored["body"],
        {"tags": content["tags"], "other_categories": content["others"]},
        [read_source(row) for row in content["sources"]],
        [entry["pk"] for entry in content["related"]],
        [read_credit(row) for row in content["credits"]],
    )


def read_credit(row):
    return {"byline": row["byline"], "part": row["part"]}


def read_source(row):
    return {name: (row.get(name) or "").strip() for name in ROW_FIELDS}


@dataclass
class MergedVersions:
    """The merges of all parts of two versions."""

    values: dict
    body: Merge
    names: dict
    sources: Merge
    related: Merge
    credits: Merge

    @property
    def merges(self):
        rows = self.sources, self.related, self.credits
        return [*self.values.values(), self.body, *self.names.values(), *rows]

    @property
    def conflicts(self):
        return [conflict for merge in self.merges for conflict in merge.conflicts]

    @property
    def changes(self):
        return [change for merge in self.merges for change in merge.changes]

    def resolve(self, choices):
        """Return the merged version; ``choices`` maps names of conflicts to sides."""
        return Version(
            {name: _join(merge.resolve(choices)) for name, merge in self.values.items()},
            "".join(self.body.resolve(choices)),
            {name: merge.parts[0] for name, merge in self.names.items()},
            self.sources.resolve(choices),
            self.related.resolve(choices),
            self.credits.resolve(choices),
        )


def _join(values):
    """Return the value of a field; both sides of a text follow each other."""
    return values[0] if len(values) == 1 else "\n".join(filter(None, values))


def merge_versions(base, mine, theirs):
    """Merge two versions that started from the same one."""
    return MergedVersions(
        {
            name: merge_value(
                name,
                base.values.get(name),
                mine.values[name],
                theirs.values[name],
                allows_both=name in TEXTS,
            )
            for name in mine.values
        },
        merge_bodies("body", base.body, mine.body, theirs.body),
        {
            name: merge_names(name, base.names.get(name), mine.names[name], theirs.names[name])
            for name in mine.names
        },
        merge_rows(
            "sources",
            base.sources,
            mine.sources,
            theirs.sources,
            key=lambda row: row["url"] or row["title"],
        ),
        merge_rows("related", base.related, mine.related, theirs.related, key=lambda pk: pk),
        merge_rows(
            "credits",
            base.credits,
            mine.credits,
            theirs.credits,
            key=lambda row: (row["byline"], row["part"]),
        ),
    )
