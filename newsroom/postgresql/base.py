"""Django's PostgreSQL, with fewer waits for it.

A request that writes waits for an answer of the server at each step: to learn whether the
connection still lives, to begin, to commit. These waits are left out here.

PostgreSQL holds the locks of a transaction until its COMMIT is on the disk, so the writers of one
thread would wait for the disk one after the other. In pipeline mode a COMMIT therefore gives the
locks back first. Another commit follows it at once, which waits for the disk, and so do those of
other writers meanwhile, all for the same write. Nobody gets an answer before that.
"""

from contextlib import suppress
from math import inf
from select import POLLIN, poll
from time import monotonic

from django.db.backends.postgresql import base
from django.db.backends.utils import debug_transaction
from psycopg import Error, OperationalError
from psycopg.pq import PipelineStatus, TransactionStatus

from articles.pipelining import keep

IDLE = 1  # second, after which a connection is asked whether it still lives
UNLOCK = b"SET LOCAL synchronous_commit = off"
# A commit that has written nothing itself would wait for nothing.
FLUSH = b"SELECT pg_logical_emit_message(true, 'newsroom', '')"
PATIENCE = 0.3  # seconds for that answer: a database that is hung opens no other connection either


class DatabaseWrapper(base.DatabaseWrapper):
    def get_new_connection(self, conn_params):
        """Return a connection that lives. A pooled one that was used a moment ago is asked only if
        the server has sent something on its own, as it does before it closes a connection."""
        while True:
            connection = super().get_new_connection(conn_params)
            asked_at = monotonic()
            if not self.pool or _is_alive(connection):
                return connection
            self.pool.putconn(connection)  # which opens another one in its place
            if monotonic() - asked_at > PATIENCE:
                raise OperationalError("The database does not answer.")

    def _close(self):
        if self.connection is not None:
            self.connection.used_at = monotonic()
        return super()._close()

    def _set_autocommit(self, autocommit):
        """Begin a transaction. In pipeline mode BEGIN is sent with the statements that follow;
        psycopg would wait for it."""
        if not self._is_pipelining():
            super()._set_autocommit(autocommit)
        elif not autocommit:
            self._send(b"BEGIN")

    def _commit(self):
        """Commit. In pipeline mode an error is raised where the pipeline ends, and so too late for
        what Django does after a commit."""
        if self.connection is None or not self._is_pipelining() or self.run_on_commit:
            super()._commit()
            return
        with debug_transaction(self, "COMMIT"):
            for command in (UNLOCK, b"COMMIT", FLUSH):
                self._send(command)

    def _rollback(self):
        """Roll back. psycopg would forget its prepared statements, which are lost after errors
        only: a refused post would let the next requests prepare theirs again."""
        if self.connection is None or self._is_pipelining() or not self._is_sound():
            super()._rollback()
            return
        with debug_transaction(self, "ROLLBACK"):
            self._send(b"ROLLBACK")

    def _is_sound(self):
        """Whether a transaction is open in which no statement has failed."""
        return self.connection.pgconn.transaction_status == TransactionStatus.INTRANS

    def _is_pipelining(self):
        return self.connection.pgconn.pipeline_status != PipelineStatus.OFF

    def _send(self, command):
        """Send a command as psycopg sends its own: without a cursor."""
        steps = self.connection._exec_command(command)
        with self.wrap_database_errors:
            if self._is_pipelining():
                keep(steps)
            else:
                self.connection.wait(steps)


def _is_alive(connection):
    used_at = getattr(connection, "used_at", -inf)  # the pool may have opened it long ago
    if monotonic() - used_at < IDLE and not _has_news(connection):
        return True
    with suppress(Error):
        connection.execute("")
        return True
    return False


def _has_news(connection):
    """Whether the server has sent something, or has closed the connection."""
    watch = poll()
    watch.register(connection.pgconn.socket, POLLIN)
    return bool(watch.poll(0))
