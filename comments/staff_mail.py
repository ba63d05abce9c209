"""Mail to the staff: each thing once to each person, however many processes send."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.utils import timezone

from comments.models import StaffNotice

logger = logging.getLogger(__name__)
STALE = timedelta(minutes=15)  # after which a claim of a process that died is void
KEPT = timedelta(days=90)  # how long is remembered what was sent
UNWRITABLE = (ValueError, MessageError)  # of an address or a title that no mail can hold


@dataclass(frozen=True, slots=True)
class Thing:
    """Something to tell: ``subject`` identifies it, ``sentence`` says it."""

    subject: str
    at: datetime
    sentence: str
    address: str


def send_things(recipient, things, now, write):
    """Mail a user the things that were not sent to them before; return whether a mail was sent.

    ``write(things)`` returns the title and the text. Raises ``OSError``, which every error of the
    mail server is, and what a bad address raises; what was not sent is sent next time.
    """
    fresh = _claim(recipient, things, now)
    if not fresh:
        return False
    notices = StaffNotice.objects.filter(
        recipient=recipient, subject__in=[thing.subject for thing in fresh], sent_at=None
    )
    title, text = write(fresh)
    try:
        _send(recipient, title, text)
    except (OSError, *UNWRITABLE):
        notices.delete()
        raise
    notices.update(sent_at=timezone.now())
    return True


def send_to_each(recipients, now, send):
    """Call ``send(recipient)`` for each; return how many mails were sent.

    Raises the first error of the mail server after every other recipient was served. An address
    that no mail can be written to is logged.
    """
    StaffNotice.objects.filter(claimed_at__lt=now - KEPT).delete()
    sent, error = 0, None
    for recipient in recipients:
        try:
            sent += send(recipient)
        except OSError as failure:
            error = error or failure
        except UNWRITABLE:
            name = f"{recipient._meta.label} {recipient.pk}"
            logger.exception("No mail can be written to the address of %s.", name)
    if error:
        raise error
    return sent


def _claim(recipient, things, now):
    """Return the things that no process has sent, or is sending, to a user; they are this
    process's now."""
    own = StaffNotice.objects.filter(recipient=recipient)
    own.filter(sent_at=None, claimed_at__lt=now - STALE).delete()
    asked = own.filter(subject__in=[thing.subject for thing in things])
    known = set(asked.values_list("subject", flat=True))
    unknown = [thing for thing in things if thing.subject not in known]
    return [
        thing
        for thing in unknown
        if own.get_or_create(
            recipient=recipient, subject=thing.subject, defaults={"claimed_at": now}
        )[1]
    ]


def _send(recipient, title, text):
    subject = f"[{settings.SITE_NAME}] {title}"
    headers = {"Auto-Submitted": "auto-generated"}
    with get_connection() as connection:
        EmailMessage(
            subject, text, to=[recipient.email], connection=connection, headers=headers
        ).send()
