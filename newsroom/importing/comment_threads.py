"""Comments of another system become threads, with their nesting, votes and old ids, and mentions.

An importer describes each comment as an ``IncomingComment``; which article they belong to is its
own question (``article_lookup`` answers it by address).
"""

import re
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial

from django.db.models import F
from django.db.models.base import ModelState
from django.utils.translation import gettext as _

from comments import indexing
from comments.anchors import find_references
from comments.characters import normalize_text, tidy_name
from comments.models import AwaitedNumber, Comment, Mention, Reference, Thread, trees
from comments.models.comment import MAX_DEPTH
from comments.models.folds import fold_comments, fold_mention
from comments.models.states import Reason, State
from comments.rendering import render_text
from newsroom.importing.comment_order import order_comments
from newsroom.importing.comment_twins import CommentTwins
from newsroom.importing.mapping import BATCH, compute_checksum, find_existing, split_batches
from newsroom.importing.record_importer import RecordImporter

# The states that a comment comes with: (state, reason, how the report names it).
APPROVED = (State.PUBLISHED, "", "approved")
HELD = (State.HELD, Reason.CHECK, "held")
SPAM = (State.REMOVED, Reason.SPAM, "removed")
TRASH = (State.REMOVED, Reason.OTHER, "removed")
# Deleted by whom is unknown: readers are not told that it broke a rule.
DELETED = (State.REMOVED, Reason.WRITER, "deleted")
FIELDS = [
    *("name", "tripcode", "staff_id", "text", "html", "posted_at", "edited_at"),
    *("first_state", "first_reason"),
]
NAME_LENGTH = 50
HIGHEST_SCORE = 2_000_000_000
MAIL = re.compile(r"[^@\s]+@[^@\s.]+(?:\.[^@\s.]+)+")


@dataclass(slots=True)
class IncomingComment:
    """A comment; ``old_id`` and ``parent`` are the source's ids, ``parent`` 0 at the top level.

    ``name`` and ``text`` are plain text. ``state`` is one of the states above.
    """

    old_id: int
    parent: int
    name: str
    text: str
    posted_at: datetime
    state: tuple = APPROVED
    score: int = 0
    staff_id: int | None = None
    tripcode: str = ""
    edited_at: datetime | None = None

    @property
    def values(self):
        """The values of the fields of a ``Comment``."""
        state, reason, _label = self.state
        return {
            "name": tidy_name(self.name.replace("◆", "◇"))[:NAME_LENGTH].strip(),
            "tripcode": self.tripcode,
            "edited_at": self.edited_at,
            "staff_id": self.staff_id,
            "text": normalize_text(self.text),
            "posted_at": self.posted_at,
            "first_state": state,
            "first_reason": reason,
            "imported_score": self.score,
        }


@dataclass(slots=True)
class IncomingMention:
    """A pingback or trackback: that another page links to the article."""

    old_id: int
    kind: str
    title: str
    url: str
    excerpt: str
    first_state: str
    received_at: datetime | None


def limit_score(score):
    """Return a score that the database takes."""
    return max(-HIGHEST_SCORE, min(HIGHEST_SCORE, score))


def hide_mail(name):
    """Return the name a comment was signed with; of a mail address only the part before @."""
    return name.partition("@")[0] if MAIL.fullmatch(name) else name


class ThreadImporter(RecordImporter):
    """Imports the comments of one article after another. The caller owns the transaction."""

    def __init__(self, mapping, report, *, dry_run):
        super().__init__(mapping, report, dry_run=dry_run)
        self._mentions = MentionImporter(mapping, report, dry_run=dry_run)
        self._twins = CommentTwins(mapping)

    def import_mentions(self, mentions, article_id):
        self._mentions.import_mentions(mentions, article_id)

    def import_thread(self, comments, article_id, **place):
        """Update the thread of an article. ``place`` says where the report finds it."""
        known = self._mapping.load_some("comment", [comment.old_id for comment in comments])
        fields = {comment.old_id: comment.values for comment in comments}
        checksums = {old_id: compute_checksum(values) for old_id, values in fields.items()}
        new, changed = [], []
        for comment in comments:
            if comment.old_id not in known:
                new.append(comment)
            elif known[comment.old_id][1] != checksums[comment.old_id]:
                changed.append(comment)
        twins = self._twins.find({each.old_id: fields[each.old_id] for each in new}, article_id)
        new = [comment for comment in new if comment.old_id not in twins]
        erased = _find_erased(changed, known)
        changed = [comment for comment in changed if comment.old_id not in erased]
        self._report.count("comment", "new", len(new))
        self._report.count("comment", "changed", len(changed))
        same = len(comments) - len(new) - len(changed) - len(erased)
        self._report.count("comment", "same", same)
        if erased:
            self._report.count("comment", "kept", len(erased))
            text = _("comment changed there, erased here: stays erased")
            self._report.remark(text, times=len(erased), **place)
        if twins:
            text = _("comment is here already, from another import")
            self._report.remark(text, times=len(twins), **place)
        pks = {old_id: pk for old_id, (pk, _checksum) in known.items()} | twins
        ordered, lost = order_comments(new, _select_parents(new, pks, article_id))
        if lost:
            text = _("comment moved to the top level: its parent is not in the export")
            self._report.remark(text, times=lost, **place)
        if not (new or changed or erased or twins):
            return
        changed = self._select_changeable(changed, pks, article_id, place)
        if self._dry_run:
            return
        with trees.thread_write(article_id) as thread:
            inserted = self._insert(ordered, fields, pks, thread)
            updated = self._update(changed, fields, pks, thread)
            _save_references([*inserted.values(), *updated], thread)
        pks |= {old_id: comment.pk for old_id, comment in inserted.items()}
        written = [*(comment.old_id for comment in (*new, *changed)), *erased, *twins]
        self._mapping.save(
            "comment", *((old_id, pks[old_id], checksums[old_id]) for old_id in written)
        )

    def prepare_thread(self, article_id, *, is_open, is_new, has_comments):
        """Close or open the thread like the source; an open, empty one needs no row.

        An existing thread changes only when the source has closed or opened its own.
        """
        if is_new:
            if has_comments or not is_open:
                Thread.objects.create(article_id=article_id, first_open=is_open)
            return
        with trees.thread_write(article_id) as thread:
            if thread.first_open != is_open:
                thread.first_open = is_open
                thread.version += 1
                thread.save(update_fields=["first_open", "version"])

    def _select_changeable(self, changed, pks, article_id, place):
        """Return those changed comments that are in the thread of the article; report others."""
        wanted = {pks[comment.old_id] for comment in changed}
        here = set()
        for batch in split_batches(wanted):
            rows = Comment.objects.order_by().filter(pk__in=batch, thread__article=article_id)
            here.update(rows.values_list("pk", flat=True))
        lost = sum(pks[comment.old_id] not in here for comment in changed)
        if lost:
            text = _("comment not changed: it belongs to another thread on this site")
            self._report.remark(text, times=lost, **place)
        return [comment for comment in changed if pks[comment.old_id] in here]

    def _insert(self, ordered, fields, pks, thread):
        """Insert new comments; return {old id: comment}."""
        if not ordered:
            return {}
        old_ids = [comment.old_id for comment, _parent in ordered]
        taken = find_existing(Comment.objects.order_by(), "pk", old_ids)
        in_thread = set(thread.comments.filter(pk__in=taken).values_list("pk", flat=True))
        parents = Comment.objects.in_bulk({pks[old_id] for _, old_id in ordered if old_id in pks})
        inserted, blank = {}, Comment()
        for record, parent in ordered:
            values = fields[record.old_id]
            is_free = record.old_id > 0 and record.old_id not in taken
            has_alias = record.old_id > 0 and not is_free and record.old_id not in in_thread
            inserted[record.old_id] = _copy_comment(
                blank,
                id=record.old_id if is_free else None,
                alias=record.old_id if has_alias else None,
                parent=inserted.get(parent) or parents.get(pks.get(parent)),
                state=values["first_state"],
                reason=values["first_reason"],
                score=values["imported_score"],
                html=render_text(values["text"], {}),
                **values,
            )
        trees.insert_many(list(inserted.values()), thread=thread, max_depth=MAX_DEPTH)
        return inserted

    def _update(self, changed, fields, pks, thread):
        """Update what changed in the export; votes and moderation done here stay in force.

        Returns the comments.
        """
        # What was erased since ``_find_erased``, before the thread was locked, stays erased.
        rows = Comment.objects.with_text().in_bulk({pks[record.old_id] for record in changed})
        updated = []
        for record in changed:
            if not (comment := rows.get(pks[record.old_id])):
                continue
            values = fields[record.old_id]
            gained = values["imported_score"] - comment.imported_score
            for name, value in values.items():
                setattr(comment, name, value)
            comment.html = render_text(comment.text, {})
            Comment.objects.filter(pk=comment.pk).update(
                imported_score=comment.imported_score,
                score=F("score") + gained,
                **{name: getattr(comment, name) for name in FIELDS},
            )
            updated.append(comment)
        indexing.index_comments(updated)
        for batch in split_batches(comment.pk for comment in updated):
            fold_comments(thread.comments.filter(pk__in=batch))
            Reference.objects.filter(source__in=batch).delete()
            AwaitedNumber.objects.filter(source__in=batch).delete()
        if updated:
            thread.recount()
        return updated


def _copy_comment(blank, *, parent, **values):
    """Return a new comment with these columns, in a sixth of the time of its ``__init__``, whose
    other columns are those of a blank one."""
    comment = Comment.__new__(Comment)
    comment.__dict__.update(blank.__dict__, **values)
    comment._state = ModelState()
    comment._mptt_cached_fields = dict(blank._mptt_cached_fields)
    comment.parent = parent
    return comment


class MentionImporter(RecordImporter):
    """Imports the mentions of one article after another."""

    kind = "mention"

    def import_mentions(self, mentions, article_id):
        self._known = self._mapping.load_some("mention", [mention.old_id for mention in mentions])
        for mention in mentions:
            fields = asdict(mention)
            del fields["old_id"]
            save = partial(self._save, article_id, fields)
            self._import_record(mention.old_id, compute_checksum(fields), save)

    def _save(self, article_id, fields, pk):
        if not fields["received_at"]:
            del fields["received_at"]
        mention = Mention(pk=pk, article_id=article_id, state=fields["first_state"], **fields)
        mention.save()
        if pk:
            fold_mention(mention)
        return mention.pk


def _find_erased(changed, known):
    """Return the old ids of those changed comments whose text was erased here for good."""
    pks = {known[comment.old_id][0] for comment in changed}
    erased = find_existing(Comment.objects.order_by().exclude(purged_at=None), "pk", pks)
    return {comment.old_id for comment in changed if known[comment.old_id][0] in erased}


def _save_references(comments, thread):
    """Save which comments cite which as ``>>12``, and link the numbers in their texts."""
    numbers = {comment.pk: find_references(comment.text) for comment in comments}
    others = set()
    for batch in split_batches(numbers):
        others |= AwaitedNumber.objects.resolve(thread, thread.comments.filter(pk__in=batch))
    if not others and not any(numbers.values()):
        return
    places = thread.comments.values_list("number", "pk", "tree_id")
    targets, tree_of = {}, {}
    for number, pk, tree_id in places:
        targets[number], tree_of[pk] = pk, tree_id
    rows, changed = [], []
    for comment in comments:
        cited = {targets[number] for number in numbers[comment.pk] if number in targets}
        rows += [Reference(source=comment, target_id=pk) for pk in sorted(cited - {comment.pk})]
        html = render_text(comment.text, targets) if cited else comment.html
        if html != comment.html:
            comment.html = html
            changed.append(comment)
    Reference.objects.bulk_create(rows, batch_size=BATCH)
    Comment.objects.bulk_update(changed, ["html"], batch_size=BATCH)
    missing = {comment: numbers[comment.pk] - targets.keys() for comment in comments}
    AwaitedNumber.objects.add(thread, missing)
    others |= {tree_of[row.target_id] for row in rows} - {comment.tree_id for comment in comments}
    if others:
        thread.recount(others if len(others) < BATCH else None)
    thread.save_counts()


def _select_parents(comments, pks, article_id):
    """Return the old ids of those parents of new comments that are in an article's thread."""
    wanted = {pks[comment.parent]: comment.parent for comment in comments if comment.parent in pks}
    parents = Comment.objects.in_bulk(wanted).values()
    of_article = Thread.objects.filter(article_id=article_id).values_list("pk", flat=True)
    threads = set(of_article) if wanted else ()
    return {wanted[parent.pk] for parent in parents if parent.thread_id in threads}
