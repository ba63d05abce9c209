"""The sizes of the trees that are there: each tree is counted once, by its index."""

from django.db import migrations
from django.db.models import Count, OuterRef, Subquery


def count_trees(apps, schema_editor):
    comments = apps.get_model("comments", "Comment").objects.order_by()
    own = comments.filter(tree_id=OuterRef("tree_id")).values("tree_id")
    count = own.annotate(count=Count("pk")).values("count")
    comments.filter(parent=None).update(tree_size=Subquery(count))


class Migration(migrations.Migration):
    dependencies = [("comments", "0002_tree_room")]

    operations = [migrations.RunPython(count_trees, migrations.RunPython.noop)]
