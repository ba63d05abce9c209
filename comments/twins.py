"""Comments that are sent twice: by a double click, by going back, or by a lost answer."""

from datetime import timedelta

from django.conf import settings

from articles.models import compiled
from comments.models import Comment


def find_twin(thread, *, parent_id, **repeated):
    """Return the comment that a new one would repeat, or None; a removed one only if the same
    form sent it, and if there is no other.

    For staff it is their own of a moment ago (a double click). For a request with a reader's key
    it is the same reader's. For a form with a token it is what the same form sent: the response
    then hands out no key to it. Two readers without either are never taken for one.
    """
    return choose_twin(send_twins(thread.pk, **repeated)(), parent_id)


def send_twins(thread_id, *, text, reader, at, submission=None, staff=None):
    """Send the query of ``find_twin``; returns a function that reads the candidates as (primary
    key, that of the parent)."""
    rules = settings.COMMENT_RULES
    if staff:
        since = at - timedelta(seconds=rules["same_click"])
        return _of_staff.send(thread_id, text, since, staff.pk)
    if reader.hash and not reader.new_key:
        since = at - timedelta(seconds=rules["same_text"])
        find = _sent_or_of_reader if submission else _unremoved_of_reader
        return find.send(*filter(None, (thread_id, text, since, reader.hash, submission)))
    return _sent.send(thread_id, submission) if submission else list


def choose_twin(candidates, parent_id):
    pks = [pk for pk, answered in candidates if answered == parent_id]
    twins = Comment.objects.filter(pk__in=pks) if pks else ()
    return min(twins, key=lambda twin: (twin.is_removed, twin.posted_at), default=None)


@compiled.rows
def _sent(thread_id, submission):
    sent = Comment.objects.order_by().filter(thread_id=thread_id, submission=submission)
    return sent.values_list("pk", "parent_id")


@compiled.rows
def _sent_or_of_reader(thread_id, text, since, reader_hash, submission):
    own = _unremoved_of_reader.build(thread_id, text, since, reader_hash)
    return _sent.build(thread_id, submission).union(own.order_by())


@compiled.rows
def find_same_of_network(thread_id, text, since, network_hash):
    own = Comment.objects.published().exclude(network_hash="").filter(network_hash=network_hash)
    return _select_same(own, thread_id, text, since)


@compiled.rows
def _unremoved_of_reader(thread_id, text, since, reader_hash):
    own = Comment.objects.exclude(reader_hash="").filter(reader_hash=reader_hash)
    return _select_same(own.exclude(state=Comment.State.REMOVED), thread_id, text, since)


@compiled.rows
def _of_staff(thread_id, text, since, staff_id):
    own = Comment.objects.published().filter(staff_id=staff_id)
    return _select_same(own, thread_id, text, since)


def _select_same(comments, thread_id, text, since):
    same = comments.filter(thread_id=thread_id, text=text, posted_at__gt=since)
    return same.order_by("posted_at").values_list("pk", "parent_id")
