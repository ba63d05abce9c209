"""Imported comments keep their ids where they can; those of readers come after them."""

from django.db import connection

from comments.models import Comment


def reserve_comment_ids(highest):
    """Give new comments of readers ids above all imported ones."""
    if not highest:
        return
    table = Comment._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), GREATEST(%s, "
                "nextval(pg_get_serial_sequence(%s, 'id'))))",
                [table, highest, table],
            )
            return
        cursor.execute(
            "UPDATE sqlite_sequence SET seq = MAX(seq, %s) WHERE name = %s", [highest, table]
        )
        if not cursor.rowcount:
            cursor.execute("INSERT INTO sqlite_sequence VALUES (%s, %s)", [table, highest])
