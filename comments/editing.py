"""Changes by a comment's own writer: a new text, and deletion."""

import secrets

from django.conf import settings
from django.utils import timezone

from comments import indexing
from comments.bans import find_bans
from comments.characters import normalize_text
from comments.checks import Outcome, judge_text
from comments.models import Comment, trees
from comments.models.folds import find_affected_trees
from comments.models.states import Actor
from comments.posting import find_named, render_linked, save_references
from comments.refusals import Changed, Judged, NotEditable
from comments.rule_matcher import read_matcher


def edit(comment, *, reader, text, before):
    """Save a new text from a comment's writer. The comment then says when it was edited.

    ``before`` is the digest of the text that the writer saw. Raises ``NotEditable`` if the time
    is over, the thread is closed, or the comment has an answer or another writer, ``Changed`` if
    the text has changed since, and ``Judged`` if a check refuses the new text. The old text is
    kept for moderators. If a check holds the new one, so is the comment; the same if the comment
    was ever held, reported or decided about, as that was about another text.
    """
    verdict = judge_text(
        text,
        rules=settings.COMMENT_RULES,
        word_rules=read_matcher(),
        bans=find_bans(reader),
    )
    if verdict.outcome is Outcome.REFUSE:
        raise Judged(verdict)
    text = normalize_text(text)
    with trees.thread_write(comment.thread.article_id) as thread:
        comment.refresh_from_db()
        _check_own(comment, reader, before)
        thread.article, comment.thread = comment.thread.article, thread
        if not comment.is_editable:
            raise NotEditable
        if text == comment.text:
            return comment
        match = verdict.match
        named = find_named(thread.article, text)
        named.pop(comment.number, None)
        shown_before = find_affected_trees(Comment.objects.filter(pk=comment.pk))
        comment.old_texts.create(text=comment.text)
        comment.text = text
        comment.html = render_linked(text, named)
        comment.edited_at = timezone.now()
        comment.version += 1
        for field, value in match.items():
            setattr(comment, field, value)
        comment.save(update_fields=["text", "html", "edited_at", "version", *match])
        indexing.index_comment(comment)
        comment.references.all().delete()
        if thread.highest_awaited:
            comment.awaited_numbers.all().delete()
        others = shown_before | save_references(comment, named, thread)
        if comment.is_published:
            others |= {tree for _pk, tree in named.values()}
            thread.raise_versions(others | {comment.tree_id})
        else:
            thread.save_counts()
        _judge_again(comment, verdict, thread)
    return comment


def withdraw(comment, *, reader, before):
    """Delete a comment for its writer; a placeholder stays above replies.

    The ledger gets an entry without a moderator. Raises as ``edit`` does, but has no time
    limit.
    """
    _check_own(comment, reader, before)
    return comment.remove(by=None, reason=Comment.Reason.WRITER, seen=before, actor=Actor.WRITER)


def _judge_again(comment, verdict, thread):
    """Hold a new text that a check speaks against, whose comment was judged before, or while every
    text is held. Where the site allows it, one that is public stays so until a moderator has seen
    it."""
    if verdict.outcome is Outcome.HOLD:
        comment.hold(by=None, reason=verdict.reason, actor=Actor.SITE)
    elif comment.is_published and thread.regime.holds_all:
        comment.hold(by=None, reason=Comment.Reason.MODE, actor=Actor.SITE)
    elif not comment.was_judged:
        return
    elif comment.is_published and settings.COMMENT_EDITED_SINCE == "queue":
        comment.mark_edited()
    else:
        comment.hold(by=None, reason=Comment.Reason.EDITED, actor=Actor.SITE)


def _check_own(comment, reader, before):
    if not comment.is_written_by(reader):
        raise NotEditable
    if not secrets.compare_digest(before.encode(), comment.digest.encode()):
        raise Changed
