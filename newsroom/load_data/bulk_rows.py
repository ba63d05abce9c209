"""Rows by the million: COPY on PostgreSQL, one prepared statement on SQLite, and indexes that are
built once at the end."""

from contextlib import contextmanager

from django.db import connection
from django.db.models import Max

BATCH = 20_000  # rows
MEMORY = "512MB"  # in which PostgreSQL sorts an index
WORKS_IN = {
    "postgresql": [
        f"SET LOCAL maintenance_work_mem = '{MEMORY}'",
        "SET LOCAL synchronous_commit = off",
    ],
    "sqlite": [],
}
FINISHES = {"postgresql": ["SET CONSTRAINTS ALL IMMEDIATE"], "sqlite": []}
# What is checked or sorted for each row: how to remove it, and the statement that makes it again.
EXTRAS = {
    "postgresql": (
        "SELECT format('ALTER TABLE %%s DROP CONSTRAINT %%I', conrelid::regclass, conname),"
        " format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s', conrelid::regclass, conname,"
        " pg_get_constraintdef(oid))"
        " FROM pg_constraint WHERE conrelid = to_regclass(%s) AND contype = 'f' UNION ALL"
        " SELECT format('DROP INDEX %%s', i.indexrelid::regclass), pg_get_indexdef(i.indexrelid)"
        " FROM pg_index AS i WHERE i.indrelid = to_regclass(%s) AND NOT i.indisunique"
    ),
    "sqlite": (
        """SELECT 'DROP INDEX "' || name || '"', sql FROM sqlite_master WHERE type = 'index'"""
        " AND %s = tbl_name AND tbl_name = %s AND sql NOT LIKE 'CREATE UNIQUE%%'"
    ),
}


def find_next_key(model):
    """Return the first free primary key."""
    return (model._base_manager.aggregate(highest=Max("pk"))["highest"] or 0) + 1


def insert_rows(table, columns, rows):
    """Insert an iterable of tuples, in the order of the columns."""
    quote = connection.ops.quote_name
    names = ", ".join(map(quote, columns))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {quote(table)} ({names}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            sql = f"INSERT INTO {quote(table)} ({names}) VALUES ({marks})"
            cursor.executemany(sql, rows)


def list_columns(model):
    """Return the columns of a model, and {attribute: default} in the same order."""
    fields = model._meta.concrete_fields
    empty = model()
    columns = [field.column for field in fields]
    return columns, {field.attname: getattr(empty, field.attname) for field in fields}


def write_moment(at):
    """Return a moment as both databases read it, in UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S.%f}"


def reset_sequences(models):
    """Let the next row of each model get a free primary key."""
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for sql in connection.ops.sequence_reset_sql(no_style(), models):
            cursor.execute(sql)


@contextmanager
def prepare_for_bulk(tables):
    """Work without the indexes and foreign keys of some tables, and make them again at the end.
    Only inside a transaction: if it fails, they are still there."""
    with connection.cursor() as cursor:
        for sql in WORKS_IN[connection.vendor]:
            cursor.execute(sql)
        extras = []
        for table in tables:
            cursor.execute(EXTRAS[connection.vendor], [table, table])
            extras += cursor.fetchall()
        for drop, _create in extras:
            cursor.execute(drop)
    yield
    with connection.cursor() as cursor:
        for sql in FINISHES[connection.vendor]:
            cursor.execute(sql)
        for _drop, create in extras:
            cursor.execute(create)


def count_rows():
    """Let the database count its rows for its planner, and tidy up outside a transaction."""
    is_tidy = connection.vendor == "postgresql" and not connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if is_tidy else "ANALYZE")
