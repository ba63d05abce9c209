"""The ledger: what a decision saw, what it covers, and what undoing it gives back."""

import time
import uuid

import pytest

from comments.models import Comment, ModerationAction, Report, ledger, trees
from comments.models.ledger import undo_acts
from comments.models.moderated import decide
from comments.models.stamps import add_act_stamps
from comments.refusals import Changed
from tests import factories

BULK, BULK_THREADS, BULK_QUERIES = 500, 20, 40  # comments, threads, queries a thread
BULK_SECONDS = 5  # of the processor, for deciding


def test_a_removal_by_a_colleague_is_not_approved_unseen(moderator, article):
    comment = factories.comment(article, text="港は誰のものか")
    seen = comment.stamp
    colleague = factories.user("三澄")
    comment.remove(by=colleague, reason="privacy")
    with pytest.raises(Changed) as refused:
        comment.approve(by=moderator.user, seen=seen)
    assert "三澄" in str(refused.value) and "個人情報" in str(refused.value)
    comment.refresh_from_db()
    assert comment.is_removed


def test_a_prune_takes_no_reply_that_was_not_seen(moderator, article):
    top = factories.comment(article, text="港は誰のものか")
    seen = top.branch_stamp
    factories.comment(article, text="あとから", parent=top)
    top.refresh_from_db()
    with pytest.raises(Changed) as refused:
        top.prune(by=moderator.user, reason="spam", seen=seen)
    assert "1" in str(refused.value)
    assert Comment.objects.published().count() == 2
    top.prune(by=moderator.user, reason="spam", seen=top.branch_stamp)


def test_many_threads_are_decided_in_one_entry_with_one_undo(moderator):
    comments = [factories.comment(factories.article(), text=f"宣伝 {n}") for n in range(3)]
    chosen = Comment.objects.filter(pk__in=[comment.pk for comment in comments])
    action, refusals = decide(chosen, "remove", by=moderator.user, reason="spam")
    assert not refusals and action.size == 3 and not chosen.published().exists()
    action.undo(by=moderator.user, note="まちがい")
    assert chosen.published().count() == 3
    assert action.undone_note == "まちがい"


def test_undoing_opens_the_reports_that_the_decision_answered(moderator, article):
    comment = factories.comment(article, text="港は誰のものか")
    report = Report.objects.create(comment=comment, reason="spam", reporter="r")
    first = comment.keep(by=moderator.user)
    second = comment.remove(by=moderator.user, reason="spam")
    report.refresh_from_db()
    assert report.answer == first
    first.undo(by=moderator.user)
    report.refresh_from_db()
    assert report.answer == second
    second.undo(by=moderator.user)
    report.refresh_from_db()
    assert (report.answer, report.answered_at, report.answered_by) == (None, None, None)


def test_undoing_takes_back_the_ordinal_of_an_id(moderator, article):
    held = factories.comment(article, text="はじめて", state="held", reader=factories.reader("a"))
    action = held.approve(by=moderator.user)
    held.refresh_from_db()
    assert held.reader_ordinal == 1
    action.undo(by=moderator.user)
    held.refresh_from_db()
    assert held.reader_ordinal == 0


def test_a_note_changes_nothing_that_a_decision_would(moderator, article):
    comment = factories.comment(article, text="港は誰のものか")
    report = Report.objects.create(comment=comment, reason="spam", reporter="r")
    decide(Comment.objects.filter(pk=comment.pk), "edit", by=None, actor="writer")
    before = Comment.objects.values().get()
    assert before["is_unseen"]
    note = comment.note(moderator.user, "様子を見る")
    assert Comment.objects.values().get() == before
    report.refresh_from_db()
    assert report.answer is None
    assert (note.comment, note.note, note.items.get().state) == (comment, "様子を見る", "")
    comment.keep(by=moderator.user)
    comment.refresh_from_db()
    assert not comment.is_unseen


def test_a_report_closes_when_the_writer_deletes_the_comment(reader, article):
    reader.write(article, "港は誰のものか")
    comment = Comment.objects.get()
    report = Report.objects.create(comment=comment, reason="spam", reporter="r")
    reader.send(f"/comments/{comment.pk}/delete/", before=comment.digest)
    report.refresh_from_db()
    assert report.answer.actor == "writer"
    assert report.answered_at == report.answer.created_at
    assert not Report.objects.open().exists()


def test_a_bulk_prune_covers_nested_and_separate_branches_once(moderator, article):
    comments = factories.long_thread(article, 40)
    chosen = Comment.objects.filter(pk__in=[comment.pk for comment in comments[:36]])
    action, _refusals = decide(chosen, "prune", by=moderator.user, reason="spam")
    assert action.size == action.items.count() == 40


def test_a_form_can_be_sent_again_once_its_comment_is_removed(moderator, article):
    form = uuid.uuid4()
    first = factories.comment(article, submission=form)
    action = first.hold(by=moderator.user)
    assert factories.comment(article, submission=form).pk == first.pk
    action.undo(by=moderator.user)
    first.remove(by=moderator.user, reason="spam")
    second = factories.comment(article, submission=form)
    assert second.pk != first.pk
    assert factories.comment(article, submission=form).pk == second.pk


def test_undoing_unseen_acts_looks_for_no_changes(moderator, article, monkeypatch):
    acts = [factories.comment(article).hold(by=moderator.user) for _number in range(2)]
    looked = []
    monkeypatch.setattr(ledger, "find_changes_since", lambda act, _seen: looked.append(act))
    add_act_stamps(acts)
    assert undo_acts(acts, by=moderator.user, seen={acts[1].pk: acts[1].seen}) == {}
    assert looked == acts[1:]
    assert Comment.objects.published().count() == 2


@pytest.mark.slow
@pytest.mark.parametrize("verb", ["remove", "approve", "prune"])
def test_a_bulk_of_500_takes_few_queries_a_thread(moderator, verb, django_assert_max_num_queries):
    held = {"text": "宣伝", "html": "", "state": "held", "first_state": "held", "reader_code": "a"}
    for _ in range(BULK_THREADS):
        with trees.thread_write(factories.article()) as thread:
            comments = [Comment(**held) for _ in range(BULK // BULK_THREADS)]
            trees.insert_many(comments, thread=thread, max_depth=9)
    chosen = Comment.objects.order_by("pk")
    begun = time.process_time()
    with django_assert_max_num_queries(BULK_QUERIES * BULK_THREADS):
        action, refusals = decide(chosen, verb, by=moderator.user, reason="spam")
    assert time.process_time() - begun < BULK_SECONDS
    assert action.size == BULK and not refusals and not chosen.held().exists()
    assert list(ModerationAction.objects.all()) == [action]
    with django_assert_max_num_queries(BULK_QUERIES * BULK_THREADS):
        action.undo(by=moderator.user)
    assert chosen.held().count() == BULK


def test_a_link_goes_with_the_approval_also_while_another_act_hides_its_target(moderator, article):
    held = factories.comment(article, text="確認待ち", state="held")
    source = factories.comment(article, text=f">>{held.number} を待つ")
    before = source.html
    approval = held.approve(by=moderator.user)
    prune = held.prune(by=moderator.user, reason="spam")
    approval.undo(by=moderator.user)
    prune.undo(by=moderator.user)
    source.refresh_from_db()
    assert source.html == before
    assert not source.references.exists()
