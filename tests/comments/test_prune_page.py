"""The page of a removal with replies."""

import pytest
from django.db.models import F, Value

from comments.models import Comment, ModerationAction
from tests import factories
from tests.reading import parsed, parts, read, texts

pytestmark = pytest.mark.once


@pytest.fixture
def branch(article, moderator):
    """A comment with three below it, one of them removed before; one after it, one that quotes."""
    top = factories.comment(article, text="港の話")
    start = factories.comment(article, text="名字を見ればだれのことかわかる", parent=top)
    reply = factories.comment(article, text="一つ目", parent=start, reader=factories.reader("a"))
    hidden = factories.comment(article, text="前に消された", parent=start)
    factories.comment(article, text="二つ目", parent=reply, reader=factories.reader("a"))
    hidden.remove(by=moderator.user, reason="privacy")
    factories.comment(article, text="となり", parent=top)
    factories.comment(article, text="> 名字を見ればだれのことかわかる\nそうかな")
    start.refresh_from_db()
    return start


def path_of(comment):
    return f"/moderation/branches/{comment.pk}/"


def send(moderator, comment, page, **fields):
    typed = dict(page.get_element_by_id("prune").fields)
    return moderator.send(path_of(comment), **{k: v for k, v in typed.items() if v} | fields)


def test_the_page_says_what_goes_and_what_stays(moderator, branch):
    page = read(moderator, path_of(branch))
    figures = texts(page, "prune__figure")
    assert "3件" in figures[0] and "2人" in figures[1]
    assert figures[3].endswith("1")
    now, after = parts(page, "prune__now")[0], parts(page, "prune__after")[0]
    assert "名字を見れば" in now.text_content() and "となり" in now.text_content()
    assert "前に消された" not in now.text_content()
    assert "一つ目" not in after.text_content() and "となり" in after.text_content()
    assert "そうかな" not in texts(page, "prune__passage")[0]
    assert texts(page, "button--confirm") == ["3件を削除"]
    assert not ModerationAction.objects.filter(verb="prune").exists()


def test_the_branch_goes_and_what_repeats_it_is_held(moderator, branch):
    page = read(moderator, path_of(branch))
    answer = send(moderator, branch, page, reason="abuse", note="名指し", hold="1", next="/")
    assert answer.status_code == 303 and answer["Location"] == "/"
    assert not Comment.objects.branch_of(branch).published().exists()
    assert Comment.objects.held().get().text.startswith("> 名字")
    prune = ModerationAction.objects.get(verb="prune")
    assert (prune.reason, prune.note) == ("abuse", "名指し")


def test_the_entry_after_a_branch_is_none_of_the_branch(moderator, article, branch):
    [reply, *_rest] = Comment.objects.branch_of(branch).exclude(pk=branch.pk).published()
    reply.hold(by=moderator.user)
    other = factories.comment(article, state="held")
    page = read(moderator, path_of(branch))
    after = f"/moderation/?kind=held&entry={reply.pk}"
    answer = send(moderator, branch, page, reason="abuse", next=after)
    assert answer["Location"] == "/moderation/?kind=held"
    other.refresh_from_db()
    page = read(moderator, path_of(other))
    after = f"/moderation/?entry={branch.pk}"
    assert send(moderator, other, page, reason="abuse", next=after)["Location"] == after


@pytest.mark.parametrize(("fields", "status"), [({}, 400), ({"reason": "abuse", "seen": ""}, 409)])
def test_without_a_reason_or_a_stamp_nothing_goes(moderator, branch, fields, status):
    answer = send(moderator, branch, read(moderator, path_of(branch)), note="メモ", **fields)
    assert answer.status_code == status
    notes = [field.value for field in parsed(answer).iter("input") if field.name == "note"]
    assert notes == ["メモ"]
    assert not ModerationAction.objects.filter(verb="prune").exists()


def test_a_reply_since_then_is_said_and_the_figures_are_new(moderator, article, branch):
    page = read(moderator, path_of(branch))
    factories.comment(article, text="あとから", parent=branch)
    answer = send(moderator, branch, page, reason="abuse")
    assert answer.status_code == 409
    assert texts(parsed(answer), "button--confirm") == ["4件を削除"]
    assert Comment.objects.branch_of(branch).published().exists()


def test_an_edit_of_a_quotation_at_the_last_moment_stops_the_removal(
    moderator, branch, monkeypatch
):
    page, prune = read(moderator, path_of(branch)), Comment.prune
    quoting = Comment.objects.filter(text__startswith="> 名字")

    def prune_late(comment, **fields):
        quoting.update(text=F("text") + Value("。"), version=F("version") + 1)
        return prune(comment, **fields)

    monkeypatch.setattr(Comment, "prune", prune_late)
    answer = send(moderator, branch, page, reason="abuse", note="名指し", hold="1")
    assert answer.status_code == 409 and "名指し" in answer.content.decode()
    branch.refresh_from_db()
    assert branch.is_published and quoting.get().is_published
    assert not ModerationAction.objects.filter(verb__in=["prune", "hold"]).exists()


@pytest.mark.parametrize("address", ["//evil.example/", "https://evil.example/", "javascript:1"])
def test_it_leads_to_no_other_site(moderator, branch, address):
    page = read(moderator, path_of(branch))
    answer = send(moderator, branch, page, reason="abuse", next=address)
    assert answer["Location"].startswith("/moderation/threads/")


def test_the_page_alone_leads_to_the_place_of_the_comment(moderator, article, branch):
    answer = send(moderator, branch, read(moderator, path_of(branch)), reason="abuse")
    place = f"/moderation/threads/{article.pk}/#comment-{branch.pk}"
    assert (answer.status_code, answer["Location"]) == (303, place)
