"""What opens without a network: the articles that were read last, and a page that says so."""

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.waiting import wait_until

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])

KEPT = """async () => {
  const names = await caches.keys();
  const lists = await Promise.all(names.map(async (name) => (await caches.open(name)).keys()));
  return lists.flat().map(({ url }) => new URL(url).pathname);
}"""


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "service_workers": "allow"}


def test_articles_that_were_read_open_without_a_network(page, branch, thread, faults):
    other = factories.article(title="夜の市場", slug="market")
    page.goto("/feeds/")
    page.evaluate(
        "caches.open('pages of an earlier release').then((cache) => cache.add('/feeds/'))"
    )
    page.goto("/")
    page.evaluate("navigator.serviceWorker.ready")
    shown = thread(page).open()
    wait_until(page, lambda: thread.address in page.evaluate(KEPT))
    page.goto("/me/")
    assert not {"/me/", "/feeds/", "/"}.intersection(page.evaluate(KEPT))
    page.context.set_offline(True)
    shown.open()
    expect(shown.comment(branch[0])).to_be_visible()
    page.goto(other.get_absolute_url())
    expect(page.get_by_role("heading", name="接続がありません")).to_be_visible()
    page.context.set_offline(False)
    page.get_by_role("link", name="もう一度試す").click()
    expect(page.get_by_role("heading", name="夜の市場")).to_be_visible()
    faults.clear()  # what was asked for in vain
