"""Logs what the timers of the server could not do in the database.

A timer tries again soon. So it warns of no failure that passes by itself: of a database that is
busy, does not answer, or has migrations still to be applied.
"""

from django.db import Error, connection
from django.db.migrations.executor import MigrationExecutor

from articles.web.outages import Outage, find_outage

PASSING = {Outage.AWAY, Outage.BUSY}


def log_failure(logger, message, error):
    """Log an error of the database: as a warning with its traceback, unless it passes by itself."""
    if find_outage(error) in PASSING or _is_being_migrated():
        logger.info(message)
    else:
        logger.warning(message, exc_info=error)


def _is_being_migrated():
    try:
        executor = MigrationExecutor(connection)
        return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    except Error:
        return False
