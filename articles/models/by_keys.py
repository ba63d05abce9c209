"""Rows by the keys that another query lists."""

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import BooleanField, F, Func


def filter_by_keys(queryset, field, keys):
    """Return the rows whose field is one of the keys of a query."""
    if connection.vendor != "postgresql":
        return queryset.filter(**{f"{field}__in": keys})
    # By the field's index: for a join, PostgreSQL may read the whole table, or pairs of keys.
    return queryset.filter(
        Func(
            F(field),
            ArraySubquery(keys),
            arg_joiner=" = ANY(",
            template="%(expressions)s)",
            output_field=BooleanField(),
        )
    )
