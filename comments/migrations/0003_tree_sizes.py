"""The sizes of the trees that are there: each tree is counted once, by its index.

A batch is a transaction of its own, so a writer waits for one batch at most. It may be run again.
"""

from django.db import migrations
from django.db.models import Count, OuterRef, Subquery

BATCH = 2_000  # trees


def count_trees(apps, schema_editor):
    comments = apps.get_model("comments", "Comment").objects.order_by()
    own = comments.filter(tree_id=OuterRef("tree_id")).values("tree_id")
    count = own.annotate(count=Count("pk")).values("count")
    roots = comments.filter(parent=None)
    last = 0
    keys = roots.order_by("pk").values_list("pk", flat=True)
    while batch := list(keys.filter(pk__gt=last)[:BATCH]):
        first, last = batch[0], batch[-1]
        roots.filter(pk__range=(first, last)).update(tree_size=Subquery(count))


class Migration(migrations.Migration):
    atomic = False
    dependencies = [("comments", "0002_tree_room")]

    operations = [migrations.RunPython(count_trees, migrations.RunPython.noop)]
