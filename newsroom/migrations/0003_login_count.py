from django.core.management import call_command
from django.db import migrations, models

FORMER_TABLE = "newsroom_logins"


def drop_former_table(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(FORMER_TABLE)}")


def create_former_table(apps, schema_editor):
    call_command(
        "createcachetable", FORMER_TABLE, database=schema_editor.connection.alias, verbosity=0
    )


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0002_logins_table")]

    operations = [
        migrations.CreateModel(
            name="LoginCount",
            fields=[
                ("key", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("number", models.PositiveIntegerField()),
                ("expires_at", models.BigIntegerField(db_index=True)),
            ],
        ),
        migrations.RunPython(drop_former_table, create_former_table),
    ]
