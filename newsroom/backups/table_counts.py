"""The tables of a site, and how many rows each has."""

from django.apps import apps


def list_all_tables():
    """Return the tables of all models."""
    return {model._meta.db_table for model in apps.get_models(include_auto_created=True)}


def list_tables(existing):
    """Return the tables of models among those that a database has."""
    return sorted(list_all_tables().intersection(existing))


def build_count(table):
    """Return the SQL that counts the rows of a table of a model."""
    return f'SELECT COUNT(*) FROM "{table}"'


def count_rows(connection):
    """Return the number of rows by table."""
    counts = {}
    with connection.cursor() as cursor:
        for table in list_tables(connection.introspection.table_names()):
            cursor.execute(build_count(table))
            counts[table] = cursor.fetchone()[0]
    return counts
