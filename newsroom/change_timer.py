"""Scheduled changes of public articles, applied on time by a thread of the server.

``manage.py apply_changes`` does the same from a timer. Each change is applied once, whoever comes
first.
"""

import logging
from threading import Thread
from time import sleep

from django.db import connection

from articles.models import ArticleChange
from newsroom.timer_log import log_failure

logger = logging.getLogger(__name__)
PAUSE = 15  # seconds


def start_change_timer():
    """Apply the changes that are due, as long as this process runs."""
    Thread(target=_apply_again_and_again, name="changes", daemon=True).start()


def apply_due_changes():
    """Apply what is due now; whatever fails is tried again later."""
    try:
        ArticleChange.objects.apply_due()
    except Exception as error:
        log_failure(logger, "The scheduled changes could not be applied now.", error)
    finally:
        connection.close()


def _apply_again_and_again():
    while True:
        apply_due_changes()
        sleep(PAUSE)
