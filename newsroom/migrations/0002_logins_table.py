from django.core.management import call_command
from django.db import migrations

TABLE = "newsroom_logins"


def create_table(apps, schema_editor):
    """Make the table in which failed logins are counted until 0003."""
    call_command(
        "createcachetable", TABLE, database=schema_editor.connection.alias, verbosity=0
    )


def drop_table(apps, schema_editor):
    schema_editor.execute(f"DROP TABLE {schema_editor.quote_name(TABLE)}")


class Migration(migrations.Migration):
    dependencies = [("newsroom", "0001_initial")]

    operations = [migrations.RunPython(create_table, drop_table)]
