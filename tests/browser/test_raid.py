"""A raid of 500 comments from 100 networks is over within ten presses, and undone with as many."""

import pytest
from playwright.sync_api import expect

from comments.models import Comment, ModerationAction
from tests import factories

pytestmark = [pytest.mark.once, pytest.mark.slow]

SIZE, NETWORKS, PRESSES = 500, 100, 10


class Hand:
    """A moderator's hand: it counts what it presses."""

    def __init__(self, page):
        self.page, self.presses = page, 0

    def press(self, role, name):
        """Press what the browser finds by its name, which leads to another page."""
        self.presses += 1
        with self.page.expect_event("domcontentloaded"):
            self.page.get_by_role(role, name=name).first.click()


@pytest.fixture
def hand(page, let_in):
    let_in(page, factories.moderator())
    return Hand(page)


def test_a_raid_is_over_and_undone(hand, visitor, thread, article):
    innocent = factories.comment(article, text="報酬の話とは別に、番号の案内の記事を読みました。")
    factories.raid(article, SIZE, networks=NETWORKS)
    Comment.objects.exclude(pk=innocent.pk).earliest("pk").hold(by=None, actor="site")
    before = list(Comment.objects.order_by("pk").values_list("pk", "state", "reason"))
    reader = thread(visitor()).open()
    expect(reader.saying(factories.SPAM).first).to_be_visible()

    hand.page.goto("/moderation/")
    hand.press("switch", "荒らし対策")
    hand.press("link", "ほぼ同じもの")
    hand.press("button", "全部500件を削除…")
    hand.press("button", "500件を削除")
    assert hand.presses <= PRESSES
    assert Comment.objects.published().get() == innocent
    assert Comment.objects.removed().count() == SIZE
    expect(reader.open().saying(factories.SPAM)).to_have_count(0)
    expect(reader.page.locator("#write .form__notice")).to_contain_text("荒らし対策中です")

    hand.presses = 0
    hand.press("button", "取り消す: 削除")
    hand.press("button", "終える")
    assert hand.presses <= PRESSES
    assert list(Comment.objects.order_by("pk").values_list("pk", "state", "reason")) == before
    assert not ModerationAction.objects.undoable().filter(moderator__isnull=False).exists()
    expect(reader.open().saying(factories.SPAM).first).to_be_visible()
    expect(reader.page.locator(".form__notice")).to_have_count(0)
