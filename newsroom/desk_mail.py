"""Mail about the work on articles, to the members of the staff who asked for it.

It is sent by a thread of the server and by ``manage.py send_desk_mail``, apart from the acts that
it tells of: no act waits for a mail server or fails with it. Each thing is sent once to each
person, whoever comes first.
"""

import logging
from threading import Thread
from time import sleep

from django.db import Error, connection
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.web.addresses import build_absolute_url
from comments.staff_mail import Thing, send_things, send_to_each
from newsroom.desk_acts import SCHEDULED, list_acts
from newsroom.models import DeskSubscription
from newsroom.timer_log import log_failure

logger = logging.getLogger(__name__)
MORNING = 6  # o'clock, from which the mail of the day is sent
PAUSE, LONG_PAUSE = 30, 300  # seconds; the long one after a mail server has failed


def send_desk_mail(now=None):
    """Mail what each subscriber wants and was not sent before; return the number of mails.

    Raises the first error of the mail server after every other subscriber was served.
    """
    now = now or timezone.now()
    wanting = DeskSubscription.objects.select_related("owner").exclude(owner__email="")
    subscribers = [each for each in wanting.filter(owner__is_active=True) if _wants_any(each)]
    acts = list_acts(now) if subscribers else []
    return send_to_each(subscribers, now, lambda each: _send_to(each, acts, now))


def list_things(user, acts):
    """Return what a user's feed tells: the acts that concern them, in the language of the
    moment."""
    return [act.describe() for act in acts if act.concerns(user)]


def _wants_any(subscription):
    has_right = subscription.owner.has_perm(DeskSubscription.permission)
    kinds = (
        subscription.review,
        subscription.returned,
        subscription.assigned,
        subscription.scheduled,
    )
    return has_right and any(kinds)


def _send_to(subscription, acts, now):
    with translation.override(subscription.language):
        own = [act for act in acts if act.concerns(subscription.owner)]
        things = [
            act.describe()
            for act in own
            if act.kind != SCHEDULED
            and getattr(subscription, act.kind)
            and act.at >= subscription.since
        ]
        sent = send_things(subscription.owner, things, now, _write)
        today = [act.describe() for act in own if act.kind == SCHEDULED]
        if today and subscription.scheduled and timezone.localtime(now).hour >= MORNING:
            day = _describe_day(today[::-1], now)
            sent += send_things(subscription.owner, [day], now, _write_day)
        return sent


def _describe_day(things, now):
    """Return the one thing that tells all that is scheduled on a day."""
    lines = [line for thing in things for line in (thing.sentence, thing.address)]
    return Thing(f"{SCHEDULED}:{timezone.localdate(now)}", now, "\n".join(lines), "")


def _write(things):
    """Return the title and the text of a mail about some things."""
    title = things[0].sentence.partition("\n")[0]
    if others := len(things) - 1:
        more = ngettext("and %(count)d other", "and %(count)d others", others)
        title = f"{title} {more % {'count': others}}"
    lines = [line for thing in things for line in (thing.sentence, thing.address, "")]
    return title, "\n".join([*lines, *_write_foot()])


def _write_day(things):
    day = date_format(timezone.localtime(things[0].at), "MONTH_DAY_FORMAT")
    title = _("Scheduled for today, %(day)s") % {"day": day}
    return title, "\n".join([title, "", things[0].sentence, "", *_write_foot()])


def _write_foot():
    settings = build_absolute_url(reverse("desk_notices"))
    return ["-- ", _("You asked for these mails. To change that:"), settings]


def start_desk_mail():
    """Send what is new, as long as this process runs."""
    Thread(target=_send_again_and_again, name="desk-mail", daemon=True).start()


def _send_again_and_again():
    while True:
        sleep(send_now())


def send_now():
    """Send what is new, and return how many seconds to wait; a failure is tried again later."""
    try:
        send_desk_mail()
    except Error as error:
        log_failure(logger, "The mails of the desk could not be sent now.", error)
    except OSError as error:
        logger.warning("The mail server refused a mail of the desk: %s", type(error).__name__)
        return LONG_PAUSE
    except Exception:  # such as an address that no mail can have
        logger.exception("The mails of the desk could not be sent now.")
        return LONG_PAUSE
    finally:
        connection.close()
    return PAUSE
