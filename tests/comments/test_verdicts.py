"""A verdict is about a text: an edit of a comment that was ever judged is judged again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments import verification
from comments.models import Comment, Measure, ModerationAction, OldText, Report
from comments.models.moderated import decide as decide_many
from comments.models.states import Actor, Reason, State, Verb
from tests import factories, moderating
from tests.comments.test_edits import edit
from tests.moderating import undo
from tests.reading import parsed

LINKS = "http://a.example http://b.example http://c.example"
NEW = "誰も読んでいない文"


@pytest.fixture
def own(reader, article):
    reader.write(article, "最初の文")
    return Comment.objects.get()


@pytest.fixture
def held(reader, article):
    reader.write(article, LINKS)
    comment = Comment.objects.get()
    assert comment.is_held
    return comment


def decide(moderator, comment, verb, **fields):
    return moderating.decide(moderator, comment, verb, **{"reason": "abuse"} | fields)


def is_public(other_reader, article, text):
    return text in other_reader.get(article.get_absolute_url()).content.decode()


def last_action():
    return ModerationAction.objects.order_by("pk").last()


def test_an_edit_keeps_the_old_text_and_raises_the_version(reader, own):
    version = own.version
    edit(reader, own, "直した文")
    edit(reader, own, "また直した文")
    own.refresh_from_db()
    assert [old.text for old in own.old_texts.all()] == ["最初の文", "直した文"]
    assert own.version >= version + 2
    assert own.is_published and not own.is_unseen and not ModerationAction.objects.exists()


def test_the_same_text_keeps_no_old_one(reader, own):
    edit(reader, own, "最初の文")
    assert not OldText.objects.exists() and Comment.objects.get().version == own.version


def test_a_held_text_that_was_approved_is_held_again_when_edited(
    reader, other_reader, moderator, article, held
):
    decide(moderator, held, "approve")
    approval = last_action()
    edit(reader, held, NEW)
    held.refresh_from_db()
    assert (held.state, held.reason) == (State.HELD, Reason.EDITED)
    act = last_action()
    assert (act.verb, act.actor, act.moderator) == (Verb.HOLD, Actor.SITE, None)
    assert not is_public(other_reader, article, NEW)
    for action in (approval, act):
        undo(moderator, action)
        held.refresh_from_db()
        assert held.is_held and held.text == NEW
    assert not is_public(other_reader, article, NEW)
    assert verification.find_faults(held.thread) == []


@pytest.mark.parametrize("verb", ["mode", "ban", "edit", "request", "erase", "undo"])
def test_other_acts_are_no_decision_about_a_comment(moderator, own, verb):
    assert decide(moderator, own, verb, inline=True).status_code == 404
    assert not ModerationAction.objects.exists()


def test_the_writer_sees_at_once_that_the_edit_waits(reader, moderator, held):
    decide(moderator, held, "approve")
    response = edit(reader, held, NEW)
    page = reader.get(response["location"]).content.decode()
    assert "comment__held" in page and NEW in page
    assert str(Reason.EDITED.label) in page


@pytest.mark.parametrize("inline", [False, True])
def test_a_text_edited_while_a_list_is_open_is_not_approved(
    reader, other_reader, moderator, article, held, inline
):
    seen = held.stamp
    edit(reader, held, NEW)
    response = decide(moderator, held, "approve", inline=inline, seen=seen)
    assert response.status_code == 409
    held.refresh_from_db()
    assert held.is_held and not is_public(other_reader, article, NEW)


def test_editing_back_does_not_make_an_old_stamp_valid(reader, moderator, held):
    seen = held.stamp
    edit(reader, held, NEW)
    edit(reader, held, LINKS)
    assert decide(moderator, held, "approve", seen=seen).status_code == 409


def test_a_bulk_approval_leaves_out_what_was_edited(reader, moderator, article, held):
    other = factories.comment(article, text="ほかの文", state="held")
    seen = {comment.pk: comment.stamp for comment in (held, other)}
    edit(reader, held, NEW)
    action, refusals = decide_many(
        Comment.objects.filter(pk__in=seen), "approve", by=moderator.user, seen=seen
    )
    assert list(refusals) == [held] and action.size == 1
    held.refresh_from_db()
    assert held.is_held


@pytest.mark.parametrize("verb", ["hold", "remove", "prune", "keep", "approve"])
def test_undoing_an_earlier_decision_does_not_publish_a_new_text(
    reader, other_reader, moderator, article, own, verb
):
    decide(moderator, own, verb)
    first = last_action()
    if verb in {"remove", "prune"}:
        undo(moderator, first)
    edit(reader, own, NEW)
    undo(moderator, first)
    own.refresh_from_db()
    assert own.is_held and own.text == NEW
    assert not is_public(other_reader, article, NEW)
    decide(moderator, own, "approve")
    approval = last_action()
    assert is_public(other_reader, article, NEW)
    undo(moderator, approval)
    assert not is_public(other_reader, article, NEW)


def test_a_held_text_edited_while_it_waits_is_not_published_by_undoing(
    reader, other_reader, moderator, article, own
):
    decide(moderator, own, "hold")
    hold = last_action()
    edit(reader, own, NEW)
    undo(moderator, hold)
    own.refresh_from_db()
    assert own.is_held and not is_public(other_reader, article, NEW)


@pytest.mark.parametrize("is_answered", [False, True])
def test_an_edit_of_a_reported_comment_is_held(reader, other_reader, moderator, own, is_answered):
    other_reader.send(f"/comments/{own.pk}/report/", reason="abuse")
    if is_answered:
        decide(moderator, own, "keep")
    edit(reader, own, NEW)
    own.refresh_from_db()
    assert (own.state, own.reason) == (State.HELD, Reason.EDITED)
    report = Report.objects.get()
    assert report.about == "最初の文"
    assert (report.answered_at is not None) is is_answered


def test_a_comment_below_a_pruned_one_is_held_when_edited_after_its_approval(
    reader, other_reader, moderator, article
):
    top = factories.comment(article, text="親の文")
    reader.write(article, "子の文", parent=top.pk)
    child = Comment.objects.get(parent=top)
    decide(moderator, top, "prune")
    prune = last_action()
    assert edit(reader, child, NEW).status_code == 404
    decide(moderator, child, "approve")
    approval = last_action()
    edit(reader, child, NEW)
    for action in (prune, approval):
        undo(moderator, action)
        child.refresh_from_db()
        assert child.is_held and child.text == NEW
    assert not is_public(other_reader, article, NEW)


def test_the_reason_of_a_check_comes_first(reader, moderator, own):
    decide(moderator, own, "keep")
    edit(reader, own, LINKS)
    own.refresh_from_db()
    assert (own.state, own.reason) == (State.HELD, Reason.LINKS)


def test_where_the_site_allows_it_an_edit_stays_public_and_waits_to_be_seen(
    reader, other_reader, moderator, article, held, settings
):
    settings.COMMENT_EDITED_SINCE = "queue"
    decide(moderator, held, "approve")
    approval = last_action()
    edit(reader, held, NEW)
    held.refresh_from_db()
    assert held.is_published and held.is_unseen
    act = last_action()
    assert (act.verb, act.actor, act.items.get().state) == (Verb.EDIT, Actor.WRITER, "")
    assert undo(moderator, act).status_code == 409
    decide(moderator, held, "keep")
    keep = last_action()
    held.refresh_from_db()
    assert held.is_published and not held.is_unseen
    undo(moderator, keep)
    held.refresh_from_db()
    assert held.is_unseen
    edit(reader, held, "また別の新しい文")
    held.refresh_from_db()
    assert held.is_unseen and held.old_texts.count() == 2
    undo(moderator, approval)
    held.refresh_from_db()
    assert held.is_held and not is_public(other_reader, article, "また別の新しい文")


def test_where_the_site_allows_it_a_waiting_text_and_a_caught_one_are_held(
    reader, moderator, held, settings
):
    settings.COMMENT_EDITED_SINCE = "queue"
    edit(reader, held, NEW)
    held.refresh_from_db()
    assert held.is_held
    decide(moderator, held, "approve")
    edit(reader, held, LINKS)
    held.refresh_from_db()
    assert (held.state, held.reason) == (State.HELD, Reason.LINKS)


@pytest.mark.parametrize(("kind", "value"), [(Verb.MODE, "held"), (Verb.RAID, "held")])
def test_while_every_text_is_held_an_edited_one_is_too(
    reader, other_reader, moderator, article, own, kind, value
):
    until = timezone.now() + timedelta(hours=1)
    Measure.take(kind, by=moderator.user, until=until, value=value)
    edit(reader, own, NEW)
    own.refresh_from_db()
    assert (own.state, own.reason) == (State.HELD, Reason.MODE)
    assert not is_public(other_reader, article, NEW)


def test_a_change_is_refused_before_it_is_saved(reader, own, settings):
    settings.COMMENT_LIMITS = True
    settings.COMMENT_RULES = settings.COMMENT_RULES | {"edit_rate": {60: 2}}
    for text in ("一", "二", "三"):
        response = edit(reader, own, text)
    own.refresh_from_db()
    assert response.status_code == 429 and own.text == "二"
    assert "三" in parsed(response).xpath("string(//textarea)")
