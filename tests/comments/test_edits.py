"""An edit is seen: by readers, by those who voted, by machines. It ends with the thread."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Comment, Measure, Thread
from comments.models.states import Verb
from comments.writer_record import look_up
from tests import factories
from tests.reading import parsed

MARK = "編集済み"


@pytest.fixture
def own(reader, article):
    reader.write(article, "最初の文")
    return Comment.objects.get()


def edit(browser, comment, text):
    path, digest = f"/comments/{comment.pk}/edit/", Comment.objects.get(pk=comment.pk).digest
    return browser.send(path, text=text, before=digest)


def find_mark(response, name="comment__edited"):
    return parsed(response).xpath(f"//*[@class='{name}']//time/@datetime")


def test_an_edited_comment_says_so_with_the_time(reader, other_reader, article, own):
    places = [article.get_absolute_url(), f"/comments/{own.pk}/", f"/comments/{own.pk}/quoted/"]
    assert not any(find_mark(other_reader.get(place)) for place in places)
    edit(reader, own, "直した文")
    own.refresh_from_db()
    for place in places:
        response = other_reader.get(place)
        [moment] = find_mark(response)
        assert MARK in response.content.decode()
        assert moment.startswith(timezone.localtime(own.edited_at).strftime("%Y-%m-%dT%H:%M"))
    assert find_mark(reader.get("/me/"))
    other_reader.write(article, "返事", parent=own.pk)
    reply = Comment.objects.last()
    assert find_mark(other_reader.get(f"/comments/{reply.pk}/"))
    assert find_mark(other_reader.get(f"/comments/{own.pk}/reply/"))


def test_machines_read_the_time_of_an_edit(reader, article, own):
    Comment.objects.update(posted_at=timezone.now() - timedelta(minutes=5))
    edit(reader, own, "直した文")
    edited_at = Comment.objects.get().edited_at
    feed = reader.get("/comments/feed/").content.decode()
    assert f"<updated>{edited_at:%Y-%m-%dT%H:%M:%S}" in feed
    scripts = parsed(reader.get(article.get_absolute_url())).xpath(
        "//script[@type='application/ld+json']/text()"
    )
    assert any("dateModified" in script.partition('"Comment"')[2] for script in scripts)


def test_the_same_text_is_no_edit(reader, own):
    assert edit(reader, own, "最初の文").status_code == 303
    assert Comment.objects.get().edited_at is None


def test_votes_stay_and_their_readers_learn_of_the_edit(reader, other_reader, article, own):
    other_reader.vote(own, 1)
    mine, page = f"/threads/{article.pk}/mine/", f"/comments/{own.pk}/"
    note = "投票のあとで編集されました。"
    strong = "//*[@class='single__vote']/strong/text()"
    assert other_reader.get(mine).json()["changed"] == []
    assert parsed(other_reader.get(page)).xpath(strong) == []
    edit(reader, own, "正反対の文")
    own.refresh_from_db()
    assert own.score == 1
    assert other_reader.get(mine).json()["votes"] == {str(own.pk): [1, 1]}
    assert other_reader.get(mine).json()["changed"] == [own.pk]
    assert parsed(other_reader.get(page)).xpath(strong) == [note]
    assert reader.get(mine).json()["changed"] == []
    for value in (0, 1):
        other_reader.vote(own, value)
    assert other_reader.get(mine).json()["changed"] == []


def test_turning_a_vote_is_a_vote_on_the_edited_text(reader, other_reader, article, own, settings):
    settings.COMMENT_DOWN_VOTES = True
    other_reader.vote(own, 1)
    edit(reader, own, "正反対の文")
    other_reader.vote(own, -1)
    assert other_reader.get(f"/threads/{article.pk}/mine/").json()["changed"] == []


@pytest.mark.parametrize("how", ["closed", "old"])
def test_editing_and_voting_end_with_the_thread(reader, other_reader, article, own, settings, how):
    voted = factories.comment(article, text="投票した文")
    other_reader.vote(voted, 1)
    if how == "closed":
        Thread.objects.update(first_open=False)
    else:
        settings.COMMENT_CLOSE_AFTER_DAYS = 14
        article.published_at -= timedelta(days=15)
        article.save()
    assert reader.get(f"/comments/{own.pk}/edit/").status_code == 403
    response = edit(reader, own, "遅すぎた")
    assert response.status_code == 403 and "遅すぎた" in response.content.decode()
    assert reader.get(f"/threads/{article.pk}/mine/").json()["editable"] == []
    assert other_reader.vote(own, 1).status_code == 409
    inline = other_reader.send(f"/comments/{own.pk}/vote/inline/", value=1)
    assert inline.status_code == 409
    own.refresh_from_db()
    assert (own.text, own.score) == ("最初の文", 0)
    buttons = parsed(reader.get(article.get_absolute_url())).xpath(
        "//button[contains(@class, 'comment__vote-button')]"
    )
    assert buttons and all("disabled" in button.attrib for button in buttons)


def test_withdrawing_stays_possible_when_the_thread_is_closed(reader, other_reader, article, own):
    other_reader.vote(own, 1)
    Thread.objects.update(first_open=False)
    assert other_reader.vote(own, 0).status_code == 303
    own.refresh_from_db()
    assert own.score == 0
    address = f"/comments/{own.pk}/delete/"
    assert reader.get(address).status_code == 200
    assert reader.send(address, before=own.digest).status_code == 303
    own.refresh_from_db()
    assert own.is_removed


def test_a_featured_comment_is_held_when_its_writer_changes_it(reader, moderator, own):
    action = Measure.take(Verb.FEATURE, by=moderator.user, comment=own, value="front")
    edit(reader, own, "安く買えます")
    own.refresh_from_db()
    assert (own.state, own.reason) == ("held", "edited")
    own.approve(by=moderator.user)
    action.undo(by=moderator.user)
    edit(reader, own, "もっと安く買えます")
    own.refresh_from_db()
    assert own.is_held


def test_a_comment_that_was_only_looked_up_may_be_edited(reader, moderator, own):
    look_up(own, Verb.LOOKUP, by=moderator.user, note="似た名前")
    edit(reader, own, "直した文")
    own.refresh_from_db()
    assert own.is_published
