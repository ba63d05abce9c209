"""Formats the log, as lines of text or JSON, without what a reader wrote.

Errors quote values: PostgreSQL's after the first line (``DETAIL``), others in quotation marks or
after a colon. So an exception is logged as its class, its traceback (code, no variables) and the
beginning of its message.
"""

import json
import logging
import re
import traceback
from copy import copy
from datetime import UTC, datetime

import psycopg

from newsroom.request_ids import current_id

ABOUT_CODE = (AttributeError, ImportError, NameError, TypeError)  # these quote names of the code
VALUE = re.compile(r"\s*[\"'“«].*|: .*|\n.*", re.DOTALL)
SECRETS = re.compile(
    r"(?:(?<=/moderation/feed/)|(?<=/me/feed/)|(?<=/drafts/)|(?<=/admin/notices/feed/))[^/\s]+"
)  # in addresses
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LineFormatter(logging.Formatter):
    """A line of text, and tracebacks after it."""

    def __init__(self):
        super().__init__("{asctime} {levelname} {name}: {message}{request}", style="{")

    def format(self, record):
        record = clean(record)
        record.request = f" [request {number}]" if (number := find_request_id(record)) else ""
        return super().format(record)

    def formatException(self, exc_info):  # logging's name
        return describe_chain(exc_info[1])


class JsonFormatter(logging.Formatter):
    """A line of JSON; the traceback is one of its fields."""

    def format(self, record):
        record = clean(record)
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if number := find_request_id(record):
            fields["request_id"] = number
        if record.exc_info and record.exc_info[1]:
            fields["error"] = describe_chain(record.exc_info[1])
        return json.dumps(fields, ensure_ascii=False)


def find_request_id(record):
    """Return the ID of the request that a record is about, or an empty text."""
    error = record.exc_info and record.exc_info[1]
    return current_id() or getattr(error, "request_id", "")


def clean(record):
    """Return a copy of a record whose message is one line and repeats no value of an error."""
    record = copy(record)
    if isinstance(record.args, tuple):
        record.args = tuple(
            describe(value) if isinstance(value, Exception) else value for value in record.args
        )
    message = SECRETS.sub("-", record.getMessage())
    record.msg = CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", message)
    record.args = record.exc_text = record.stack_info = None
    return record


def describe_chain(error):
    """Return the tracebacks and messages of an exception and of its causes, the first one first."""
    chain = []
    while error is not None and error not in chain:
        chain.append(error)
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return "\n".join(
        "".join(traceback.format_tb(error.__traceback__)) + describe(error)
        for error in reversed(chain)
    )


def describe(error):
    """Return the class of an exception and its message up to the first value."""
    text = str(error)
    text = text.partition("\n")[0] if names_no_value(error) else VALUE.sub(" …", text)
    code = getattr(error, "sqlstate", None)
    constraint = code and error.diag.constraint_name
    parts = [type(error).__qualname__, text, code and f"SQLSTATE {code}", constraint]
    return ": ".join(part for part in parts if part)


def names_no_value(error):
    """Return whether a message is about the code, or about a connection (it has no SQLSTATE)."""
    cause = error if isinstance(error, psycopg.Error) else error.__cause__
    is_connection = isinstance(cause, psycopg.OperationalError) and not cause.sqlstate
    return is_connection or isinstance(error, ABOUT_CODE)
