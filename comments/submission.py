"""From what a reader sent to a comment in the thread: gather the facts, judge, write."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.utils import timezone

from comments import tokens
from comments.checks import Draft, Facts, Outcome, judged
from comments.checks.text import folded
from comments.models import Comment, Thread
from comments.posting import post
from comments.refusals import AskedAgain, Judged, ParentMissing, WrongThread
from comments.rendering import normalised


def submit(
    article, *, text, name="", parent_id=None, reader, token="", website="", confirmed=False
):
    """Judge what a reader sent and write it; returns the comment, published or held.

    Raises ``Judged`` (refused by a check) and ``AskedAgain`` (send it once more with
    ``confirmed`` to mean it), both with the verdict, and what ``post`` raises.
    """
    draft = Draft(text=normalised(text), name=name, website=website, confirmed=confirmed)
    verdict = judged(draft, facts_of(article, parent_id, reader, token))
    if verdict.outcome is Outcome.REFUSE:
        raise Judged(verdict)
    if verdict.outcome is Outcome.NUDGE:
        raise AskedAgain(verdict)
    held = verdict.outcome is Outcome.HOLD
    return post(
        article,
        text=draft.text,
        name=name,
        parent_id=parent_id,
        reader=reader,
        state=Comment.State.HELD if held else Comment.State.PUBLISHED,
        reason=verdict.reason if held else "",
    )


def facts_of(article, parent_id, reader, token=""):
    """Gather what the checks may know of a draft's place and writer.

    Raises ``ParentMissing`` or ``WrongThread``.
    """
    now = timezone.now()
    thread = Thread.objects.filter(article=article).first() or Thread(article=article)
    thread.article = article
    parent = _parent(parent_id, thread)
    known = {
        "now": now,
        "rules": settings.COMMENT_RULES,
        "limited": settings.COMMENT_LIMITS,
        "is_open": thread.accepts_comments,
        "parent_level": parent and parent.level,
        "token": tokens.state(token, article.pk, parent_id),
        "reserved_names": reserved_names(),
    }
    if not settings.COMMENT_LIMITS:
        return Facts(**known)
    return Facts(
        **known,
        reader_posts=_recent(now, "reader_rate", reader_hash=reader.hash),
        network_posts=_recent(now, "network_rate", network_hash=reader.network_hash),
        last_in_branch=_last_in_branch(parent, reader),
    )


def reserved_names():
    """Return the names of the staff, folded; kept for a minute."""
    return cache.get_or_set(
        "reserved-names",
        lambda: frozenset(
            folded(str(user)) for user in get_user_model().objects.filter(is_staff=True)
        ),
        timeout=60,
    )


def _parent(pk, thread):
    if pk is None:
        return None
    parent = Comment.objects.filter(pk=pk).first()
    if parent is None:
        raise ParentMissing
    if parent.thread_id != thread.pk:
        raise WrongThread
    return parent


def _recent(now, rule, **who):
    """Return when somebody wrote within the longest period of a rule, newest first."""
    if not all(who.values()):
        return []
    limits = settings.COMMENT_RULES[rule]
    recent = Comment.objects.filter(**who, posted_at__gt=now - timedelta(seconds=max(limits)))
    times = recent.order_by("-posted_at").values_list("posted_at", flat=True)
    return list(times[: max(limits.values())])


def _last_in_branch(parent, reader):
    if parent is None or not reader.hash:
        return None
    own = Comment.objects.filter(
        tree_id=parent.tree_id, reader_hash=reader.hash, parent__isnull=False
    )
    return own.order_by("-posted_at").values_list("posted_at", flat=True).first()
