"""Errors from a number in a request that is larger than the database takes, or that is none.

Forms and our own views check their numbers. Django's admin also compares values of a query with
foreign keys, and chosen rows with primary keys, which nothing checks before the database does.
"""

import re

from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DataError

LONG_NUMBER = re.compile(r"\d{5}")  # the smallest of our columns ends at 32,767
# What a field of numbers says of other texts, by ``Field.get_prep_value`` of Django.
NO_NUMBER = re.compile(r"^Field '\w+' expected a number but got (.*)\.$", re.DOTALL)
OUT_OF_RANGE = "22003"  # numeric_value_out_of_range (PostgreSQL's manual, appendix A)


def is_number_fault(error, request):
    """Return whether an error comes from a number that the request sent. Without such a number it
    is a fault of the program."""
    if _is_overflow(error):
        return any(map(_holds_long_number, _list_texts(request)))
    refused = NO_NUMBER.search(str(error)) if isinstance(error, ValueError) else None
    return bool(refused) and refused[1] in map(repr, _list_texts(request))


def _is_overflow(error):
    """Python's own error is that of SQLite's module, and of dates after the year 9999."""
    if isinstance(error, DataError):
        return getattr(error.__cause__, "sqlstate", None) == OUT_OF_RANGE
    return isinstance(error, OverflowError)


def _holds_long_number(text):
    return bool(LONG_NUMBER.search(text.replace("_", "")))  # int() takes 1_000


def _list_texts(request):
    texts = [request.path, *(value for _name, values in request.GET.lists() for value in values)]
    try:
        return texts + [value for _name, values in request.POST.lists() for value in values]
    except (BadRequest, SuspiciousOperation, OSError):
        return texts
