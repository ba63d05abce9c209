"""What an export of ours says beside WordPress's fields: values of columns, corrections, sources.

An export may come from anywhere, so nothing is taken that a column would refuse.
"""

from contextlib import suppress
from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from articles.models import Article
from articles.models.corrections import CorrectionKind
from articles.workflow import Status
from newsroom.wordpress.wxr.vocabulary import ARTICLE, ARTICLE_FIELDS, CORRECTIONS, RELATED, SOURCES


def read_fields(model, values, names):
    """Return {name: value} of those named columns of a model that a dict gives validly."""
    fields = {}
    for name in names if isinstance(values, dict) else ():
        if name in values:
            with suppress(ValidationError, TypeError, ValueError):
                fields[name] = model._meta.get_field(name).clean(values[name], None)
    return fields


def read_state(item):
    """Return the columns that tell the state of an article of ours, none for other items, nor for
    values that contradict one another."""
    fields = read_fields(Article, item.own.get(ARTICLE), ARTICLE_FIELDS)
    status = fields.get("status")
    is_trashed = bool(fields.get("trashed_at")) and fields.get("trashed_from") in Status.values
    if (status == Status.TRASH) != is_trashed or not status:
        return {}
    published_at, expires_at = fields.get("published_at"), fields.get("expires_at")
    if status == Status.PUBLISHED and not published_at:
        return {}
    if published_at and expires_at and expires_at <= published_at:
        return {}
    return {"published_at": None} | fields


def read_corrections(item, find_writer):
    """Return the columns of the corrections of an article. ``find_writer`` returns the account of
    a login, or None."""
    entries = [_read_correction(each, find_writer) for each in _list_dicts(item, CORRECTIONS)]
    entries = [entry for entry in entries if entry]
    if not entries:
        return {}
    newest = max(datetime.fromisoformat(entry["at"]) for entry in entries)
    return {"corrections": entries, "corrected_at": newest}


def read_sources(item):
    """Return the sources of an article as the fields of their rows."""
    rows = [row for row in item.own.get(SOURCES, ()) if _are_texts(row) and len(row) == 3]
    return [
        {"title": title[:300], "publisher": publisher[:200], "url": url if _is_url(url) else ""}
        for title, publisher, url in rows
    ]


def read_related(item):
    """Return the slugs of the related articles of an article."""
    slugs = item.own.get(RELATED, ())
    return list(dict.fromkeys(slug for slug in slugs if isinstance(slug, str)))


def _read_correction(entry, find_writer, moment="at"):
    kind, text, at = entry.get("kind"), entry.get("text"), _read_moment(entry.get(moment))
    if kind not in CorrectionKind.values or not isinstance(text, str) or not at:
        return None
    login = entry.get("by")
    by = find_writer(login) if isinstance(login, str) else None
    read = {"kind": kind, "text": text, moment: at.isoformat(), "by": by}
    earlier = entry.get("earlier") if moment == "at" else None
    texts = [
        each for each in (earlier if isinstance(earlier, list) else ()) if isinstance(each, dict)
    ]
    texts = [_read_correction(each, find_writer, "until") for each in texts]
    texts = [each for each in texts if each]
    return read | {"earlier": texts} if texts else read


def _read_moment(text):
    with suppress(TypeError, ValueError):
        moment = datetime.fromisoformat(text)
        return moment if moment.tzinfo else None
    return None


def _list_dicts(item, name):
    rows = item.own.get(name, ())
    return [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []


def _are_texts(values):
    return isinstance(values, list) and all(isinstance(value, str) for value in values)


def _is_url(text):
    with suppress(ValidationError):
        URLValidator()(text)
        return len(text) <= 2000
    return False
