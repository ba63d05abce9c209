"""The lines of a file of an archive: rows as JSON, their schema, and back."""

import inspect
import json
from functools import cached_property

from django.db import connection
from django.utils.translation import override

from newsroom.site_archive.archived_tables import TABLES
from newsroom.site_archive.columns import build_columns
from newsroom.site_archive.pseudonyms import Numbers

VERSION = 1
DIALECT = "https://json-schema.org/draft/2020-12/schema"


class LineFormat:
    """How the rows of one table are written and read.

    ``known`` are the names of the fields in the schema of the archive that is read. A field that
    the archive's release did not have yet gets its default. ``cleaned`` counts the texts that were
    read and held HTML that is not allowed.
    """

    def __init__(self, table, *, with_keys, known=None):
        self.table = table
        self.columns = build_columns(table)
        self.is_left_out = table.is_secret and not with_keys
        self._hidden = {} if with_keys else table.secret
        self._number = table.number if not with_keys else None
        self._numbers = Numbers()
        self.cleaned = 0
        known = known or {column.name for column in self.columns}
        self._later = {column.name for column in self.columns} - known
        self._without = {*table.left_out, *self._hidden, *self._later}
        self._expected = {column.name for column in self.columns} - self._without
        fields = {each.name: each for each in table.model._meta.concrete_fields}
        self._supplied = [fields[name] for name in sorted(self._without)]
        self._read = [column for column in self.columns if column.name in self._expected]

    @property
    def attributes(self):
        """The names by which a queryset gives the values that ``write`` takes."""
        return [column.attname for column in self._read]

    @property
    def database_columns(self):
        """The columns of the values that ``read`` returns."""
        fields = [*(column.field for column in self._read), *self._supplied]
        return [field.column for field in fields]

    @cached_property
    def key(self):
        """The name of the primary key."""
        return self.table.model._meta.pk.name

    def write(self, values):
        """Return the line of a row."""
        pairs = zip(self._read, values, strict=True)
        row = {column.name: column.write(value) for column, value in pairs}
        if self._number:
            self._number(self._numbers, row)
        return json.dumps(row, ensure_ascii=False)

    def read(self, line):
        """Return the values of a line for the database. Raises ``ValueError`` with what is wrong
        with it."""
        row = parse_line(line)
        self._check_names(row)
        self._clean_html(row)
        values = []
        for column in self._read:
            value = row[column.name]
            if fault := column.find_fault(value):
                raise ValueError(f"{column.name} {fault}")
            try:
                values.append(column.prepare(column.read(value)))
            except ValueError as error:
                raise ValueError(f"{column.name} is {value!r}: {error}") from error
        return values + [self._supply(field, row[self.key]) for field in self._supplied]

    def _check_names(self, row):
        if unknown := sorted(row.keys() - self._expected):
            raise ValueError(f"has the field {unknown[0]}, which the schema does not know")
        if missing := sorted(self._expected - row.keys()):
            raise ValueError(f"has no field {missing[0]}")

    def _clean_html(self, row):
        for name, clean in self.table.html.items():
            if not isinstance(row[name], str):
                continue  # ``find_fault`` says so
            try:
                cleaned = clean(row[name])
            except ValueError as error:
                raise ValueError(f"{name} {error}") from error
            self.cleaned += cleaned != row[name]
            row[name] = cleaned

    def _supply(self, field, key):
        """Return a value that the archive does not have, for the database."""
        rules = {**self.table.left_out, **self.table.secret}
        rule = rules.get(field.name)
        return field.get_db_prep_save(rule(key) if rule else field.get_default(), connection)

    def describe(self):
        """Return the JSON Schema of a line, of archives with and without keys."""
        with override("en"):
            properties = {column.name: self._describe_column(column) for column in self.columns}
        always = [name for name in properties if name not in self.table.secret]
        return {
            "description": _describe_model(self.table.model),
            "type": "object",
            "properties": properties,
            "required": always,
            "additionalProperties": False,
        }

    def _describe_column(self, column):
        notes = {"title": str(getattr(column.field, "verbose_name", column.name))}
        if column.name in self.table.secret:
            notes["description"] = "In archives with keys only."
        elif column.field.is_relation and (target := _find_table(column.field.related_model)):
            notes["description"] = f"The primary key of a line in {target.path}."
        return notes | column.schema


def build_schema():
    """Return the schema of an archive, made of the models."""
    return {
        "$schema": DIALECT,
        "title": "A site of Newsroom",
        "description": (
            "Each definition describes the lines of a file: articles those of data/articles.jsonl."
        ),
        "version": VERSION,
        "$defs": {table.name: LineFormat(table, with_keys=True).describe() for table in TABLES},
    }


def _describe_model(model):
    """Return what a model says of itself first, or its name."""
    text = inspect.cleandoc(model.__doc__).partition("\n\n")[0]
    return model.__name__ if text.startswith(f"{model.__name__}(") else " ".join(text.split())


def parse_line(line):
    """Return the object of a line. Raises ``ValueError`` if it is none."""
    try:
        row = json.loads(line.decode(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise ValueError("is no JSON") from error
    if not isinstance(row, dict):
        raise ValueError("is no JSON object")
    return row


def _refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def _find_table(model):
    return next((table for table in TABLES if table.model is model), None)
