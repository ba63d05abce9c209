"""Reads the rows of a table in batches, so that an export needs little memory."""

BATCH = 100


def iterate_batches(rows, size=BATCH):
    """Yield lists of the rows of a queryset, in the order of their primary keys."""
    rows, last = rows.order_by("pk"), 0
    while batch := list(rows.filter(pk__gt=last)[:size]):
        yield batch
        last = batch[-1].pk
