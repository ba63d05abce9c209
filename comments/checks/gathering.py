"""The facts that the checks need, gathered from the database and the request."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.db.models import Q
from django.utils import timezone

from articles.models import compiled, driver
from comments import form_tokens
from comments.bans import find_bans
from comments.checks.names import reserve_names
from comments.models import Comment
from comments.models.comment import MAX_DEPTH
from comments.models.states import RaidMode
from comments.refusals import ParentMissing, TooDeep, WrongThread

SHORT_NAME = 4  # letters; a shorter name of a person is often part of another: 田中裕, 田中裕子


def gather_draft_facts(article_id, parent_id, reader, token, word_rules):
    """Return the facts about a draft and its writer that hold wherever it is posted, and with
    limits of pace how fast the writer has posted."""
    facts = {
        **gather_constants(),
        "token": form_tokens.token_state(token, article_id, parent_id),
        "bans": find_bans(reader),
        "word_rules": word_rules,
        **gather_names(),
    }
    return facts | _read_posts(reader) if settings.COMMENT_LIMITS else facts


def gather_facts(thread, parent, reader):
    """Return the facts about a draft's place, and with limits of pace how fast its writer posts
    there."""
    facts = gather_constants() | gather_measures(thread.regime, parent, reader)
    return facts | gather_pace(parent, reader) if settings.COMMENT_LIMITS else facts


def gather_constants():
    return {
        "now": timezone.now(),
        "rules": settings.COMMENT_RULES,
        "limited": settings.COMMENT_LIMITS,
    }


def gather_measures(regime, parent, reader):
    """Return the facts about the measures in force. They cost a query only where one asks who the
    reader is."""
    lock, slow = (regime.find_lock(parent), regime.find_slow(parent)) if parent else (None, None)
    facts = {
        "is_open": regime.is_open,
        "opens_at": regime.opens_at,
        "mode": regime.mode,
        "mode_ends_at": regime.find_end(lambda later: later.mode),
        "raid": regime.raid,
        "lock": lock,
        "lock_ends_at": lock and regime.find_end(lambda later: later.find_lock(parent) is None),
        "slow": slow,
    }
    slows_all = regime.raid and regime.raid.value == RaidMode.SLOW
    if regime.holds_first or slows_all:
        facts["is_newcomer"] = not (reader.hash and _published_of_reader.first(reader.hash))
    if slows_all:
        writer = {"network_hash": reader.network_hash}
        if not facts["is_newcomer"]:
            writer = {"reader_hash": reader.hash}
        facts["last_post"] = _read_last_post(**writer)
    if slow:
        writer = {"network_hash": reader.network_hash}
        if reader.hash and not reader.new_key:
            writer = {"reader_hash": reader.hash}
        branch = {"tree_id": slow.tree_id, "lft__gte": slow.lft, "rght__lte": slow.rght}
        facts["last_in_slow"] = _read_last_post(**writer, **branch)
    return facts


@compiled.rows
def _published_of_reader(reader_hash):
    own = Comment.objects.published().exclude(reader_hash="").filter(reader_hash=reader_hash)
    return own.order_by().values_list("pk", flat=True)[:1]


def _read_last_post(**conditions):
    if not all(conditions.values()):  # nothing is known of the writer
        return None
    posts = Comment.objects.filter(**conditions).order_by("-posted_at")
    return posts.values_list("posted_at", flat=True).first()


def gather_pace(parent, reader):
    """Return the facts about how fast somebody writes."""
    with driver.at_once():
        fetch_last = _send_last_in_branch(parent, reader)
        posts = _send_posts(reader)
    facts = {name: fetch() for name, fetch in posts.items()}
    return facts | {"last_in_branch": next(iter(fetch_last()), None)}


def _read_posts(reader):
    with driver.at_once():
        posts = _send_posts(reader)
    return {name: fetch() for name, fetch in posts.items()}


def _send_posts(reader):
    """Send the queries for the times of the last posts of a reader and of the network; returns
    functions that read them, newest first, by the name of the fact."""
    now = timezone.now()
    return {
        "reader_posts": _send_recent(_posts_of_reader, "reader_rate", reader.hash, now),
        "network_posts": _send_recent(_posts_of_network, "network_rate", reader.network_hash, now),
    }


def _send_recent(query, rule, writer, now):
    """Send the query for the posts within the longest period of a rule."""
    if not writer:  # nothing is known of them
        return list
    limits = settings.COMMENT_RULES[rule]
    most = max(most if isinstance(most, int) else most[-1] for most in limits.values())
    return query.send(writer, now - timedelta(seconds=max(limits)), most)


@compiled.rows
def _posts_of_reader(reader_hash, since, limit):
    posts = Comment.objects.filter(reader_hash=reader_hash, posted_at__gt=since)
    return posts.order_by("-posted_at").values_list("posted_at", flat=True)[:limit]


@compiled.rows
def _posts_of_network(network_hash, since, limit):
    posts = Comment.objects.filter(network_hash=network_hash, posted_at__gt=since)
    return posts.order_by("-posted_at").values_list("posted_at", flat=True)[:limit]


def _send_last_in_branch(parent, reader):
    """Send the query for the last post of a reader that answers the same person in the same
    branch."""
    if parent is None or not reader.hash:
        return list
    place = parent.tree_id, reader.hash, parent.pk
    if parent.reader_hash:
        return _last_answer_to_person.send(*place, parent.reader_hash)
    return _last_answer.send(*place)


@compiled.rows
def _last_answer(tree_id, reader_hash, parent_id):
    return _list_answers(tree_id, reader_hash, Q(parent=parent_id))


@compiled.rows
def _last_answer_to_person(tree_id, reader_hash, parent_id, answered_hash):
    same_person = Q(parent=parent_id) | Q(parent__reader_hash=answered_hash)
    return _list_answers(tree_id, reader_hash, same_person)


def _list_answers(tree_id, reader_hash, same_person):
    own = Comment.objects.filter(same_person, tree_id=tree_id, reader_hash=reader_hash)
    return own.order_by("-posted_at").values_list("posted_at", flat=True)[:1]


def gather_names():
    """Return the facts about names."""
    house = reserve_names((settings.SITE_NAME, *settings.RESERVED_NAMES))
    staff = cache.get_or_set("staff-names", _read_staff_names, timeout=60)
    return {"reserved_names": house | reserve_names(tuple(staff), word_below=SHORT_NAME)}


def _read_staff_names():
    """Return the logins, display names and full names of the staff. A family name alone is
    nobody's."""
    names = []
    for user in get_user_model().objects.filter(is_staff=True):
        names += [user.get_username(), str(user)]
        if user.first_name and user.last_name:
            names += [user.get_full_name(), f"{user.last_name} {user.first_name}"]
    return names


def find_parent(thread, pk, fetch=None):
    """Return the comment of a thread that a reply answers, freshly read; None without ``pk``.

    ``fetch`` is what ``send_parent`` returned. Raises ``ParentMissing``, ``WrongThread`` or
    ``TooDeep``.
    """
    if pk is None:
        return None
    parent = next(iter((fetch or send_parent(pk))()), None)
    if parent is None:
        raise ParentMissing
    if parent.thread_id != thread.pk:
        raise WrongThread
    if not parent.is_published:
        raise ParentMissing
    if parent.level >= MAX_DEPTH:
        raise TooDeep
    return parent


def send_parent(pk):
    """Send the query of ``find_parent``; returns a function that reads it."""
    return list if pk is None else _parents.send(pk)


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
    return Comment.objects.order_by().filter(pk=pk).only(*fields).with_last_edge()
