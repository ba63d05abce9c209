"""The comments, pingbacks and trackbacks of an item, as what an import of any system takes."""

from datetime import UTC, datetime

from django.utils.translation import gettext as _

from comments.models import Comment
from comments.models.states import Reason
from newsroom.importing.comment_text import convert_comment
from newsroom.importing.comment_threads import (
    APPROVED,
    HELD,
    SPAM,
    TRASH,
    IncomingComment,
    IncomingMention,
    ThreadImporter,
    hide_mail,
)
from newsroom.importing.mapping import split_batches
from newsroom.importing.old_urls import split_url
from newsroom.wordpress.item_keys import find_comment_key
from newsroom.wordpress.markup.article_html import extract_text
from newsroom.wordpress.own_fields import read_fields
from newsroom.wordpress.plugin_votes import read_score
from newsroom.wordpress.wxr.records import MENTIONS

STATES = {
    **dict.fromkeys(("1", "approve", "approved"), APPROVED),
    "spam": SPAM,
    **dict.fromkeys(("trash", "post-trashed"), TRASH),
}
ACCEPTED = {"comment", *MENTIONS}  # not editors' notes, nor the records of plugins
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)  # for comments of articles without any date


class CommentImporter:
    """Imports the comments of one item after another. The caller owns the transaction."""

    def __init__(self, mapping, report, *, authors, votes_key, dry_run):
        self._threads = ThreadImporter(mapping, report, dry_run=dry_run)
        self._mapping = mapping
        self._report = report
        self._authors = authors
        self._votes_key = votes_key

    def import_comments(self, item, article_id):
        """Update the thread of an article from the export."""
        accepted = self._select(item)
        mentions = [_convert_mention(comment) for comment in accepted if comment.is_mention]
        self._threads.import_mentions(mentions, article_id)
        comments = [each for each in accepted if not each.is_mention]
        scores = self._find_scores(comments)
        comments = [self._convert(each, item, scores) for each in comments]
        self._threads.import_thread(comments, article_id, line=item.line, subject=item.title)

    def prepare_thread(self, item, article_id, *, is_new):
        """Close or open the thread like the old site."""
        self._threads.prepare_thread(
            article_id,
            is_open=item.comments_open,
            is_new=is_new,
            has_comments=bool(item.comments),
        )

    def _select(self, item):
        """Return the comments of an item with a type to import; count their states."""
        selected = {}
        for comment in item.comments:
            kind = "mention" if comment.is_mention else "comment"
            comment.old_id = find_comment_key(comment, item)
            if comment.old_id in selected:
                self._report.count(kind, "left out")
                self._report.remark(
                    _("comment skipped: its ID appears twice"), line=item.line, subject=item.title
                )
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

    def _find_scores(self, comments):
        """Return the scores here of comments whose votes the source does not tell."""
        untold = [comment.old_id for comment in comments if comment.meta is None]
        known = self._mapping.load_some("comment", untold)
        old_ids = {pk: old_id for old_id, (pk, _checksum) in known.items()}
        scores = {}
        for batch in split_batches(old_ids):
            rows = Comment.objects.order_by().filter(pk__in=batch)
            scores.update(rows.values_list("pk", "imported_score"))
        return {old_ids[pk]: score for pk, score in scores.items()}

    def _convert(self, comment, item, scores):
        score = scores.get(comment.old_id, 0)
        if comment.meta is not None:
            score = read_score(comment.meta, self._votes_key)
        author = extract_text(comment.author)
        own, state = comment.own, STATES.get(comment.approved, HELD)
        reason = own.get("reason")
        if state != APPROVED and reason in Reason.values:
            state = (state[0], reason, state[2])
        return IncomingComment(
            old_id=comment.old_id,
            parent=comment.parent,
            name=own["name"] if isinstance(own.get("name"), str) else hide_mail(author),
            text=convert_comment(comment.content),
            posted_at=comment.date or item.published_at or item.modified_at or EPOCH,
            state=state,
            score=score,
            staff_id=self._authors.find_staff(comment.user_id),
            **read_fields(Comment, own, ("tripcode", "edited_at")),
        )


def _convert_mention(comment):
    author, url = extract_text(comment.author), comment.url
    is_link = url.startswith(("http://", "https://")) and len(url) <= 2000
    return IncomingMention(
        old_id=comment.old_id,
        kind=comment.type,
        title=(author or split_url(url).netloc or comment.type)[:300],
        url=url if is_link else "",
        excerpt=convert_comment(comment.content),
        first_state=STATES.get(comment.approved, HELD)[0],
        received_at=comment.date,
    )
