"""The facts that the checks need, gathered from the database and the request."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from comments import compiled, form_tokens
from comments.bans import find_bans
from comments.checks.facts import Facts
from comments.checks.names import reserve_names
from comments.models import Comment
from comments.models.comment import MAX_DEPTH
from comments.refusals import ParentMissing, TooDeep, WrongThread

SHORT_NAME = 4  # letters; a shorter name of a person is often part of another: 田中裕, 田中裕子


def gather_facts(thread, parent_id, reader, token=""):
    """Return the facts about a draft's place and writer.

    Raises ``ParentMissing`` or ``WrongThread``.
    """
    parent = find_parent(thread, parent_id)
    facts = gather_constants(thread) | {
        "token": form_tokens.token_state(token, thread.article_id, parent_id),
        "bans": find_bans(reader),
        **gather_names(),
    }
    return Facts(**facts, **(gather_pace(parent, reader) if settings.COMMENT_LIMITS else {}))


def gather_constants(thread):
    return {
        "now": timezone.now(),
        "rules": settings.COMMENT_RULES,
        "limited": settings.COMMENT_LIMITS,
        "is_open": thread.accepts_comments,
    }


def gather_pace(parent, reader):
    return {
        "last_in_branch": _read_last_in_branch(parent, reader),
        "reader_posts": _read_recent_posts("reader_rate", reader_hash=reader.hash),
        "network_posts": _read_recent_posts("network_rate", network_hash=reader.network_hash),
    }


def gather_names():
    """Return the facts about names."""
    house = reserve_names([settings.SITE_NAME, *settings.RESERVED_NAMES])
    staff = cache.get_or_set("staff-names", _read_staff_names, timeout=60)
    return {"reserved_names": house | reserve_names(staff, word_below=SHORT_NAME)}


def _read_staff_names():
    """Return the logins, display names and full names of the staff. A family name alone is
    nobody's."""
    names = []
    for user in get_user_model().objects.filter(is_staff=True):
        names += [user.get_username(), str(user)]
        if user.first_name and user.last_name:
            names += [user.get_full_name(), f"{user.last_name} {user.first_name}"]
    return names


def _read_recent_posts(rule, **writer):
    """Return the times of a writer's posts within the longest period of a rule, newest first."""
    if not all(writer.values()):
        return []
    limits = settings.COMMENT_RULES[rule]
    recent = Comment.objects.filter(
        **writer, posted_at__gt=timezone.now() - timedelta(seconds=max(limits))
    )
    times = recent.order_by("-posted_at").values_list("posted_at", flat=True)
    return list(
        times[: max(most if isinstance(most, int) else most[-1] for most in limits.values())]
    )


def _read_last_in_branch(parent, reader):
    if parent is None or not reader.hash:
        return None
    same_person = Q(parent=parent.pk)
    if parent.reader_hash:
        same_person |= Q(parent__reader_hash=parent.reader_hash)
    own = Comment.objects.filter(same_person, tree_id=parent.tree_id, reader_hash=reader.hash)
    return own.order_by("-posted_at").values_list("posted_at", flat=True).first()


def find_parent(thread, pk):
    """Return the comment of a thread that a reply answers, freshly read; None without ``pk``.

    Raises ``ParentMissing``, ``WrongThread`` or ``TooDeep``.
    """
    if pk is None:
        return None
    parent = _parents.first(pk)
    if parent is None:
        raise ParentMissing
    if parent.thread_id != thread.pk:
        raise WrongThread
    if not parent.is_published:
        raise ParentMissing
    if parent.level >= MAX_DEPTH:
        raise TooDeep
    return parent


@compiled.rows
def _parents(pk):
    fields = (
        "thread_id",
        "state",
        "number",
        "tree_id",
        "level",
        "lft",
        "rght",
        "parent_id",
        "reader_hash",
    )
    return Comment.objects.order_by().filter(pk=pk).only(*fields)
