"""The second step of a login, and the limit on wrong codes."""

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django_otp.plugins.otp_totp.models import TOTPDevice
from django_otp_webauthn.models import WebAuthnCredential

from tests import factories, staff
from tests.newsroom.second_factor.signing_in import (
    ADD_APP,
    CODES,
    OVERVIEW,
    VERIFY,
    log_in,
    show_code,
    verify,
)

pytestmark = pytest.mark.django_db


class TestLogin:
    def test_a_password_alone_is_enough_without_one(self, client, editor):
        assert log_in(client)["Location"] == "/admin/"
        assert client.get("/admin/").status_code == 200

    def test_a_password_alone_opens_nothing(self, client, app):
        answer = log_in(client, next="/admin/articles/")
        assert (answer.status_code, answer["Location"]) == (302, VERIFY)
        for address in ("/admin/", "/moderation/", OVERVIEW, ADD_APP, CODES):
            assert client.get(address).status_code == 302, address
        assert "_auth_user_id" not in client.session
        assert Session.objects.count() == 1

    def test_the_code_signs_in_and_leads_on(self, client, app, clock):
        log_in(client, next="/admin/articles/")
        assert "6桁" in client.get(VERIFY).content.decode()
        answer = verify(client, show_code(app, clock))
        assert (answer.status_code, answer["Location"]) == (302, "/admin/articles/")
        assert client.get("/admin/").status_code == 200

    def test_another_site_is_no_place_to_lead_to(self, client, app, clock):
        log_in(client, next="https://evil.example/")
        assert verify(client, show_code(app, clock))["Location"] == "/admin/"

    def test_a_moderator_begins_with_the_queue(self, client, clock):
        app = TOTPDevice.objects.create(user=factories.moderator(), name="電話")
        log_in(client, "moderator")
        assert verify(client, show_code(app, clock))["Location"] == "/moderation/"

    @pytest.mark.parametrize("written", ["{}{}{} {}{}{}", "{}{}{}-{}{}{}", " {}{}{}{}{}{} "])
    def test_a_code_may_be_typed_with_blanks(self, client, app, clock, written):
        log_in(client)
        assert verify(client, written.format(*show_code(app, clock))).status_code == 302

    @pytest.mark.parametrize("code", ["", "000000", "12345", "ab", "1" * 41, "１２３", "\0", "-1"])
    def test_a_wrong_code_is_refused(self, client, app, code):
        log_in(client)
        answer = verify(client, code)
        assert answer.status_code == 200
        assert "form__error" in answer.content.decode()
        assert client.get("/admin/").status_code == 302

    def test_a_code_works_once(self, client, app, clock):
        code = show_code(app, clock)
        for status in (302, 200):
            other = Client()
            log_in(other)
            assert verify(other, code).status_code == status

    def test_a_code_of_a_minute_ago_is_refused(self, client, app, clock):
        code = show_code(app, clock)
        clock.shift(seconds=61)
        log_in(client)
        assert verify(client, code).status_code == 200

    def test_the_step_ends_after_a_quarter_of_an_hour(self, client, app, clock):
        log_in(client)
        clock.shift(seconds=901)
        assert "/admin/login/" in verify(client, show_code(app, clock))["Location"]

    @pytest.mark.parametrize("change", ["password", "inactive", "sessions"])
    def test_the_step_ends_with_what_it_rests_on(self, client, app, clock, editor, change):
        log_in(client)
        if change == "password":
            editor.set_password("another good one")
        editor.is_active = change != "inactive"
        editor.save()
        if change == "sessions":
            editor.end_sessions()
        assert "/admin/login/" in verify(client, show_code(app, clock))["Location"]

    def test_a_code_without_a_password_is_no_login(self, client, app, clock):
        assert "/admin/login/" in verify(client, show_code(app, clock))["Location"]

    def test_the_code_of_a_colleague_is_refused(self, client, app, clock):
        other = TOTPDevice.objects.create(user=staff.writer(), name="電話")
        log_in(client)
        assert verify(client, show_code(other, clock)).status_code == 200


class TestLimits:
    @pytest.fixture(autouse=True)
    def rates(self, settings):
        settings.CODE_RATES = {"code": {900: 3}, "code_network": {900: 5}}

    def test_guessing_is_locked_out_even_with_the_right_code_after_it(self, client, app, clock):
        log_in(client)
        codes = [verify(client, "000000").status_code for _time in range(4)]
        assert codes == [200] * 3 + [429]
        refused = verify(client, show_code(app, clock))
        assert (refused.status_code, refused["Retry-After"]) == (429, "890")

    def test_the_lock_holds_over_logins_and_networks(self, client, app, clock):
        for number in range(3):
            other = Client(REMOTE_ADDR=f"192.0.2.{number}")
            log_in(other)
            verify(other, "000000")
        log_in(client)
        assert verify(client, show_code(app, clock)).status_code == 429

    def test_a_right_code_does_not_forgive_the_wrong_ones(self, client, app, clock):
        for _time in range(3):
            log_in(client)
            verify(client, "000000")
            status = verify(client, show_code(app, clock)).status_code
            clock.shift(seconds=30)
        assert status == 429

    def test_one_network_guesses_no_codes_of_many(self, client, clock):
        for number in range(6):
            TOTPDevice.objects.create(user=staff.writer(f"writer{number}"), name="電話")
            log_in(client, f"writer{number}")
            status = verify(client, "000000").status_code
        assert status == 429

    def test_wrong_codes_do_not_lock_out_a_passkey(self, client, app):
        log_in(client)
        answers = [client.post(VERIFY, {"code": "000000"}) for _time in range(3)]
        answers.append(client.post(VERIFY, {"credential": "{}"}))
        answers.append(client.post(VERIFY, {"code": "000000"}))
        assert [answer.status_code for answer in answers] == [200] * 4 + [429]

    def test_one_network_tries_no_passkeys_without_end(self, client, app):
        log_in(client)
        codes = [client.post(VERIFY, {"credential": "{}"}).status_code for _time in range(6)]
        assert codes == [200] * 5 + [429]

    def test_passwords_are_not_locked_by_codes(self, client, app):
        log_in(client)
        for _time in range(5):
            verify(client, "000000")
        assert log_in(client)["Location"] == VERIFY


class TestPasskeyAnswers:
    """What is no answer of an authenticator; real ones are in tests/browser/test_passkeys.py."""

    @pytest.fixture(autouse=True)
    def passkey(self, editor, settings):
        settings.SITE_URL = "http://localhost"
        return WebAuthnCredential.objects.create(
            user=editor, name="鍵", credential_id=b"abc", public_key=b"def", aaguid="0" * 36
        )

    @pytest.mark.parametrize(
        "answer",
        [
            *("", "{}", "[]", "null", "1", "nonsense", "[" * 9_000, '"' + "a" * 30_000 + '"'),
            '{"id": 1, "rawId": 2, "response": 3, "type": 4}',
            '{"id": "YWJj", "rawId": "YWJj", "type": "public-key", "response": {}}',
            '{"id": "YWJj", "rawId": "YWJj", "type": "public-key", "response": {'
            '"authenticatorData": "YQ", "clientDataJSON": "e30", "signature": "YQ"}}',
        ],
        ids=str,
    )
    def test_anything_else_is_refused(self, client, answer):
        log_in(client)
        assert "data-options" in client.get(VERIFY).content.decode()
        refused = client.post(VERIFY, {"credential": answer})
        assert refused.status_code == 200
        assert "form__error" in refused.content.decode()
        assert "_auth_user_id" not in client.session

    def test_an_answer_without_a_challenge_is_refused(self, client):
        log_in(client)
        assert client.post(VERIFY, {"credential": "{}"}).status_code == 200

    def test_an_address_has_no_passkeys(self, client, settings, editor):
        settings.SITE_URL = "http://127.0.0.1:8000"
        assert staff.browser_of(editor).get(f"{OVERVIEW}passkey/").status_code == 404
        log_in(client)
        assert "data-options" not in client.get(VERIFY).content.decode()
