"""The differences of the fields of two versions: values, dates, lists and their order, pictures."""

from collections import namedtuple
from datetime import datetime

from cabinet.models import get_file_model
from django.db.models import ForeignKey, TextField
from django.utils.formats import date_format
from django.utils.html import format_html_join
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from articles.comparison.line_html import render_change, render_file
from articles.comparison.two_sides import list_fields
from articles.models import Article
from articles.models.corrections import CorrectionKind
from articles.web.html import remove_unprintable
from articles.web.text_diff import compare_texts, compare_words

FieldChange = namedtuple("FieldChange", ["label", "old", "new"])  # both as safe HTML
HIDDEN = {"id", "pk", "position", "byline"}  # entries of a part that are no words
SEPARATOR = "、 "
SHORT = 12  # characters of items that stand in one line
LONG = 80  # characters from which two texts are compared word by word


def compare_fields(old, new):
    """Return the fields and parts that differ between two sides."""
    changes = [
        _compare_field(field, old.values[field.attname], new.values[field.attname])
        for field in list_fields()
        if field.attname in old.values
        and field.attname in new.values
        and old.values[field.attname] != new.values[field.attname]
    ]
    for name in old.parts.keys() & new.parts.keys():
        if old.parts[name] != new.parts[name]:
            sides = (describe_entries(name, side.parts[name]) for side in (old, new))
            changes.append(compare_lists(label_part(name), *sides))
    return [change for change in changes if change.old != change.new]


def name_changes(old, new, *, without=()):
    """Return the labels of the fields and parts that differ, without reading what they hold."""
    labels = [
        str(capfirst(field.verbose_name))
        for field in list_fields()
        if field.name not in without
        and old.values.get(field.attname) != new.values.get(field.attname)
    ]
    names = sorted(old.parts.keys() & new.parts.keys())
    return labels + [label_part(name) for name in names if old.parts[name] != new.parts[name]]


def label_part(name):
    """Return what a list of a snapshot is called."""
    known = _find_field(name)
    is_reverse = known.auto_created and not known.concrete
    label = known.related_model._meta.verbose_name_plural if is_reverse else known.verbose_name
    return str(capfirst(label))


def _find_field(name):
    """Return the field or the reverse relation of an article that a part of a snapshot is of."""
    return Article._meta.get_field({"related": "related_links"}.get(name, name))


def compare_lists(label, old, new):
    """Return the change of two lists of words: which are gone, new, or in another place."""
    pieces = compare_words(old, new, is_crumb=lambda words: False)
    if pieces is None:
        pieces = [("removed", old), ("added", new)]
    return FieldChange(label, *(_render_items(pieces, kind) for kind in ("removed", "added")))


def _render_items(pieces, kind):
    items = [(each, item) for each, items in pieces for item in items if each in {kind, "kept"}]
    if not items:
        return "–"
    rendered = ((render_change(*item),) for item in items)
    if all(len(item) <= SHORT for _kind, item in items):
        return format_html_join(SEPARATOR, "{}", rendered)
    return format_html_join("", '<span class="compare__item">{}</span>', rendered)


def _compare_field(field, old, new):
    label = capfirst(field.verbose_name)
    if field.name == "corrections":
        return compare_lists(
            label, *([_describe_note(each) for each in side] for side in (old, new))
        )
    if isinstance(field, ForeignKey) and field.related_model is get_file_model():
        files = get_file_model().objects.in_bulk([pk for pk in (old, new) if pk])
        return FieldChange(label, *(_render_picture(pk, files) for pk in (old, new)))
    old, new = (describe_value(field, value) for value in (old, new))
    if isinstance(field, TextField) or max(len(old), len(new)) > LONG:
        return _compare_long(label, old, new)
    return FieldChange(
        label,
        render_change("removed", old) if old else "–",
        render_change("added", new) if new else "–",
    )


def _compare_long(label, old, new):
    pieces = [(piece.kind, [piece.text]) for piece in compare_texts(old, new)]
    sides = (
        format_html_join(
            "",
            "{}",
            ((render_change(each, "".join(words)),) for each, words in pieces if each in kinds),
        )
        for kinds in ({"kept", "removed"}, {"kept", "added"})
    )
    return FieldChange(label, *(side or "–" for side in sides))


def _render_picture(pk, files):
    if pk is None:
        return "–"
    return render_file(files[pk]) if pk in files else _("Picture that is gone")


def describe_value(field, value):
    """Return the value of a field as editors read it."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, datetime):
        return date_format(localtime(value), "DATETIME_FORMAT")
    if isinstance(field, ForeignKey):
        found = field.related_model._base_manager.filter(pk=value).first()
        return (
            remove_unprintable(str(found)) if found else _("Gone (number %(pk)s)") % {"pk": value}
        )
    if field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return remove_unprintable(str(value))


def describe_entries(name, entries):
    """Return the entries of a list of a snapshot as words."""
    model = _find_field(name).related_model
    keys = [entry for entry in entries if isinstance(entry, int)]
    names = (
        {pk: str(each) for pk, each in model._base_manager.in_bulk(keys).items()} if keys else {}
    )
    return [
        remove_unprintable(_describe_entry(model, entry))
        if isinstance(entry, dict)
        else names.get(entry, str(entry))
        for entry in entries
    ]


def _describe_entry(model, entry):
    choices = {
        field.name: dict(field.flatchoices)
        for field in model._meta.concrete_fields
        if field.choices and field.name in entry
    }
    return " · ".join(
        str(choices.get(name, {}).get(value, value))
        for name, value in sorted(entry.items(), key=lambda pair: pair[0] != "title")
        if value and name not in HIDDEN
    )


def _describe_note(note):
    day = date_format(localtime(datetime.fromisoformat(note["at"])), "DATETIME_FORMAT")
    return f"{CorrectionKind(note['kind']).label} {day} {note['text']}"
