"""Doors beside the decisions about one comment: they too send what their moderator saw."""

import pytest

from comments.models import Comment, Erasure, Mention, ModerationAction, Objection
from comments.models.states import Verb
from tests import factories
from tests.reading import parsed

TEXT = "三崎町二丁目の山田太郎さん"


@pytest.fixture
def colleague(db):
    return factories.user("misumi", display_name="三澄")


@pytest.fixture
def removed(article, colleague):
    comment = factories.comment(article, text=TEXT)
    factories.comment(article, text=f"> {TEXT}\nそうかな")
    comment.remove(by=colleague, reason="privacy")
    return comment


def count_acts():
    return ModerationAction.objects.exclude(verb__in=[Verb.REMOVE, Verb.REQUEST]).count()


def send(moderator, address, **fields):
    """Send the last form of a page to its address, with some fields changed."""
    form = parsed(moderator.get(address)).xpath("//form[@method='post']")[-1]
    typed = dict(form.form_values()) | fields
    return moderator.post(form.get("action") or address, typed)


@pytest.mark.parametrize("seen", ["", "forged"])
def test_an_objection_is_not_answered_unseen(moderator, removed, seen):
    objection = Objection.objects.create(comment=removed, action=ModerationAction.objects.get())
    address = f"/moderation/objections/{objection.pk}/"
    fields = {"answer": "keep", "note": "実名です"}
    assert moderator.post(address, {**fields, "seen": seen}).status_code == 409
    assert not count_acts()
    assert send(moderator, address, **fields).status_code == 303
    assert send(moderator, address).status_code == 303  # undone from the same page
    objection.refresh_from_db()
    assert objection.answered_at is None


@pytest.mark.parametrize("seen", ["", "forged"])
def test_an_erasure_is_neither_requested_nor_confirmed_unseen(moderator, removed, colleague, seen):
    address = f"/moderation/comments/{removed.pk}/erase/"
    fields = {"reason": "illegal", "note": "東京地裁", "seen": seen}
    assert moderator.post(address, fields).status_code == 409
    request = removed.actions.create(verb=Verb.REQUEST, thread=removed.thread, moderator=colleague)
    erasure = Erasure.objects.create(comment=removed, request=request)
    address = f"/moderation/erasures/{erasure.pk}/confirm/"
    assert moderator.post(address, {"seen": seen}).status_code == 409
    removed.refresh_from_db()
    assert removed.text == TEXT


@pytest.mark.parametrize("seen", ["", "forged"])
def test_a_quotation_is_not_held_unseen(moderator, removed, seen):
    action, quoting = ModerationAction.objects.get(), Comment.objects.published().get()
    address = f"/moderation/actions/{action.pk}/quoting/"
    fields = {"comment": quoting.pk, f"seen-{quoting.pk}": seen}
    assert moderator.post(address, fields).status_code == 409
    assert send(moderator, address).status_code == 303
    assert count_acts() == 1


@pytest.mark.parametrize("seen", ["", "forged"])
def test_a_mention_is_not_decided_about_unseen(moderator, article, seen):
    mention = Mention.objects.create(article=article, title="他紙", state="held")
    fields = {"chosen": f"m{mention.pk}", f"seen-m{mention.pk}": seen}
    assert moderator.post("/moderation/queue/approve/", fields).status_code == 409
    fields[f"seen-m{mention.pk}"] = mention.stamp
    assert moderator.post("/moderation/queue/approve/", fields).status_code == 303


def test_a_prune_holds_only_the_quotations_that_were_seen(moderator, article, colleague):
    top = factories.comment(article, text=TEXT)
    quoting = factories.comment(article, text=f"> {TEXT}\nそうかな")
    address = f"/moderation/branches/{top.pk}/"
    form = parsed(moderator.get(address)).get_element_by_id("prune")
    fields = dict(form.form_values()) | {"reason": "abuse", "hold": "1", "next": "/"}
    quoting.keep(by=colleague)
    answer = moderator.post(address, fields)
    assert answer.status_code == 409 and "三澄" in answer.content.decode()
    assert Comment.objects.published().count() == 2
    form = parsed(answer).get_element_by_id("prune")
    fields |= dict(form.form_values()) | {"reason": "abuse"}
    factories.comment(article, text=f"> {TEXT}\nあとから")
    assert moderator.post(address, fields).status_code == 303
    states = Comment.objects.order_by("number").values_list("state", flat=True)
    assert list(states) == ["removed", "held", "published"]
