"""A lookup for thousands of keys."""

import json

from django.db.models import BigAutoField, ForeignKey, Lookup


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
