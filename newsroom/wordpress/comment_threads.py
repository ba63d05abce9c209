"""Comments become threads, with their nesting, votes and old ids; pingbacks become mentions."""

import re
from datetime import UTC, datetime
from functools import partial

from django.db.models import F
from django.utils.translation import gettext as _

from comments import indexing
from comments.anchors import find_references
from comments.characters import normalize_text, tidy_name
from comments.models import AwaitedNumber, Comment, Mention, Reference, Thread, trees
from comments.models.comment import MAX_DEPTH
from comments.models.folds import fold_comments, fold_mention
from comments.models.states import Reason, State
from comments.rendering import render_text
from newsroom.imported import BATCH, compute_checksum, find_existing, split_batches
from newsroom.wordpress.comment_order import order_comments
from newsroom.wordpress.markup.article_html import extract_text
from newsroom.wordpress.markup.comment_text import convert_comment
from newsroom.wordpress.old_urls import split_url
from newsroom.wordpress.plugin_votes import read_score
from newsroom.wordpress.record_importer import RecordImporter
from newsroom.wordpress.wxr.records import MENTIONS

APPROVED = (State.PUBLISHED, "", "approved")
HELD = (State.HELD, Reason.CHECK, "held")
STATES = {
    **dict.fromkeys(("1", "approve", "approved"), APPROVED),
    "spam": (State.REMOVED, Reason.SPAM, "removed"),
    **dict.fromkeys(("trash", "post-trashed"), (State.REMOVED, Reason.OTHER, "removed")),
}
ACCEPTED = {"comment", *MENTIONS}  # not editors' notes, nor the records of plugins
MAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # for comments of articles without any date
FIELDS = ["name", "staff_id", "text", "html", "posted_at", "first_state", "first_reason"]


class CommentImporter(RecordImporter):
    """Imports the comments of one item after another. The caller owns the transaction."""

    def __init__(self, mapping, report, *, authors, votes_key, dry_run):
        super().__init__(mapping, report, dry_run=dry_run)
        self._mentions = MentionImporter(mapping, report, dry_run=dry_run)
        self._authors = authors
        self._votes_key = votes_key

    def import_comments(self, item, article_id):
        """Update the thread of an article from the export."""
        accepted = self._select(item)
        mentions = [comment for comment in accepted if comment.is_mention]
        self._mentions.import_mentions(mentions, article_id)
        comments = [comment for comment in accepted if not comment.is_mention]
        known = self._mapping.load_some("comment", [comment.old_id for comment in comments])
        fields = {comment.old_id: self._convert(comment, item) for comment in comments}
        checksums = {old_id: compute_checksum(values) for old_id, values in fields.items()}
        new, changed = [], []
        for comment in comments:
            if comment.old_id not in known:
                new.append(comment)
            elif known[comment.old_id][1] != checksums[comment.old_id]:
                changed.append(comment)
        self._report.count("comment", "new", len(new))
        self._report.count("comment", "changed", len(changed))
        self._report.count("comment", "same", len(comments) - len(new) - len(changed))
        pks = {old_id: pk for old_id, (pk, _checksum) in known.items()}
        ordered, lost = order_comments(new, _select_parents(new, pks, article_id))
        if lost:
            self._report.remark(
                _("comment moved to the top level: its parent is not in the export"),
                line=item.line,
                subject=item.title,
                times=lost,
            )
        if self._dry_run or not (new or changed):
            return
        with trees.thread_write(article_id) as thread:
            inserted = self._insert(ordered, fields, pks, thread)
            updated = self._update(changed, fields, pks, thread)
            _save_references([*inserted.values(), *updated], thread)
        pks |= {old_id: comment.pk for old_id, comment in inserted.items()}
        written = [comment.old_id for comment in (*new, *changed)]
        self._mapping.save(
            "comment", *((old_id, pks[old_id], checksums[old_id]) for old_id in written)
        )

    def prepare_thread(self, item, article_id, *, is_new):
        """Close or open the thread like the old site; an open, empty one needs no row.

        An existing thread changes only when the old site has closed or opened its own.
        """
        if is_new:
            if item.comments or not item.comments_open:
                Thread.objects.create(article_id=article_id, first_open=item.comments_open)
            return
        with trees.thread_write(article_id) as thread:
            if thread.first_open != item.comments_open:
                thread.first_open = item.comments_open
                thread.version += 1
                thread.save(update_fields=["first_open", "version"])

    def _select(self, item):
        """Return the comments of an item with an id and a type to import; count their states."""
        selected = {}
        for comment in item.comments:
            kind = "mention" if comment.is_mention else "comment"
            if comment.old_id <= 0 or comment.old_id >= 2**62 or comment.old_id in selected:
                self._report.count(kind, "left out")
                self._report.remark(_("comment without an ID skipped"), line=item.line)
            elif comment.type not in ACCEPTED:
                self._report.count(kind, "left out")
                self._report.remark(
                    _("skipped, comments of this type are not imported: %s") % comment.type,
                    line=item.line,
                    subject=item.title,
                )
            else:
                selected[comment.old_id] = comment
                self._report.count_state(kind, STATES.get(comment.approved, HELD)[2])
        return list(selected.values())

    def _convert(self, comment, item):
        state, reason, _label = STATES.get(comment.approved, HELD)
        return {
            "name": _convert_name(comment.author),
            "staff_id": self._authors.find_staff(comment.user_id),
            "text": normalize_text(convert_comment(comment.content)),
            "posted_at": comment.date or item.published_at or item.modified_at or EPOCH,
            "first_state": state,
            "first_reason": reason,
            "imported_score": read_score(comment.meta, self._votes_key),
        }

    def _insert(self, ordered, fields, pks, thread):
        """Insert new comments; return {old id: comment}."""
        if not ordered:
            return {}
        old_ids = [comment.old_id for comment, _parent in ordered]
        taken = find_existing(Comment.objects.order_by(), "pk", old_ids)
        in_thread = set(thread.comments.filter(pk__in=taken).values_list("pk", flat=True))
        parents = Comment.objects.in_bulk({pks[old_id] for _, old_id in ordered if old_id in pks})
        inserted = {}
        for record, parent in ordered:
            values = fields[record.old_id]
            is_free = record.old_id not in taken
            inserted[record.old_id] = Comment(
                pk=record.old_id if is_free else None,
                alias=None if is_free or record.old_id in in_thread else record.old_id,
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
        rows = Comment.objects.in_bulk({pks[record.old_id] for record in changed})
        updated = []
        for record in changed:
            comment = rows.get(pks[record.old_id])
            if comment is None or comment.thread_id != thread.pk:
                self._report.remark(
                    _("comment not changed: it belongs to another thread on this site")
                )
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


class MentionImporter(RecordImporter):
    """Imports the pingbacks and trackbacks of one item after another."""

    kind = "mention"

    def import_mentions(self, comments, article_id):
        self._known = self._mapping.load_some("mention", [comment.old_id for comment in comments])
        for comment in comments:
            author, url = extract_text(comment.author), comment.url
            is_link = url.startswith(("http://", "https://")) and len(url) <= 2000
            fields = {
                "kind": comment.type,
                "title": (author or split_url(url).netloc or comment.type)[:300],
                "url": url if is_link else "",
                "excerpt": convert_comment(comment.content),
                "first_state": STATES.get(comment.approved, HELD)[0],
                "received_at": comment.date,
            }
            save = partial(self._save, article_id, fields)
            self._import_record(comment.old_id, compute_checksum(fields), save)

    def _save(self, article_id, fields, pk):
        if not fields["received_at"]:
            del fields["received_at"]
        mention = Mention(pk=pk, article_id=article_id, state=fields["first_state"], **fields)
        mention.save()
        if pk:
            fold_mention(mention)
        return mention.pk


def _convert_name(text):
    """Return the name a comment was signed with; of a mail address only the part before @."""
    name = extract_text(text).replace("◆", "◇")
    return tidy_name(name.partition("@")[0] if MAIL.fullmatch(name) else name)[:50].strip()


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
