"""Edits made here win over a later export: which articles have some, and what the export said.

A revision that an import writes names the source as its reason. An article counts as edited when
its newest revision is another one and its content differs from what the last import left or
offered. States (withdrawn, in the trash, expired) are no content.
"""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from articles.comparison.units import read_units
from articles.models import Article
from articles.revisions import REASON_LENGTH, build_snapshot, list_restored

# The editor puts the texts of items into paragraphs.
IN_PARAGRAPHS = dict.fromkeys(("li", "dd"), "p")
THINGS = {"img", "cell", "ruby", "math"}  # marks of what is no word
FURTHER = {"author_id", "featured", "published_at"}  # content that restoring a revision leaves


def is_edited(article, source):
    """Whether somebody changed an article here since an import from ``source`` wrote it."""
    newest = article.history.first()
    if newest is None or newest.history_change_reason == source:
        return False
    imported = article.history.filter(history_change_reason__startswith=source)
    last = [imported.first(), imported.filter(history_change_reason=source).first()]
    columns = list_columns(article)
    content = _read_content(article, build_snapshot(article), columns)
    return all(
        revision is None or _read_content(revision, revision.snapshot, columns) != content
        for revision in last
    )


def store_other_version(article, source, fields, parts):
    """Store the version of an export as a revision, below one of the article as it is.

    ``fields`` are values of the article's columns, ``parts`` those of its snapshot.
    """
    snapshot, now = build_snapshot(article), timezone.now()
    reason = f"{source}: {_('version of the export, not used')}"
    _store_revision(article, fields, snapshot | parts, now - timedelta(milliseconds=1), reason)
    _store_revision(article, {}, snapshot, now, _("Kept as edited here"))


def list_columns(article):
    """Return the names of the columns that hold the content of an article."""
    return [field.attname for field in list_restored(article)] + sorted(FURTHER)


def _store_revision(article, fields, snapshot, date, reason):
    history = Article.history.model
    values = {field.attname: getattr(article, field.attname) for field in history.tracked_fields}
    known = {name: value for name, value in fields.items() if name in values}
    history.objects.create(
        **values | known,
        snapshot=snapshot,
        history_date=date,
        history_type="~",
        history_change_reason=reason[:REASON_LENGTH],
    )


def _read_content(row, snapshot, columns):
    credits = [(entry["byline"], entry["part"]) for entry in snapshot.get("credits", ())]
    related = [entry["pk"] for entry in snapshot.get("related", ())]
    lists = [sorted(snapshot.get(name, ())) for name in ("tags", "other_categories")]
    values = [getattr(row, name) for name in columns if name != "body"]
    return values, list_contents(row.body), lists, credits, related


def list_contents(body):
    """Return what readers can tell apart in a body, which the editor may write in other words."""
    units = [unit.content for unit in read_units(body)]
    return [
        (IN_PARAGRAPHS.get(kind, kind), place, _join_words(words)) for kind, place, words in units
    ]


def _join_words(words):
    """Return [marks in any order, text] of the runs of equally marked words."""
    runs = []
    for text, *marks in ((word.text, *sorted(word.marks)) for word in words):
        is_thing = any(name in THINGS for name, _value in marks)
        if runs and runs[-1][0] == marks and not is_thing:
            runs[-1][1] += text
        else:
            runs.append([marks, text])
    return runs
