"""Removing a branch with its page, and undoing it in the history, in a browser."""

import re

import pytest
from django.test import Client
from playwright.sync_api import expect

from comments.models import Comment
from tests import factories


def read_page(article):
    return Client().get(article.get_absolute_url()).content


@pytest.fixture
def branch(article, settings):
    """A branch of 40 with an older removal inside."""
    settings.PAGE_CACHE_SECONDS = 0
    top = factories.comment(article, text="灯台の光が好きです。")
    below = [top]
    for number in range(39):
        below.append(factories.comment(article, text=f"返信 {number}", parent=below[number // 3]))
    factories.comment(article, text="別の話です。")
    below[5].refresh_from_db()
    below[5].remove(by=factories.user("三澄"), reason="privacy")
    top.refresh_from_db()
    return top


@pytest.mark.slow
def test_a_branch_of_forty_goes_and_comes_back_as_it_was(page, article, branch, let_in):
    before = read_page(article)
    let_in(page, factories.moderator())
    page.goto(f"/moderation/branches/{branch.pk}/")
    expect(page.locator(".prune__figure").first).to_contain_text("39件")
    page.locator(".verdict__reason", has_text="話題違い").click()
    page.locator("[name=note]").fill("枝ごと外す")
    page.locator("[name=note]").press("Enter")
    assert Comment.objects.published().count() == 40
    page.get_by_role("button", name="39件を削除").click()
    expect(page).to_have_url(re.compile(f"#comment-{branch.pk}$"))
    assert Comment.objects.published().count() == 1
    assert "灯台の光が好きです" not in read_page(article).decode()
    page.goto("/moderation/log/")
    newest = page.locator(".logged").first
    expect(newest).to_contain_text("枝ごと外す")
    newest.locator("summary").click()
    with page.expect_navigation():
        newest.get_by_role("button", name="元に戻す").click()
    assert Comment.objects.published().count() == 40
    assert read_page(article) == before
