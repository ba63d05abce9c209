"""The fields of an archived table, as values of JSON and back."""

import json
import re
from datetime import UTC, date, datetime
from uuid import UUID

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection, models
from django.utils.choices import CallableChoiceIterator

INTEGERS = {
    "AutoField": (-(2**31), 2**31 - 1),
    "BigAutoField": (-(2**63), 2**63 - 1),
    "BigIntegerField": (-(2**63), 2**63 - 1),
    "IntegerField": (-(2**31), 2**31 - 1),
    "PositiveBigIntegerField": (0, 2**63 - 1),
    "PositiveIntegerField": (0, 2**31 - 1),
    "PositiveSmallIntegerField": (0, 2**15 - 1),
    "SmallIntegerField": (-(2**15), 2**15 - 1),
}
TEXTS = ("CharField", "FileField", "SlugField", "TextField")
MOMENT = r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$"
DAY = r"^\d{4}-\d\d-\d\d$"
KEY = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
FILE = r"^(?![/\\])(?!(.*[/\\])?\.\.([/\\]|$))"  # a path that stays in its folder
# An address of the web, or a text that browsers take for a relative one: none that runs a script.
WEB = r"^([hH][tT][tT][pP][sS]?:|[fF][tT][pP][sS]?:|[^:/?#]*([/?#]|$))"
MODEL, PERMISSION = r"^\w+\.\w+$", r"^\w+\.\w+\.\w+$"

TYPES = {
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "null": lambda value: value is None,
    "string": lambda value: isinstance(value, str),
}
SAYS = {"boolean": "true or false", "integer": "a whole number", "string": "a text"}


def build_columns(table):
    """Return the columns of a table in the order of its fields."""
    return [_choose_kind(field)(field) for field in table.list_fields()]


class Column:
    """A field whose values JSON has too."""

    def __init__(self, field):
        self.field, self.name, self.attname = field, field.name, field.attname
        self.schema = self._describe()
        self._types = self.schema.get("type", [])
        self._pattern = re.compile(self.schema.get("pattern", ""))

    def _describe(self):
        schema = self.describe_type()
        choices = self.field.choices
        if choices and not isinstance(choices, CallableChoiceIterator):
            values = [value for value, _label in self.field.flatchoices]
            values += [""] if self.field.blank and "" not in values else []
            schema["enum"] = [*values, None] if self.field.null else values
        if schema and self.field.null:
            schema["type"].append("null")
        return schema

    def describe_type(self):
        """Return the type in the schema, with its bounds."""
        kind = _find_target(self.field).get_internal_type()
        if kind == "BooleanField":
            return {"type": ["boolean"]}
        if kind in INTEGERS:
            least, most = INTEGERS[kind]
            return {"type": ["integer"], "minimum": least, "maximum": most}
        return {"type": ["string"], **self.describe_text()}

    def describe_text(self):
        """Return what the schema says of a text."""
        target = _find_target(self.field)
        if isinstance(target, models.FileField):
            return {"maxLength": target.max_length, "pattern": FILE}
        if isinstance(target, models.URLField):
            return {"maxLength": target.max_length, "pattern": WEB}
        return {"maxLength": target.max_length} if isinstance(target, models.CharField) else {}

    def find_fault(self, value):
        """Return what is wrong with a value, by the schema; empty if nothing is."""
        if not self._types:
            return ""
        if not any(TYPES[name](value) for name in self._types):
            return f"is not {' or '.join(SAYS.get(name, name) for name in self._types)}"
        if "enum" in self.schema and value not in self.schema["enum"]:
            return f"is {value!r}, which is none of its values"
        if isinstance(value, str):
            return self._find_fault_of_text(value)
        if value is not None and not isinstance(value, bool):
            least, most = self.schema["minimum"], self.schema["maximum"]
            return "" if least <= value <= most else f"is {value}, not from {least} to {most}"
        return ""

    def _find_fault_of_text(self, value):
        longest = self.schema.get("maxLength")
        if longest is not None and len(value) > longest:
            return f"is longer than {longest} characters"
        if not self._pattern.search(value):
            return f"is {value[:100]!r}, which does not fit {self.schema['pattern']}"
        return "holds what is no text" if "\0" in value or not _is_text(value) else ""

    def write(self, value):
        """Return a value of the database as one of JSON."""
        return value

    def read(self, value):
        """Return a value of JSON as one of Python. Raises ``ValueError``."""
        return value

    def prepare(self, value):
        """Return a value of Python as one of the database."""
        return self.field.get_db_prep_save(value, connection)


class MomentColumn(Column):
    def describe_text(self):
        return {"format": "date-time", "pattern": MOMENT}

    def write(self, value):
        at = value and value.astimezone(UTC).isoformat(timespec="microseconds")
        return at and at.replace("+00:00", "Z")

    def read(self, value):
        return value and datetime.fromisoformat(value)


class DayColumn(Column):
    def describe_text(self):
        return {"format": "date", "pattern": DAY}

    def write(self, value):
        return value and value.isoformat()

    def read(self, value):
        return value and date.fromisoformat(value)


class KeyColumn(Column):
    def describe_text(self):
        return {"format": "uuid", "pattern": KEY}

    def write(self, value):
        return value and str(value)

    def read(self, value):
        return value and UUID(value)


class ValueColumn(Column):
    """A field that holds a value of JSON itself. Its keys are sorted, as PostgreSQL has an order of
    its own for them."""

    def write(self, value):
        return json.loads(json.dumps(value, sort_keys=True))

    def find_fault(self, value):
        text = json.dumps(value, ensure_ascii=False)
        return "" if _is_text(text) else "holds what is no text"

    def describe_type(self):
        return {}

    def prepare(self, value):
        """Return null as a value of JSON: the column has to have one."""
        if value is None and not self.field.null:
            return self.field.get_db_prep_value(value, connection)
        return super().prepare(value)


class NamedColumn(Column):
    """A reference to a row that has another key on each site."""

    def __init__(self, field):
        super().__init__(field)
        self._names, self._keys = {}, {}

    def describe_type(self):
        return {"type": ["string"], **self.describe_text()}

    def write(self, value):
        if value is not None and value not in self._names:
            self._names[value] = self.name_row(value)
        return self._names.get(value)

    def read(self, value):
        if value is not None and value not in self._keys:
            self._keys[value] = self.find_row(*value.split(".")).pk
        return self._keys.get(value)


class ModelColumn(NamedColumn):
    def describe_text(self):
        return {"pattern": MODEL}

    def name_row(self, key):
        row = ContentType.objects.get(pk=key)
        return f"{row.app_label}.{row.model}"

    def find_row(self, app_label, model):
        return ContentType.objects.get_or_create(app_label=app_label, model=model)[0]


class PermissionColumn(NamedColumn):
    def describe_text(self):
        return {"pattern": PERMISSION}

    def name_row(self, key):
        row = Permission.objects.select_related("content_type").get(pk=key)
        return f"{row.content_type.app_label}.{row.content_type.model}.{row.codename}"

    def find_row(self, app_label, model, codename):
        kind = ContentType.objects.get_or_create(app_label=app_label, model=model)[0]
        defaults = {"name": codename}
        return Permission.objects.get_or_create(
            content_type=kind, codename=codename, defaults=defaults
        )[0]


KINDS = {
    "DateTimeField": MomentColumn,
    "DateField": DayColumn,
    "UUIDField": KeyColumn,
    "JSONField": ValueColumn,
}
NAMED = {ContentType: ModelColumn, Permission: PermissionColumn}


def _choose_kind(field):
    """Return the class of the column of a field. Raises ``TypeError`` for a field without one."""
    if field.related_model in NAMED:
        return NAMED[field.related_model]
    kind = _find_target(field).get_internal_type()
    if kind in KINDS:
        return KINDS[kind]
    if kind in INTEGERS or kind in TEXTS or kind == "BooleanField":
        return Column
    raise TypeError(f"{field} has no place in an archive yet: add its kind, {kind}.")


def _is_text(value):
    """Whether a text has no half of a pair of surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _find_target(field):
    """Return the field whose values a field has: that of the row that it refers to."""
    while field.is_relation:
        field = field.target_field
    return field
