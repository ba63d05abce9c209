"""Mentions: decisions about them are entries of the ledger, undone like those about comments."""

import pytest

from comments.models import Mention, ModerationAction
from comments.refusals import Changed


@pytest.fixture
def mention(article):
    return Mention.objects.create(article=article, title="外の頁", state="held", first_state="held")


def state(mention):
    return Mention.objects.get(pk=mention.pk).state


def test_decisions_about_a_mention_are_undone_in_any_order(moderator, mention):
    approve = mention.approve(by=moderator.user)
    remove = mention.remove(by=moderator.user, reason="spam", note="連投")
    assert state(mention) == "removed"
    assert (remove.mention, remove.reason, remove.note) == (mention, "spam", "連投")
    approve.undo(by=moderator.user)
    assert state(mention) == "removed"
    remove.undo(by=moderator.user, note="まちがい")
    assert state(mention) == "held"
    assert ModerationAction.objects.get(pk=remove.pk).undone_note == "まちがい"


def test_the_page_of_the_article_shows_every_decision_at_once(reader, moderator, mention):
    page = mention.article.get_absolute_url()
    assert mention.title not in reader.get(page).content.decode()
    action = mention.approve(by=moderator.user)
    assert mention.title in reader.get(page).content.decode()
    action.undo(by=moderator.user)
    assert mention.title not in reader.get(page).content.decode()


def test_a_mention_that_a_colleague_removed_is_not_approved_unseen(moderator, mention):
    seen = mention.stamp
    mention.remove(by=moderator.user, reason="spam")
    with pytest.raises(Changed) as refused:
        mention.approve(by=moderator.user, seen=seen)
    assert "宣伝" in str(refused.value) and "司会" in str(refused.value)
    assert state(mention) == "removed"
