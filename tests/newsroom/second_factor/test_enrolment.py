"""Enrolment, recovery, and who must have a second factor."""

import logging
import re
from io import StringIO

import pytest
from django.contrib.auth.models import Group
from django.core.management import CommandError, call_command
from django.test import Client
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom.second_factor.devices import create_recovery_codes, normalize_code
from tests import factories, staff
from tests.newsroom.second_factor.signing_in import (
    ADD_APP,
    CODES,
    OVERVIEW,
    VERIFY,
    enrol,
    log_in,
    read_secret,
    show_code,
    verify,
)

pytestmark = pytest.mark.django_db


class TestEnrolment:
    def test_an_app_is_added_with_its_first_code(self, client, editor, clock):
        log_in(client)
        answer, app = enrol(client, clock)
        assert (answer.status_code, answer["Location"]) == (302, CODES)
        assert TOTPDevice.objects.get().name == "電話"
        clock.shift(seconds=30)
        other = Client()
        log_in(other)
        assert verify(other, show_code(app, clock))["Location"] == "/admin/"

    def test_the_code_of_the_enrolment_is_used_up(self, client, editor, clock):
        log_in(client)
        _answer, app = enrol(client, clock)
        other = Client()
        log_in(other)
        assert verify(other, show_code(app, clock)).status_code == 200

    def test_the_picture_is_inline_and_holds_no_style_and_no_address(self, client, editor):
        log_in(client)
        page = client.get(ADD_APP).content.decode()
        picture = re.search(r"<svg viewBox.*?</svg>", page)[0]
        assert not re.search("style|href|data:|<script", picture)

    def test_a_wrong_code_keeps_the_key(self, client, editor, clock):
        log_in(client)
        app = read_secret(client.get(ADD_APP))
        answer = client.post(ADD_APP, {"name": "電話", "code": "000000"})
        assert read_secret(answer).key == app.key
        assert not TOTPDevice.objects.exists()

    def test_the_first_one_ends_all_other_sessions(self, client, editor, clock):
        elsewhere = staff.browser_of(editor)
        log_in(client)
        enrol(client, clock)
        assert elsewhere.get("/admin/").status_code == 302
        assert client.get("/admin/").status_code == 200

    def test_the_recovery_codes_are_shown_once_and_stored_as_hashes(self, client, editor, clock):
        log_in(client)
        enrol(client, clock)
        page = client.get(CODES)
        codes = re.findall(r"<code>([a-z2-7-]{19})</code>", page.content.decode())
        assert len(set(codes)) == 10
        assert "no-store" in page["Cache-Control"]
        assert client.get(CODES)["Location"] == OVERVIEW
        stored = set(StaticToken.objects.values_list("token", flat=True))
        assert len(stored) == 10
        assert stored.isdisjoint(map(normalize_code, codes))

    def test_a_device_is_renamed_and_removed(self, client, app, clock, editor):
        client = staff.browser_of(editor)
        address = f"{OVERVIEW}app/{app.pk}/"
        client.post(address, {"name": "机の電話"})
        assert "机の電話" in client.get(OVERVIEW).content.decode()
        elsewhere = staff.browser_of(editor)
        assert client.post(address, {"remove": "1", "sure": "1"})["Location"] == OVERVIEW
        assert not TOTPDevice.objects.exists()
        assert elsewhere.get("/admin/").status_code == 302
        assert client.get("/admin/").status_code == 200

    def test_nobody_changes_what_a_colleague_has(self, app):
        client = staff.browser_of(staff.writer())
        answers = [
            client.post(f"{OVERVIEW}{kind}/{app.pk}/", {"remove": "1"}).status_code
            for kind in ("app", "passkey", "static")
        ]
        assert answers == [404] * 3
        assert TOTPDevice.objects.exists()

    def test_an_old_session_must_log_in_again(self, client, editor, clock):
        log_in(client)
        clock.shift(seconds=1801)
        answer = client.get(ADD_APP)
        assert answer["Location"] == f"/admin/login/?next={OVERVIEW}"
        assert client.get("/admin/").status_code == 302

    def test_each_change_is_logged_by_number(self, client, editor, clock, caplog):
        caplog.set_level(logging.INFO, "newsroom.security")
        log_in(client)
        enrol(client, clock)
        client.post(f"{OVERVIEW}app/{TOTPDevice.objects.get().pk}/", {"remove": "1", "sure": "1"})
        lines = [record.getMessage() for record in caplog.records]
        assert lines == [
            f"Rights: user {editor.pk} gets a second factor (app) (by user {editor.pk})",
            f"Rights: user {editor.pk} loses a second factor (app) (by user {editor.pk})",
        ]


class TestRecovery:
    def test_a_code_signs_in_once(self, client, app, editor):
        codes = create_recovery_codes(editor)
        for status in (302, 200):
            other = Client()
            log_in(other)
            assert verify(other, codes[0].upper()).status_code == status

    def test_new_codes_replace_the_old_ones(self, app, editor):
        [old, *_others] = create_recovery_codes(editor)
        client = staff.browser_of(editor)
        assert client.post(CODES, {"sure": "1"})["Location"] == CODES
        other = Client()
        log_in(other)
        assert verify(other, old).status_code == 200

    def test_a_code_of_a_colleague_is_refused(self, client, app):
        codes = create_recovery_codes(staff.writer())
        log_in(client)
        assert verify(client, codes[0]).status_code == 200

    def test_an_operator_resets_one_person(self, client, app, editor, caplog):
        caplog.set_level(logging.INFO, "newsroom.security")
        create_recovery_codes(editor)
        elsewhere = staff.browser_of(editor)
        call_command("reset_second_factor", "editor", stdout=(said := StringIO()))
        assert "Removed 1 device and" in said.getvalue()
        assert not StaticToken.objects.exists()
        assert elsewhere.get("/admin/").status_code == 302
        assert log_in(client)["Location"] == "/admin/"
        [line] = [record.getMessage() for record in caplog.records]
        assert line == f"Rights: user {editor.pk} loses each second factor (by a command)"
        with pytest.raises(CommandError, match="no user nobody"):
            call_command("reset_second_factor", "nobody")


class TestRequired:
    @pytest.fixture(autouse=True)
    def required(self, settings):
        settings.SECOND_FACTOR_GROUPS = ["editor", "superusers"]

    def test_enrolment_is_all_that_a_password_opens(self, client, editor, clock):
        answer = log_in(client, next="/admin/articles/")
        assert client.get(answer["Location"])["Location"] == OVERVIEW
        assert client.get("/admin/").status_code == 302
        assert client.get(OVERVIEW).status_code == 200
        assert enrol(client, clock)[0]["Location"] == CODES
        assert 'href="/admin/articles/"' in client.get(CODES).content.decode()
        assert client.get("/admin/").status_code == 200

    def test_others_need_none(self, client):
        staff.writer()
        assert log_in(client, "writer")["Location"] == "/admin/"

    def test_superusers_need_one(self, client):
        factories.user("root", is_staff=True, is_superuser=True)
        assert log_in(client, "root")["Location"] == VERIFY

    def test_the_last_one_stays(self, editor, app):
        client = staff.browser_of(editor)
        answer = client.post(f"{OVERVIEW}app/{app.pk}/", {"remove": "1"})
        assert answer.status_code == 409
        assert f'<p class="desk__back"><a\n  href="{OVERVIEW}">' in answer.content.decode()
        assert TOTPDevice.objects.exists()

    def test_a_new_requirement_ends_the_sessions_of_before(self, settings):
        settings.SECOND_FACTOR_GROUPS = []
        client = staff.browser_of(staff.editor())
        settings.SECOND_FACTOR_GROUPS = ["Editor"]
        assert client.get("/admin/").status_code == 302

    @pytest.mark.parametrize("change", ["group", "member", "flag"])
    def test_a_new_rank_ends_the_sessions_without_one(self, change):
        user = staff.writer()
        client = staff.browser_of(user)
        group = Group.objects.get(name="Editor")
        if change == "group":
            user.groups.add(group)
        elif change == "member":
            group.user_set.add(user)
        else:
            user.is_superuser = True
            user.save()
        assert client.get("/admin/").status_code == 302
