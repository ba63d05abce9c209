"""A reader asks the browser to be told of answers, and ends it again."""

import pytest
from playwright.sync_api import expect

from comments.models import PushSubscription
from comments.web_push.messages import make_private_key
from tests.comments.push_service import Browser

pytestmark = pytest.mark.parametrize("scripts", [True], indirect=True, ids=["scripts"])

# Chromium without a head has no push service: what its answer would be, kept as it keeps it.
SERVICE = """keys => {
  const decode = (text) => Uint8Array.from(
    atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0)).buffer;
  const subscription = {
    endpoint: "https://push.example/send/1",
    getKey: (name) => decode(keys[name]),
    unsubscribe: async () => { kept = null; return true; },
  };
  let kept = null;
  PushManager.prototype.subscribe = async (options) => {
    if (!options.userVisibleOnly || options.applicationServerKey.length !== 87) throw Error();
    return (kept = subscription);
  };
  PushManager.prototype.getSubscription = async () => kept;
  Notification.requestPermission = async () => "granted";
}"""


@pytest.fixture
def browser_context_args(browser_context_args):
    return {**browser_context_args, "service_workers": "allow"}


@pytest.mark.slow
def test_a_browser_is_registered_and_forgotten(page, article, thread, settings):
    settings.PUSH_PRIVATE_KEY = make_private_key()
    thread(page).open()
    form = page.locator("#write form")
    form.get_by_role("textbox", name="コメント").fill("最初の話。")
    form.get_by_role("button", name="投稿する").click()
    expect(page.locator(".comment__mine")).to_be_visible()
    page.goto("/me/")
    button = page.get_by_role("button", name="返信をこのブラウザーに通知する")
    expect(button).to_be_visible()
    keys = Browser().keys
    page.evaluate(SERVICE, keys)
    button.click()
    expect(page.get_by_text("このブラウザーに通知します。")).to_be_visible()
    kept = PushSubscription.objects.get()
    assert (kept.endpoint, kept.p256dh) == ("https://push.example/send/1", keys["p256dh"])
    assert kept.auth == keys["auth"]
    page.get_by_role("button", name="通知をやめる").click()
    expect(page.get_by_text("通知をやめました。")).to_be_visible()
    assert not PushSubscription.objects.exists()
