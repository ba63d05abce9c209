"""An index of the newest articles of each tag (articles.related); the table is taggit's."""

from django.db import migrations

NAME, TABLE = "articles_tagged_newest", "taggit_taggeditem"


class Migration(migrations.Migration):

    dependencies = [
        ("articles", "0002_search"),
    ]

    operations = [
        migrations.RunSQL(
            f"CREATE INDEX {NAME} ON {TABLE} (tag_id, content_type_id, object_id)",
            f"DROP INDEX {NAME}",
        )
    ]
