"""The primary key of a row before it is inserted."""

from django.db.models import BigIntegerField, Expression


class NextKey(Expression):
    """The next primary key of a model, so that nobody waits for it after the INSERT of PostgreSQL;
    NULL on SQLite, where only the INSERT gives it."""

    def __init__(self, model):
        super().__init__(output_field=BigIntegerField())
        self.model = model

    def as_sqlite(self, compiler, connection):
        return "NULL", []

    def as_postgresql(self, compiler, connection):
        meta = self.model._meta
        names = [connection.ops.quote_name(meta.db_table), meta.pk.column]
        return "nextval(pg_get_serial_sequence(%s, %s))", names
