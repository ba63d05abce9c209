"""Whom to tell of which answers: called from a timer, no request waits for it."""

import json
import time
from collections import defaultdict
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.web.addresses import build_absolute_url
from comments.models import AnswerNotice, Comment, PushSubscription, Reference
from comments.web_push.delivery import NotDelivered, SubscriptionGone, deliver
from comments.web_push.messages import encrypt, load_private_key, sign

RECENT = timedelta(days=1)  # older answers are told of by /me/ alone
TTL = 86_400  # seconds that a push service keeps a message for a browser that is off
AT_ONCE = 8  # messages on their way
MOST = 2_000  # readers of a run; the next one tells the others


@dataclass
class Report:
    """What became of the messages of a run."""

    sent: int = 0
    gone: int = 0
    failures: list = field(default_factory=list)


def send_answers(now=None):
    """Tell readers of new answers in all their browsers; returns a ``Report``.

    An answer is told of once, when at least one browser of its reader was reached. Subscriptions
    that a push service no longer knows are deleted.
    """
    now, report = now or timezone.now(), Report()
    answers = find_untold(now)
    readers = sorted(answers)[:MOST]
    subscriptions = PushSubscription.objects.filter(reader_hash__in=readers).order_by("pk")
    messages = {reader: build_message(answers[reader]) for reader in readers}
    key = load_private_key(settings.PUSH_PRIVATE_KEY)
    jobs = [(each, messages[each.reader_hash], key) for each in subscriptions]
    reached = set()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for subscription, error in zip(subscriptions, pool.map(_send, jobs), strict=True):
            reader = subscription.reader_hash
            if error is None:
                report.sent += 1
                if (
                    reader not in reached
                ):  # noted at once: whatever ends this run, nobody is told twice
                    AnswerNotice.objects.note(reader, answers[reader], pushed_at=now)
                reached.add(reader)
            elif isinstance(error, SubscriptionGone):
                report.gone += 1
                subscription.delete()
            else:
                report.failures.append(f"{urlsplit(subscription.endpoint).hostname}: {error}")
    return report


def find_untold(now):
    """Return {reader: the recent answers that no message told of and the reader has not seen}, for
    the readers with a subscription."""
    recent = Comment.objects.published().readable(now).filter(posted_at__gt=now - RECENT).order_by()
    subscribed = PushSubscription.objects.values("reader_hash")
    pairs = set(
        recent.filter(parent__reader_hash__in=subscribed).values_list("parent__reader_hash", "pk")
    )
    named = Reference.objects.filter(
        Exists(recent.filter(pk=OuterRef("source"))), target__reader_hash__in=subscribed
    )
    pairs |= set(named.values_list("target__reader_hash", "source"))
    noted = AnswerNotice.objects.filter(answer__in={pk for _reader, pk in pairs})
    pairs -= set(noted.values_list("reader_hash", "answer"))
    comments = Comment.objects.for_detail().in_bulk({pk for _reader, pk in pairs})
    found = defaultdict(list)
    for reader, pk in sorted(pairs):
        if comments[pk].reader_hash != reader:
            found[reader].append(comments[pk])
    return dict(found)


def build_message(answers):
    """Return the text of a message, which the worker of the browser shows."""
    last, count = answers[-1], len(answers)
    path = f"{reverse('comments:place', args=[last.pk])}#{last.anchor}"
    body = f">>{last.number} {last.display_name}: {Truncator(last.text).chars(100)}"
    if count > 1:
        path = f"{reverse('comments:me')}#answers"
        body = ngettext("%(count)d new reply", "%(count)d new replies", count) % {"count": count}
    title = _("%(site)s: replies to you") % {"site": settings.SITE_NAME}
    message = {"title": title, "body": body, "url": build_absolute_url(path)}
    return json.dumps(message, ensure_ascii=False).encode()


def _send(job):
    """Send a message to one browser; returns the error, or None."""
    subscription, text, key = job
    try:
        body = encrypt(text, p256dh=subscription.p256dh, auth=subscription.auth)
        endpoint, subject = subscription.endpoint, f"mailto:{settings.DEFAULT_FROM_EMAIL}"
        headers = {
            "Authorization": sign(endpoint, key=key, subject=subject, now=time.time()),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(TTL),
        }
        deliver(endpoint, body, headers)
    except NotDelivered as error:
        return error
    return None
