"""A privacy removal offers to hold, with one press, what quotes the removed text."""

import pytest

from comments.models import Comment, ModerationAction
from comments.models.moderated import decide as decide_many
from comments.models.states import Verb
from tests import factories, moderating
from tests.reading import parsed

SECRET = "三崎町二丁目の山田太郎さんは役場の会計係です。"


@pytest.fixture
def thread(article):
    """>>1 with the secret, its answer >>2, quotations in >>3 and >>4 elsewhere, >>5 beside it."""
    top = factories.comment(article, text=SECRET)
    factories.comment(article, text=f"> {SECRET}\nなるほど", parent=top)
    factories.comment(article, text=f"> {SECRET}\n本当か")
    factories.comment(article, text=">>1 山田太郎さんは役場の会計係と聞いた")
    factories.comment(article, text=">>1 その話はやめよう")
    return list(Comment.objects.order_by("number"))


def decide(browser, comment, verb, **fields):
    return moderating.decide(browser, comment, verb, **{"reason": "privacy"} | fields)


def read_fields(response):
    """Return what the form of the quotations would send."""
    form = parsed(response).xpath("//form[contains(@class, 'quoting')]")[0]
    fields = {
        field.get("name"): field.get("value", "")
        for field in form.xpath(".//input[@type='hidden']")
    }
    fields["comment"] = form.xpath(".//input[@name='comment'][@checked]/@value")
    return form.get("action"), fields


def list_numbers(fields):
    return list(Comment.objects.filter(pk__in=fields["comment"]).values_list("number", flat=True))


def test_a_removal_leads_to_its_quotations_and_one_press_holds_them(moderator, article, thread):
    back = f"{article.get_absolute_url()}?sort=new"
    response = decide(moderator, thread[0], "remove", next=back)
    assert response.status_code == 303
    address, fields = read_fields(moderator.get(response["location"]))
    assert sorted(list_numbers(fields)) == [2, 3, 4]
    response = moderator.post(address, fields)
    assert (response.status_code, response["location"]) == (303, back)
    assert Comment.objects.held().filter(reason="privacy").count() == 3
    hold = ModerationAction.objects.get(verb=Verb.HOLD)
    assert (hold.size, hold.moderator) == (3, moderator.user)
    moderating.undo(moderator, hold)
    assert not Comment.objects.held().exists()


def test_a_prune_lists_what_is_outside_the_branch(moderator, thread):
    response = decide(moderator, thread[0], "prune")
    _address, fields = read_fields(moderator.get(response["location"]))
    assert sorted(list_numbers(fields)) == [3, 4]


def test_the_menu_offers_them_after_a_removal(moderator, thread):
    response = decide(moderator, thread[0], "remove", inline=True)
    [link] = parsed(response).xpath("//a[contains(@href, '/quoting/')]")
    assert "3" in link.text_content()
    assert moderator.get(link.get("href")).status_code == 200


@pytest.mark.parametrize(("verb", "reason"), [("remove", "spam"), ("hold", "privacy")])
def test_other_decisions_offer_nothing(moderator, thread, verb, reason):
    response = decide(moderator, thread[0], verb, reason=reason)
    assert "quoting" not in response["location"]
    response = decide(moderator, thread[1], verb, reason=reason, inline=True)
    assert "quoting" not in response.content.decode()


def test_a_removal_that_nobody_quotes_leads_back(moderator, thread):
    response = decide(moderator, thread[4], "remove")
    assert "quoting" not in response["location"]


def test_what_changed_or_was_not_listed_is_not_held(moderator, article, thread):
    response = decide(moderator, thread[0], "remove")
    address, fields = read_fields(moderator.get(response["location"]))
    thread[2].refresh_from_db()
    thread[2].keep(by=moderator.user)
    response = moderator.post(address, fields | {"comment": [*fields["comment"], thread[4].pk]})
    assert response.status_code == 409 and "&gt;&gt;3" in response.content.decode()
    states = dict(Comment.objects.values_list("number", "state"))
    assert states == {1: "removed", 2: "held", 3: "published", 4: "held", 5: "published"}


def test_the_queue_and_the_page_of_the_act_offer_them_too(moderator, thread):
    fields = {"chosen": [thread[0].pk], f"seen-{thread[0].pk}": thread[0].stamp}
    moderator.send("/moderation/queue/remove/", reason="privacy", **fields)
    action = ModerationAction.objects.get()
    for place in ("/moderation/", f"/moderation/actions/{action.pk}/"):
        [link] = parsed(moderator.get(place)).xpath("//a[contains(@href, '/quoting/')]")
        assert "3" in link.text_content()
        assert moderator.get(link.get("href")).status_code == 200


def test_the_address_to_go_on_is_of_this_site(moderator, article, thread):
    response = decide(moderator, thread[0], "remove", next="https://evil.example/")
    page = moderator.get(response["location"])
    assert "evil.example" not in page.content.decode()
    links = parsed(page).xpath("//p[@class='desk__back']/a/@href")
    assert links == [f"/moderation/threads/{article.pk}/#{thread[0].anchor}"]


def test_a_removal_in_many_threads_lists_what_quotes_it_in_each(moderator, thread):
    elsewhere = factories.article()
    factories.comment(elsewhere, text=SECRET)
    factories.comment(elsewhere, text=f"> {SECRET}")
    removed = Comment.objects.filter(number=1)
    action, _refusals = decide_many(removed, "remove", by=moderator.user, reason="privacy")
    address, fields = read_fields(moderator.get(f"/moderation/actions/{action.pk}/quoting/"))
    assert len(fields["comment"]) == 4
    place = f"/moderation/threads/{thread[0].thread.article_id}/#{thread[0].anchor}"
    assert moderator.post(address, fields)["location"] == place
    assert Comment.objects.held().count() == 4


def test_nothing_chosen_is_said(moderator, thread):
    response = decide(moderator, thread[0], "remove")
    address, _fields = read_fields(moderator.get(response["location"]))
    assert moderator.post(address).status_code == 400


def test_the_list_is_for_moderators(reader, moderator, thread):
    response = decide(moderator, thread[0], "remove")
    assert reader.get(response["location"]).status_code == 302
