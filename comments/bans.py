"""Bans of readers and networks, for a time.

A ban is an act of the ledger: undoing the act ends it, and time ends it without a job. A ban of a
network holds the hash of the network under the key of the week of the comment, and a copy of that
key, so that it outlives the week. A client is then hashed under each of these few keys.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.utils import timezone

from articles.models import NetworkKey
from articles.web.networks import hash_text
from comments.checks.banned import describe_ban
from comments.models import Measure, ModerationAction
from comments.models.ledger import BANS
from comments.models.states import Verb
from comments.models.trees import thread_write
from comments.refusals import Banned, NetworkForgotten, NotRecognised

TERMS = (1, 7, 30, 365)  # days
FRESH = 3  # seconds for which a process may still use the bans that it has read


@dataclass(frozen=True, slots=True)
class Ban:
    """A ban in force. ``network_key`` is the key of ``network_hash``, in hex."""

    until: datetime
    reason: str
    reader_hash: str
    network_hash: str
    network_key: str

    @property
    def is_of_reader(self):
        return bool(self.reader_hash)


def ban_reader(comment, *, by, days, reason, note="", seen=""):
    """Ban the writer of a comment; returns the act. Raises ``NotRecognised`` if the comment has no
    reader key, and ``Changed`` if something happened to such bans since the form was shown."""
    if not comment.reader_hash:
        raise NotRecognised
    whom = {"reader_hash": comment.reader_hash}
    return _ban(comment, whom, by=by, days=days, reason=reason, note=note, seen=seen)


def ban_network(comment, *, by, days, reason, note="", seen="", is_wide=False):
    """Hold what comes from the network of a comment, or from the wide network around it; returns
    the act. Raises ``NetworkForgotten`` if the hash or its key is purged, and ``Changed``."""
    network_hash = comment.wide_network_hash if is_wide else comment.network_hash
    key = NetworkKey.derive_past("comments", comment.posted_at)
    if not network_hash or key is None:
        raise NetworkForgotten
    whom = {"network_hash": network_hash, "network_key": key.hex()}
    return _ban(comment, whom, by=by, days=days, reason=reason, note=note, seen=seen)


def find_bans(reader):
    """Return the bans in force that concern a reader. No query, but for one every few seconds."""
    listed = cache.get_or_set(BANS, _read_bans, timeout=FRESH)
    if not listed:
        return []
    now, hashes = timezone.now(), {}
    return [ban for ban in listed if ban.until > now and _concerns(ban, reader, hashes)]


def find_ban_of(reader):
    """Return the longest ban in force of a reader's own key, or None."""
    own = [ban for ban in find_bans(reader) if ban.is_of_reader]
    return max(own, key=lambda ban: ban.until, default=None)


def refuse_banned(reader):
    """Raise ``Banned`` if the reader is banned."""
    ban = find_ban_of(reader)
    if ban:
        raise Banned(describe_ban(ban))


def _ban(comment, whom, *, by, days, reason, note, seen):
    term = timedelta(days=days)
    with thread_write(comment.thread.article_id):
        same, ends_at = Measure.objects.filter(kind=Verb.BAN, **whom), timezone.now() + term
        if twin := same.find_twin(by=by, value="", until=ends_at, seen=seen):
            return twin
        action = ModerationAction.objects.create(
            thread=comment.thread,
            comment=comment,
            verb=Verb.BAN,
            reason=reason,
            note=note,
            moderator=by,
        )
        until = action.created_at + term
        Measure.objects.create(action=action, kind=Verb.BAN, until=until, **whom)
        transaction.on_commit(lambda: cache.delete(BANS))
    return action


def _read_bans():
    bans = Measure.objects.in_force().filter(kind=Verb.BAN)
    fields = "until", "action__reason", "reader_hash", "network_hash", "network_key"
    return [Ban(*row) for row in bans.values_list(*fields)]


def _concerns(ban, reader, hashes):
    """Whether a ban is one of this reader. ``hashes`` keeps the reader's networks by key."""
    if ban.is_of_reader:
        return ban.reader_hash == reader.hash
    key = ban.network_key
    if key not in hashes:
        hashes[key] = {hash_text(bytes.fromhex(key), network) for network in reader.networks}
    return ban.network_hash in hashes[key]
