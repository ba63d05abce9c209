"""Comments become threads, with their nesting, votes and old ids; pingbacks become mentions."""

import heapq
import re
from collections import defaultdict
from datetime import UTC, datetime

from django.db.models import F
from django.utils.translation import gettext as _

from comments import indexing
from comments.models import Comment, Mention, Reference, Thread, trees
from comments.models.comment import MAX_DEPTH, Reason, State
from comments.models.moderated import fold
from comments.rendering import normalised, references, rendered
from newsroom.imported import BATCH, checksum
from newsroom.wordpress.markup.article_html import plain_text
from newsroom.wordpress.markup.comment_text import comment_text
from newsroom.wordpress.old_urls import parts_of
from newsroom.wordpress.plugin_votes import imported_score
from newsroom.wordpress.wxr.records import MENTIONS

STATES = {
    "1": (State.PUBLISHED, "", "approved"),
    "approve": (State.PUBLISHED, "", "approved"),
    "approved": (State.PUBLISHED, "", "approved"),
    "0": (State.HELD, Reason.CHECK, "held"),
    "hold": (State.HELD, Reason.CHECK, "held"),
    "spam": (State.REMOVED, Reason.SPAM, "removed"),
    "trash": (State.REMOVED, Reason.OTHER, "removed"),
    "post-trashed": (State.REMOVED, Reason.OTHER, "removed"),
}
TAKEN = {"comment", *MENTIONS}  # notes of editors and records of plugins are no reader's words
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)  # for what bears no date at all
FIELDS = ["name", "staff_id", "text", "html", "posted_at", "first_state", "first_reason"]


class Threads:
    """Imports the comments of one item after another. The caller owns the transaction."""

    def __init__(self, mapping, tally, *, people, votes_key, dry_run):
        self._mapping = mapping
        self._tally = tally
        self._people = people
        self._votes_key = votes_key
        self._dry_run = dry_run

    def import_comments(self, item, article_id):
        """Bring the thread of an article up to what the export says."""
        told = self._told(item)
        self._import_mentions([one for one in told if one.is_mention], article_id)
        told = [one for one in told if not one.is_mention]
        known = self._mapping.known("comment", [one.old_id for one in told])
        fields = {one.old_id: self._fields(one, item) for one in told}
        checks = {old_id: checksum(values) for old_id, values in fields.items()}
        new = [one for one in told if one.old_id not in known]
        changed = [
            one
            for one in told
            if one.old_id in known and known[one.old_id][1] != checks[one.old_id]
        ]
        self._tally.count("comment", "new", len(new))
        self._tally.count("comment", "changed", len(changed))
        self._tally.count("comment", "same", len(told) - len(new) - len(changed))
        pks = {old_id: pk for old_id, (pk, _check) in known.items()}
        ordered = self._in_order(new, _in_thread(new, pks, article_id), item)
        if self._dry_run or not (new or changed):
            return
        with trees.thread_write(article_id) as thread:
            made = self._insert(ordered, fields, pks, thread)
            updated = self._update(changed, fields, pks, thread)
            _refer([*made.values(), *updated], thread)
        pks |= {old_id: comment.pk for old_id, comment in made.items()}
        written = [one.old_id for one in (*new, *changed)]
        self._mapping.remember(
            "comment", *((old_id, pks[old_id], checks[old_id]) for old_id in written)
        )

    def prepare(self, item, article_id, *, is_new):
        """Close or open the thread as the old site has it; an open, empty one needs no row.

        A thread that is here already follows only what changed there.
        """
        if is_new:
            if item.comments or not item.comments_open:
                Thread.objects.create(article_id=article_id, is_open=item.comments_open)
            return
        with trees.thread_write(article_id) as thread:
            if thread.is_open != item.comments_open:
                thread.is_open = item.comments_open
                thread.version += 1
                thread.save(update_fields=["is_open", "version"])

    def _told(self, item):
        """Return the comments of an item without doubles, and count their states."""
        told = {}
        for comment in item.comments:
            kind = "mention" if comment.is_mention else "comment"
            if comment.old_id <= 0 or comment.old_id >= 2**62 or comment.old_id in told:
                self._tally.count(kind, "left out")
                self._tally.remark(_("comment without an id of its own left out"), line=item.line)
                continue
            if comment.type not in TAKEN:
                self._tally.count(kind, "left out")
                self._tally.remark(
                    _("left out, comments of this type are not taken: %s") % comment.type,
                    line=item.line,
                    subject=item.title,
                )
                continue
            told[comment.old_id] = comment
            self._tally.count_state(kind, STATES.get(comment.approved, STATES["0"])[2])
        return list(told.values())

    def _fields(self, comment, item):
        state, reason, _label = STATES.get(comment.approved, STATES["0"])
        return {
            "name": _name(comment.author),
            "staff_id": self._people.staff_id(comment.user_id),
            "text": normalised(comment_text(comment.content)),
            "posted_at": comment.date or item.published_at or item.modified_at or LONG_AGO,
            "first_state": state,
            "first_reason": reason,
            "imported_score": imported_score(comment.meta, self._votes_key),
        }

    def _in_order(self, comments, known, item):
        """Return (comment, old id of its parent or 0) by date, parents before their replies.

        A parent that is not in the export, stands in another thread here, or is its own
        descendant, makes a top-level comment.
        """
        new = {comment.old_id for comment in comments}
        replies = defaultdict(list)
        ready, lost = [], 0
        for comment in comments:
            if comment.parent in new:
                replies[comment.parent].append(comment)
            else:
                parent = comment.parent if comment.parent in known else 0
                lost += bool(comment.parent and not parent)
                ready.append((comment, parent))
        ordered = _by_date(ready, replies)
        if len(ordered) < len(comments):
            done = {comment.old_id for comment, _parent in ordered}
            circles = sorted((one for one in comments if one.old_id not in done), key=_age)
            for comment in circles:
                if comment.old_id not in done:
                    lost += 1
                    branch = _by_date([(comment, 0)], replies, done)
                    ordered += branch
                    done |= {one.old_id for one, _parent in branch}
        if lost:
            self._tally.remark(
                _("comment whose parent is not in the export: now at the top level"),
                line=item.line,
                subject=item.title,
                times=lost,
            )
        return ordered

    def _insert(self, ordered, fields, pks, thread):
        """Insert new comments; return {old id: comment}."""
        if not ordered:
            return {}
        taken = _taken(comment.old_id for comment, _parent in ordered)
        here = set(
            thread.comments.filter(pk__in=taken).values_list("pk", flat=True) if taken else ()
        )
        parents = _in_bulk({pks[parent] for _comment, parent in ordered if parent in pks})
        made = {}
        for told, parent in ordered:
            values = fields[told.old_id]
            is_free = told.old_id not in taken
            made[told.old_id] = Comment(
                pk=told.old_id if is_free else None,
                alias=None if is_free or told.old_id in here else told.old_id,
                parent=made.get(parent) or parents.get(pks.get(parent)),
                state=values["first_state"],
                reason=values["first_reason"],
                score=values["imported_score"],
                **values,
            )
        comments = list(made.values())
        is_fresh = thread.last_number == 0
        targets = {} if is_fresh else dict(thread.comments.values_list("number", "pk"))
        targets |= {
            number: comment.pk
            for number, comment in enumerate(comments, thread.last_number + 1)
            if comment.pk
        }
        for comment in comments:
            comment.html = rendered(comment.text, targets)
        trees.insert_many(comments, thread=thread, max_depth=MAX_DEPTH)
        return made

    def _update(self, changed, fields, pks, thread):
        """Write what changed in the export; votes and decisions made here keep their weight.
        Return the comments."""
        rows = _in_bulk({pks[told.old_id] for told in changed})
        targets = dict(thread.comments.values_list("number", "pk")) if rows else {}
        updated = []
        for told in changed:
            comment = rows.get(pks[told.old_id])
            if comment is None or comment.thread_id != thread.pk:
                self._tally.remark(_("comment belongs to another thread here: left as it is"))
                continue
            values = fields[told.old_id]
            gained = values["imported_score"] - comment.imported_score
            for name, value in values.items():
                setattr(comment, name, value)
            comment.html = rendered(comment.text, targets)
            Comment.objects.filter(pk=comment.pk).update(
                imported_score=comment.imported_score,
                score=F("score") + gained,
                **{name: getattr(comment, name) for name in FIELDS},
            )
            updated.append(comment)
        indexing.index_many(updated)
        if updated:
            for start in range(0, len(updated), BATCH):
                batch = [comment.pk for comment in updated[start : start + BATCH]]
                fold(thread.comments.filter(pk__in=batch))
                Reference.objects.filter(source__in=batch).delete()
            thread.changed()
        return updated

    def _import_mentions(self, told, article_id):
        known = self._mapping.known("mention", [one.old_id for one in told])
        for one in told:
            state, _reason, _label = STATES.get(one.approved, STATES["0"])
            fields = {
                "kind": one.type,
                "title": (plain_text(one.author) or parts_of(one.url).netloc or one.type)[:300],
                "url": one.url if one.url.startswith(("http://", "https://")) else "",
                "excerpt": comment_text(one.content),
                "state": state,
                "received_at": one.date,
            }
            fields["url"] = fields["url"] if len(fields["url"]) <= 2000 else ""
            check = checksum(fields)
            pk, known_check = known.get(one.old_id, (None, ""))
            outcome = "same" if known_check == check else "changed" if pk else "new"
            self._tally.count("mention", outcome)
            if outcome == "same" or self._dry_run:
                continue
            if not fields["received_at"]:
                del fields["received_at"]
            mention = Mention(pk=pk, article_id=article_id, **fields)
            mention.save()
            self._mapping.remember("mention", (one.old_id, mention.pk, check))


def _name(text):
    """Return the name a comment was signed with; of a mail address only what stands before @."""
    name = plain_text(text).replace("◆", "◇")
    return (name.partition("@")[0] if MAIL.fullmatch(name) else name)[:50].strip()


def _age(comment):
    return (comment.date.timestamp() if comment.date else 0.0, comment.old_id)


def _by_date(ready, replies, done=()):
    """Return (comment, parent) oldest first, where a reply waits for its parent."""
    heap = [(*_age(comment), comment, parent) for comment, parent in ready]
    heapq.heapify(heap)
    ordered, seen = [], {*done, *(comment.old_id for comment, _parent in ready)}
    while heap:
        *_key, comment, parent = heapq.heappop(heap)
        ordered.append((comment, parent))
        for reply in replies.get(comment.old_id, ()):
            if reply.old_id not in seen:
                seen.add(reply.old_id)
                heapq.heappush(heap, (*_age(reply), reply, comment.old_id))
    return ordered


def _refer(comments, thread):
    """Note which comments name which as ``>>12``; link those whose ids were not known when
    their number was rendered."""
    numbers = {comment.pk: references(comment.text) for comment in comments}
    if not any(numbers.values()):
        return
    places = thread.comments.values_list("number", "pk", "tree_id")
    targets, tree_of = {}, {}
    for number, pk, tree_id in places:
        targets[number], tree_of[pk] = pk, tree_id
    rows, again = [], []
    for comment in comments:
        named = {targets[number] for number in numbers[comment.pk] if number in targets}
        rows += [Reference(source=comment, target_id=pk) for pk in sorted(named - {comment.pk})]
        html = rendered(comment.text, targets) if named else comment.html
        if html != comment.html:
            comment.html = html
            again.append(comment)
    Reference.objects.bulk_create(rows, batch_size=BATCH)
    Comment.objects.bulk_update(again, ["html"], batch_size=BATCH)
    others = {tree_of[row.target_id] for row in rows} - {comment.tree_id for comment in comments}
    if others:
        thread.changed(others if len(others) < BATCH else None)


def _in_thread(comments, pks, article_id):
    """Return the old ids of those parents of new comments that stand in an article's thread."""
    wanted = {pks[comment.parent]: comment.parent for comment in comments if comment.parent in pks}
    parents = _in_bulk(wanted).values() if wanted else ()
    of_article = Thread.objects.filter(article_id=article_id).values_list("pk", flat=True)
    threads = set(of_article) if wanted else ()
    return {wanted[parent.pk] for parent in parents if parent.thread_id in threads}


def _taken(ids):
    """Return those of some ids that comments here have already."""
    ids = list(ids)
    taken = set()
    for start in range(0, len(ids), BATCH):
        rows = Comment.objects.filter(pk__in=ids[start : start + BATCH])
        taken.update(rows.values_list("pk", flat=True))
    return taken


def _in_bulk(pks):
    pks = list(pks)
    found = {}
    for start in range(0, len(pks), BATCH):
        found |= Comment.objects.in_bulk(pks[start : start + BATCH])
    return found
