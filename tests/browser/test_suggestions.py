"""Suggestions of related articles, accepted with one press, with scripts and without."""

import pytest
from playwright.sync_api import expect

from articles.models import Article
from tests import factories, staff
from tests.articles.admin_forms import address

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.slow
def test_a_press_moves_a_suggestion_into_the_form(page, faults, let_in, scripts):
    editor = staff.editor()
    own = factories.article(
        title="石炭岸壁の十八年", author=editor, status="draft", published_at=None
    )
    same = factories.article(title="起重機の最後の荷役", category=factories.category())
    for article in (own, same):
        article.save_whole(lambda article=article: article.tags.add("港"))
    let_in(page, editor)
    page.goto(address(own))
    page.locator("#id_title").fill("打ち直した題")
    place = page.locator("[data-suggestions]")
    if scripts:
        place.scroll_into_view_if_needed()
    else:
        place.get_by_role("button", name="関連の候補を出す").click()
    suggestion = place.locator("[data-suggestion]")
    expect(suggestion).to_contain_text(same.title)
    expect(suggestion).to_contain_text("#港")
    suggestion.get_by_role("button").press("Enter")
    expect(suggestion).to_have_count(0)
    expect(page.locator("#id_related_links-0-related")).to_have_value(str(same.pk))
    expect(page.locator("#id_title")).to_have_value("打ち直した題")
    assert not own.related_links.exists()
    page.locator(".form-head__dots").click()
    page.locator(".form-menu [name=_continue]").click()
    expect(page.locator(".messagelist .success")).to_be_visible()
    assert Article.objects.get(related_links__related=same).title == "打ち直した題"
