"""Indexes that only one of the databases needs."""

from django.db import models


class SQLiteIndex(models.Index):
    """An index on SQLite alone: PostgreSQL already has one, for a deferrable constraint."""

    def create_sql(self, model, schema_editor, using="", **options):
        if schema_editor.connection.vendor != "sqlite":
            return ""  # no statement
        return super().create_sql(model, schema_editor, using, **options)
