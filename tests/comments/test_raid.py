"""A raid of 500 comments from 100 networks is over within ten presses, and so is its undoing."""

import pytest
from lxml import html

from comments.models import Comment, ModerationAction
from tests import factories

pytestmark = pytest.mark.django_db

SIZE, NETWORKS, PRESSES = 500, 100, 10
CONFIRM = "contains(@class, 'confirm')"


class Desk:
    """A moderator's browser without scripts: every link and every button is a press."""

    def __init__(self, client):
        self.client, self.presses, self.page = client, 0, None

    def open(self, path):
        self.presses += 1
        return self._show(self.client.get(path))

    def press(self, button):
        """Press the button that an XPath names."""
        [found] = self.page.xpath(f"//button[{button}]")
        form = next(found.iterancestors("form"))
        fields = dict(form.form_values()) | {found.get("name") or "": found.get("value") or ""}
        self.presses += 1
        return self._show(self.client.send(form.get("action"), **fields))

    def _show(self, answer):
        if answer.status_code == 303:
            answer = self.client.get(answer["Location"])
        assert answer.status_code == 200
        self.page = html.fromstring(answer.content.decode())
        return self.page.text_content()


@pytest.fixture
def desk(moderator):
    return Desk(moderator)


@pytest.fixture
def raid(article):
    """A raid on four articles; returns an innocent comment beside it."""
    factories.raid(article, SIZE, networks=NETWORKS)
    return factories.comment(article, text="報酬の話とは別に、番号の案内の記事を読みました。")


def test_nearly_the_same_in_one_act(desk, raid):
    spam = Comment.objects.exclude(pk=raid.pk).first()
    page = desk.open(f"/moderation/comments/{spam.pk}/same/")
    assert "499" in page and "4記事" in page and "100網" in page
    assert "500件を削除" in desk.press("@name='all'")
    assert "500件" in desk.press(CONFIRM)
    assert (Comment.objects.removed().count(), desk.presses) == (SIZE, 3)
    assert Comment.objects.published().get() == raid
    act = ModerationAction.objects.get()
    assert (act.size, act.thread) == (SIZE, None)
    desk.press("ancestor::form[contains(@action, 'undo')]")
    assert Comment.objects.published().count() == SIZE + 1
    assert desk.presses <= PRESSES


def test_all_that_a_search_finds_in_one_act(desk, raid):
    desk.open("/moderation/search/?q=高額の報酬")
    assert "500件を削除" in desk.press("@name='all'")
    desk.press(CONFIRM)
    assert (Comment.objects.removed().count(), desk.presses) == (SIZE, 3)
    assert Comment.objects.published().get() == raid
