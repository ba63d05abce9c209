"""Lookups by key: among thousands of keys, and by a query of the index."""

import json
from dataclasses import dataclass

from django.db.models import BigAutoField, ForeignKey, Lookup

from articles.search.analysis import Query
from articles.search.index import write_key_query


@BigAutoField.register_lookup
@ForeignKey.register_lookup
class Among(Lookup):
    """``pk__among=keys`` is ``pk__in=keys`` with all keys in one parameter.

    A placeholder for each key takes Django longer than the query itself takes the database. On
    PostgreSQL the parameter is the text of an array: psycopg adapts a list key by key.
    """

    lookup_name = "among"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s", [list(value)]

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        keys = json.dumps(list(self.rhs))
        return f"{column} IN (SELECT value FROM json_each(%s))", [*params, keys]

    def as_postgresql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        keys = ",".join(map(str, self.rhs))
        return f"{column} = ANY(%s::bigint[])", [*params, f"{{{keys}}}"]


@dataclass(frozen=True, slots=True)
class KeyQuery:
    """The objects of a kind that match a query, whatever their state; it needs words. ``newest``
    limits them to so many."""

    query: Query
    kind: int
    in_title: bool = False
    newest: int | None = None


@BigAutoField.register_lookup
@ForeignKey.register_lookup
class Matches(Lookup):
    """``pk__matches=KeyQuery(…)`` finds what the index finds, in one statement for any number of
    matches, without ranks."""

    lookup_name = "matches"
    prepare_rhs = False

    def get_db_prep_lookup(self, value, connection):
        return "%s", [value]

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        sql, values = write_key_query(
            self.rhs.query, self.rhs.kind, in_title=self.rhs.in_title, newest=self.rhs.newest
        )
        return f"{column} IN ({sql})", [*params, *values]
