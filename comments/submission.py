"""From what a reader sent to a comment in the thread: gather the facts, judge, write."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.utils import timezone

from comments import form_tokens
from comments.checks import Draft, Facts, Outcome, judged
from comments.checks.pace import rate, speed_in_branch
from comments.checks.text import folded
from comments.models import Comment, Report, Thread
from comments.posting import parent_in, post, twin
from comments.refusals import AskedAgain, Judged
from comments.rendering import normalised, tidied


def submit(
    article, *, text, name="", parent_id=None, reader, token="", website="", confirmed=False
):
    """Judge what a reader sent and write it; returns the comment, published or held.

    Raises ``Judged`` (refused by a check) and ``AskedAgain`` (send it once more with
    ``confirmed`` to mean it), both with the verdict, and what ``post`` raises.
    """
    thread = _thread(article)
    draft = Draft(text=tidied(text), name=name, website=website, confirmed=confirmed)
    verdict = judged(draft, facts_of(thread, parent_id, reader, token))
    if verdict.outcome in (Outcome.REFUSE, Outcome.NUDGE):
        same = thread.pk and twin(
            thread, parent_id=parent_id, text=normalised(text), reader=reader, at=timezone.now()
        )
        if same:
            return same
        raise (Judged if verdict.outcome is Outcome.REFUSE else AskedAgain)(verdict)
    held = verdict.outcome is Outcome.HOLD
    return post(
        article,
        text=draft.text,
        name=name,
        parent_id=parent_id,
        reader=reader,
        state=Comment.State.HELD if held else Comment.State.PUBLISHED,
        reason=verdict.reason if held else "",
        guard=lambda parent: _keep_pace(draft, thread, parent, reader),
    )


def _keep_pace(draft, thread, parent, reader):
    """Count once more under the lock, where no other post of the thread comes between."""
    if settings.COMMENT_LIMITS:
        facts = Facts(**_always(thread), **_pace(parent, reader))
        verdict = judged(draft, facts, checks=(rate, speed_in_branch))
        if verdict.outcome is Outcome.REFUSE:
            raise Judged(verdict)


def facts_of(thread, parent_id, reader, token=""):
    """Gather what the checks may know of a draft's place and writer.

    Raises ``ParentMissing`` or ``WrongThread``.
    """
    parent = parent_in(thread, parent_id)
    known = _always(thread) | {
        "token": form_tokens.state(token, thread.article_id, parent_id),
        "reserved_names": reserved_names(),
    }
    return Facts(**known, **(_pace(parent, reader) if settings.COMMENT_LIMITS else {}))


def _thread(article):
    """Return the thread of an article, unsaved where nobody has written yet."""
    return getattr(article, "thread", None) or Thread(article=article)


def _always(thread):
    return {
        "now": timezone.now(),
        "rules": settings.COMMENT_RULES,
        "limited": settings.COMMENT_LIMITS,
        "is_open": thread.accepts_comments,
    }


def _pace(parent, reader):
    return {
        "last_in_branch": _last_in_branch(parent, reader),
        "reports_above": _reports_above(parent),
        "reader_posts": _recent("reader_rate", reader_hash=reader.hash),
        "network_posts": _recent("network_rate", network_hash=reader.network_hash),
    }


def _reports_above(parent):
    """Return the number of open reports on the comments above, one a network and comment."""
    if parent is None:
        return 0
    above = parent.get_ancestors(include_self=True)
    reports = Report.objects.open().filter(comment__in=above)
    return reports.values("comment", "network_hash").distinct().count()


def reserved_names():
    """Return the names of the staff, folded; kept for a minute."""
    return cache.get_or_set(
        "reserved-names",
        lambda: frozenset(
            folded(str(user)) for user in get_user_model().objects.filter(is_staff=True)
        ),
        timeout=60,
    )


def _recent(rule, **who):
    """Return when somebody wrote within the longest period of a rule, newest first."""
    if not all(who.values()):
        return []
    limits = settings.COMMENT_RULES[rule]
    recent = Comment.objects.filter(
        **who, posted_at__gt=timezone.now() - timedelta(seconds=max(limits))
    )
    times = recent.order_by("-posted_at").values_list("posted_at", flat=True)
    return list(times[: max(limits.values())])


def _last_in_branch(parent, reader):
    if parent is None or not reader.hash:
        return None
    own = Comment.objects.filter(
        tree_id=parent.tree_id, reader_hash=reader.hash, parent__isnull=False
    )
    return own.order_by("-posted_at").values_list("posted_at", flat=True).first()
