"""The rows of an inline in the fields of a form: read, written, and aligned with stored rows."""

import re

from articles.web.paging import read_integer

MOST = 1000  # rows, as in Django's formsets
UNTYPED = {"position", "article", "part"}  # what an empty row may hold


def read_rows(fields, prefix):
    """Return the rows of an inline, in their order, each as {name: value}.

    ``fields`` is a QueryDict. Deleted rows and empty ones are left out.
    """
    rows = [row for row in _read_all(fields, prefix) if not row.get("DELETE")]
    rows = [row for row in rows if any(row[name] for name in row.keys() - UNTYPED)]
    return sorted(rows, key=_read_position)


def write_rows(fields, prefix, rows, stored):
    """Write rows into fields. Rows of ``stored``, keys as texts, come first; others are new.

    A stored row that is not among the rows is marked for deletion.
    """
    _remove_all(fields, prefix)
    known = {row["id"]: row for row in rows if row.get("id") in stored}
    ordered = [known.get(pk, {"id": pk, "DELETE": "on"}) for pk in stored]
    ordered += [{**row, "id": ""} for row in rows if row.get("id") not in known]
    _write_all(fields, prefix, ordered, len(stored))


def align_rows(fields, prefix, stored):
    """Turn rows that name no stored row any more into new ones; Django's formsets fail on them."""
    rows = _read_all(fields, prefix)
    known = [row for row in rows if row.get("id") in stored]
    if len(known) == read_integer(fields.get(f"{prefix}-INITIAL_FORMS", "")):
        return
    others = [{**row, "id": ""} for row in rows if row.get("id") not in stored]
    _remove_all(fields, prefix)
    _write_all(fields, prefix, known + others, len(known))


def _read_all(fields, prefix):
    total = read_integer(fields.get(f"{prefix}-TOTAL_FORMS", "")) or 0
    pattern = re.compile(rf"{re.escape(prefix)}-(\d{{1,4}})-(\w+)")
    rows = [{} for _index in range(min(total, MOST))]
    for name in fields:
        match = pattern.fullmatch(name)
        if match and int(match[1]) < len(rows):
            rows[int(match[1])][match[2]] = fields[name]
    return rows


def _read_position(row):
    position = read_integer(row.get("position") or "")
    return MOST if position is None else position


def _remove_all(fields, prefix):
    for name in [name for name in fields if name.startswith(f"{prefix}-")]:
        if "__prefix__" not in name:
            del fields[name]


def _write_all(fields, prefix, rows, initial):
    fields[f"{prefix}-TOTAL_FORMS"] = str(len(rows))
    fields[f"{prefix}-INITIAL_FORMS"] = str(initial)
    for index, row in enumerate(rows):
        for name, value in row.items():
            fields[f"{prefix}-{index}-{name}"] = value
