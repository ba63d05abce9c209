"""Reads a Ghost export: JSON that holds the tables of its database."""

import json
from datetime import UTC, datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from articles.web.html import remove_unprintable
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.file_kinds import describe_file, join_sentences

EXPORT = gettext_lazy(
    "In Ghost choose Settings → Import/Export → Export content & settings, and import that .json"
    " file."
)


class Row:
    """A row of a table. What it holds may be of any type: reading never raises."""

    def __init__(self, fields):
        self._fields = fields

    def read(self, name):
        """Return a field as a text, empty if it holds none."""
        value = self._fields.get(name)
        if isinstance(value, bool) or not isinstance(value, str | int):
            return ""
        return remove_unprintable(str(value))

    def is_set(self, name):
        """Whether a field says yes, as SQLite and MySQL write it."""
        value = self._fields.get(name)
        return value == 1 or value == "1"

    def read_position(self, name):
        """Return a number to sort by; rows without one come last, in their order."""
        value = self._fields.get(name)
        is_number = isinstance(value, int | float) and value == value  # not NaN
        return (0, value) if is_number else (1, 0)

    def read_moment(self, name):
        """Return an aware datetime, or None. Ghost writes ISO 8601; its first versions wrote
        milliseconds since 1970."""
        value = self._fields.get(name)
        try:
            if isinstance(value, int):
                moment = datetime.fromtimestamp(value / 1000, UTC)
            else:
                moment = datetime.fromisoformat(value.strip())
                moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
                moment = moment.astimezone(UTC)
        except (AttributeError, OSError, OverflowError, ValueError):
            return None
        return moment if 1000 <= moment.year < 9999 else None


def read_tables(path):
    """Return {name of a table: its ``Row``s}. Raises ``BrokenExport`` for any other file."""
    content = path.read_bytes()
    try:
        document = json.loads(content)
    except json.JSONDecodeError as error:
        if not content.lstrip().startswith((b"{", b"\xef\xbb\xbf{")):
            raise BrokenExport(1, explain_file(content)) from error
        reason = _("the JSON cannot be read from here: the file may be cut off. Export it again.")
        raise BrokenExport(error.lineno, reason) from error
    except (ValueError, RecursionError) as error:
        raise BrokenExport(1, explain_file(content)) from error
    tables = _find_tables(document)
    if not isinstance(tables, dict) or not isinstance(tables.get("posts"), list):
        raise BrokenExport(1, explain_file(content))
    return {
        name: [Row(fields) for fields in rows if isinstance(fields, dict)]
        for name, rows in tables.items()
        if isinstance(rows, list)
    }


def explain_file(head):
    """Return what a file is, by its first bytes, and what to try."""
    is_json = head.lstrip()[:1] in {b"{", b"["}
    kind = "" if is_json else describe_file(head[:1000])
    return join_sentences(kind or _("this is not a Ghost export (JSON)."), EXPORT)


def _find_tables(document):
    """Return the tables of an export: Ghost has put them into ``db`` since its first version."""
    if isinstance(document, dict) and isinstance(document.get("db"), list):
        document = next((each for each in document["db"] if isinstance(each, dict)), None)
    return document.get("data") if isinstance(document, dict) else None
