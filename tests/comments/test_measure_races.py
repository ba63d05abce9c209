"""Two moderators at one measure, ban or undoing: the second hears what the first did; a press that
is sent twice acts once."""

import pytest

from comments.models import Measure, ModerationAction, Objection
from comments.models.states import Verb
from tests import factories
from tests.comments.conftest import Browser
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def comment(article):
    return factories.comment(article, reader=factories.reader())


@pytest.fixture
def staff(article, comment):
    return factories.comment(article, staff=factories.user("desk", display_name="編集部"))


@pytest.fixture
def colleague(db):
    browser = Browser(REMOTE_ADDR="192.0.2.9", headers={"accept-language": "ja"})
    browser.user = factories.user("miyako", "moderate_comment", display_name="都")
    browser.force_login(browser.user)
    return browser


# page, which form of it, and what is chosen there
FORMS = {
    "lock": ("/moderation/comments/{comment.pk}/measures/", "/lock/", {"value": ""}),
    "slow": ("/moderation/comments/{comment.pk}/measures/", "/slow/", {"value": "10"}),
    "feature": ("/moderation/comments/{comment.pk}/measures/", "/feature/", {}),
    "pin": ("/moderation/comments/{staff.pk}/measures/", "/pin/", {}),
    "mode": ("/moderation/threads/{article.pk}/", "/mode/", {"value": "closed"}),
    "site": ("/moderation/modes/", "modes/mode/", {"value": "held"}),
    "raid": ("/moderation/modes/", "modes/raid/", {}),
    "editor": ("/comments/{comment.pk}/feature/", "", {}),
    "ban": (
        "/moderation/comments/{comment.pk}/writer/",
        "/ban/",
        {"whom": "reader", "confirmed": "1", "days": "7"},
    ),
}


@pytest.fixture(params=FORMS)
def form(request, article, comment, staff):
    """The page of a form, and what finds and fills it."""
    page, address, fields = FORMS[request.param]
    return page.format(article=article, comment=comment, staff=staff), address, fields


def open_form(browser, form):
    """Open a page; return what its form would send: a path and fields."""
    path, address, fields = form
    forms = parsed(browser.get(path)).xpath("//main//form[@method='post']")
    found = [each for each in forms if (each.get("action") or "").endswith(address)][-1]
    return found.get("action") or path, dict(found.form_values()) | fields


def send(browser, sent):
    path, fields = sent
    return browser.send(path, **fields)


def test_the_second_of_two_is_told(moderator, colleague, form):
    first, second = open_form(moderator, form), open_form(colleague, form)
    assert send(moderator, first).status_code == 303
    answer = send(colleague, second)
    assert answer.status_code == 409
    assert "司会が" in text(parsed(answer))
    assert Measure.objects.count() == 1
    assert send(colleague, open_form(colleague, form)).status_code == 303


def test_a_press_that_is_sent_twice_acts_once(moderator, form):
    sent = open_form(moderator, form)
    assert [send(moderator, sent).status_code for _ in range(2)] == [303, 303]
    assert Measure.objects.count() == 1


def test_another_value_right_after_is_another_press(moderator, article):
    path, fields = open_form(moderator, FORMS["raid"])
    assert moderator.send(path, **fields | {"hours": "3"}).status_code == 303
    answer = moderator.send(path, **fields | {"hours": "12"})
    assert answer.status_code == 409


def test_a_ban_that_is_refused_can_be_confirmed_anew(moderator, colleague, comment, article):
    form = (f"/moderation/comments/{comment.pk}/writer/", *FORMS["ban"][1:])
    path, fields = open_form(colleague, form)
    send(moderator, open_form(moderator, form))
    answer = colleague.send(path, **fields | {"note": "三度目", "days": "30"})
    [again] = parsed(answer).xpath("//form[@class='confirm']")
    kept = dict(again.form_values())
    assert (kept["note"], kept["days"]) == ("三度目", "30")
    assert colleague.send(path, **kept).status_code == 303
    assert Measure.objects.filter(kind=Verb.BAN).count() == 2


def test_raid_protection_ends_only_as_it_was_seen(moderator, colleague):
    send(moderator, open_form(moderator, FORMS["raid"]))
    ending = ("/moderation/modes/", "/raid/end/", {})
    mine, theirs = open_form(moderator, ending), open_form(colleague, ending)
    assert [send(moderator, mine).status_code for _ in range(2)] == [303, 303]
    answer = send(colleague, theirs)
    assert (answer.status_code, "司会" in text(parsed(answer))) == (409, True)
    assert parsed(answer).xpath("//main//a[@href='/moderation/modes/']")


@pytest.mark.parametrize("path", ["modes/mode/", "bulk/", "comments/{pk}/lookup/"])
def test_a_refusal_leads_back_to_where_one_stood(moderator, comment, path):
    answer = moderator.send(f"/moderation/{path}".format(pk=comment.pk), next="/moderation/log/")
    assert answer.status_code >= 400
    assert parsed(answer).xpath("//main//a[@href='/moderation/log/']")


def test_who_undoes_second_is_told_and_keeps_the_reason(moderator, colleague, comment):
    comment.remove(by=moderator.user, reason="spam")
    act = ModerationAction.objects.get()
    form = (f"/moderation/actions/{act.pk}/", "/undo/", {"note": "読み違えていた"})
    mine, theirs = open_form(moderator, form), open_form(colleague, form)
    assert [send(moderator, mine).status_code for _ in range(2)] == [303, 303]
    answer = send(colleague, theirs)
    said = text(parsed(answer))
    assert answer.status_code == 409
    assert "司会が取り消し" in said and "読み違えていた" in said


def test_a_colleague_featured_it_anew(moderator, colleague, comment):
    path = f"/comments/{comment.pk}/feature/"
    send(moderator, open_form(moderator, (path, "", {})))
    page = parsed(colleague.get(path))
    [form] = page.xpath("//form[.//button[@name='undo']]")
    fields = dict(form.form_values()) | {"undo": "1"}
    ModerationAction.objects.get().undo(by=moderator.user)
    Measure.take(Verb.FEATURE, by=moderator.user, comment=comment)
    assert colleague.send(path, **fields).status_code == 409
    assert Measure.objects.in_force().exists()


def test_who_answers_an_objection_second_is_told_and_keeps_the_sentence(
    moderator, colleague, comment
):
    comment.remove(by=factories.moderator("decider"), reason="spam")
    objection = Objection.objects.create(
        comment=comment, action=ModerationAction.objects.get(), text="なぜ"
    )
    form = (f"/moderation/objections/{objection.pk}/", "", {"answer": "keep", "note": "宣伝です。"})
    mine, theirs = open_form(moderator, form), open_form(colleague, form)
    assert send(moderator, mine).status_code == 303
    theirs[1]["note"] = "二人目の答え"
    answer = send(colleague, theirs)
    said = text(parsed(answer))
    assert answer.status_code == 409
    assert "司会が" in said and "二人目の答え" in said


def test_who_confirms_a_withdrawn_erasure_is_told(moderator, colleague, comment):
    path = f"/moderation/comments/{comment.pk}/erase/"
    note = {"note": "地裁の命令 第12号", "reason": "illegal"}
    assert send(moderator, open_form(moderator, (path, "/erase/", note))).status_code == 303
    confirming = open_form(colleague, (path, "/confirm/", {}))
    assert send(moderator, open_form(moderator, (path, "/withdraw/", {}))).status_code == 303
    answer = send(colleague, confirming)
    assert (answer.status_code, "司会が取り消し" in text(parsed(answer))) == (409, True)
