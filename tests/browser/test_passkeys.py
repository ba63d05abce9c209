"""Passkeys with an authenticator that Chromium plays, under the headers of the site."""

import pytest
from django_otp_webauthn.models import WebAuthnCredential
from playwright.sync_api import expect

from tests import staff
from tests.newsroom.second_factor.signing_in import OVERVIEW, PASSWORD, VERIFY

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def scripts():
    return True


@pytest.fixture(autouse=True)
def origin(live_server, settings):
    """A name, not an address: browsers know passkeys of names only."""
    assert live_server.url.startswith("http://localhost:")
    return live_server.url


@pytest.fixture
def authenticator(page):
    """Plug an authenticator into the browser of a page; it agrees at once."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2",
        "transport": "internal",
        "hasResidentKey": True,
        "hasUserVerification": True,
        "isUserVerified": True,
        "automaticPresenceSimulation": True,
    }
    made = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    identity = {"authenticatorId": made["authenticatorId"]}
    devtools.presence = lambda agrees: devtools.send(
        "WebAuthn.setUserVerified", {**identity, "isUserVerified": agrees}
    )
    devtools.list_keys = lambda: devtools.send("WebAuthn.getCredentials", identity)["credentials"]
    devtools.forget = lambda: devtools.send("WebAuthn.clearCredentials", identity)
    return devtools


def log_in(page):
    page.goto("/admin/login/")
    page.fill("[name=username]", "editor")
    page.fill("[name=password]", PASSWORD)
    page.click("[type=submit]")


def log_out(page):
    page.context.clear_cookies()


@pytest.mark.slow
def test_a_passkey_is_enrolled_signs_in_and_is_removed(page, authenticator):
    staff.editor()
    log_in(page)
    page.goto(OVERVIEW)
    page.click("text=パスキーを追加")
    page.fill("[name=name]", "机のノート")
    page.click("button:has-text('追加')")
    expect(page.locator("h1")).to_have_text("予備コード")
    assert len(authenticator.list_keys()) == 1
    page.click("text=保管しました")
    expect(page.locator("[name=name]")).to_have_value("机のノート")

    log_out(page)
    log_in(page)
    expect(page).to_have_url(VERIFY)
    page.click("text=パスキーを使う")
    expect(page).to_have_url("/admin/")
    assert WebAuthnCredential.objects.get().sign_count > 0

    page.goto(OVERVIEW)
    page.click("button:has-text('削除')")
    expect(page.locator("h1")).to_contain_text("机のノート")
    page.click("button:has-text('削除')")
    expect(page.locator("[role=status]")).to_contain_text("机のノート")
    expect(page.locator("[name=name]")).to_have_count(0)
    log_out(page)
    log_in(page)
    expect(page).to_have_url("/admin/")


@pytest.mark.slow
def test_another_passkey_signs_nobody_in(page, authenticator):
    """The key of a colleague who sits at the same machine."""
    staff.editor()
    log_in(page)
    page.goto(OVERVIEW + "passkey/")
    page.click("button:has-text('追加')")
    expect(page.locator("h1")).to_have_text("予備コード")
    log_out(page)
    authenticator.forget()
    log_in(page)
    page.click("text=パスキーを使う")
    expect(page.locator("[data-passkey-failed]")).to_be_visible()
    page.goto("/admin/")
    expect(page).to_have_url("/admin/login/?next=/admin/")
