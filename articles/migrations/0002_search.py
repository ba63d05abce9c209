"""The table of the search index (articles.search), which no model stands for."""

from django.db import migrations

TABLE = "articles_searchentry"
POSTGRESQL = [
    f"CREATE TABLE {TABLE} (id bigint PRIMARY KEY, date bigint NOT NULL, tokens tsvector NOT NULL)",
    # A vector that does not fit into its row is kept as it is: unpacking would take most of the
    # time of a search.
    f"ALTER TABLE {TABLE} ALTER COLUMN tokens SET STORAGE EXTERNAL",
    # What waits to be sorted in is kept short: a post pays for it now and then, a search always.
    f"CREATE INDEX {TABLE}_tokens ON {TABLE} USING gin (tokens)"
    " WITH (fastupdate = on, gin_pending_list_limit = 512)",
]
SQLITE = [
    f"CREATE VIRTUAL TABLE {TABLE} USING fts5(title, body, marks, date UNINDEXED,"
    " tokenize='ascii')",
    # Merge 16 parts of the index at a time, the most that FTS5 allows, instead of 4: a post pays for
    # merging, and had a fifth of its time from it. A search takes as long.
    f"INSERT INTO {TABLE} ({TABLE}, rank) VALUES ('automerge', 16)",
]


def create(apps, schema_editor):
    for statement in POSTGRESQL if schema_editor.connection.vendor == "postgresql" else SQLITE:
        schema_editor.execute(statement)


def drop(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {TABLE}")


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, drop)]
