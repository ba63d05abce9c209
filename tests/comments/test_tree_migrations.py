"""The migrations of the trees that are there."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection, models
from django.test.utils import CaptureQueriesContext

from comments import verification
from comments.models import Comment
from tests import factories

room = import_module("comments.migrations.0002_tree_room")
sizes = import_module("comments.migrations.0003_tree_sizes")


@pytest.mark.django_db
def test_trees_are_counted_batch_by_batch(article, monkeypatch):
    monkeypatch.setattr(sizes, "BATCH", 2, raising=False)
    roots = [factories.comment(article) for _ in range(5)]
    factories.comment(article, parent=factories.comment(article, parent=roots[1]))
    Comment.objects.update(tree_size=0)
    with CaptureQueriesContext(connection) as captured:
        sizes.count_trees(apps, None)
    updates = [query for query in captured if query["sql"].startswith("UPDATE")]
    assert len(updates) == 3
    assert verification.find_faults(factories.thread_of(article)) == []
    assert not sizes.Migration.atomic


@pytest.mark.postgresql
@pytest.mark.django_db
def test_the_table_is_written_again_only_once():
    def read_file():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_relation_filenode('comments_comment')")
            return cursor.fetchone()

    with connection.schema_editor(atomic=False) as editor:
        editor.execute(
            "ALTER TABLE comments_comment ALTER lft TYPE integer, ALTER rght TYPE integer"
        )
        before = read_file()
        room.widen_edges(apps, editor)
        once = read_file()
        for name in ("lft", "rght"):
            old = models.PositiveIntegerField(editable=False)
            old.set_attributes_from_name(name)
            editor.alter_field(Comment, old, Comment._meta.get_field(name))
    assert before != once == read_file()
