"""What is collected for a pipeline of PostgreSQL."""


def keep(steps):
    """Take the steps of psycopg that only collect a command for a pipeline. They wait for nothing,
    and preparing to wait would take longer than they do."""
    for _step in steps:
        raise RuntimeError("A pipeline waits before it is read.")
