"""Staff logins are rate-limited before a password is hashed; no network address is stored."""

from datetime import datetime, timedelta
from unittest import mock

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.contrib.sessions.models import Session
from django.db import DatabaseError
from django.urls import reverse

from newsroom import lockouts, middleware
from newsroom import settings as site_settings
from newsroom.models import LoginCount
from tests import factories

pytestmark = pytest.mark.django_db

HOME = "192.0.2.7"
OFFICE = "198.51.100.3"


class Clock:
    """The time of the site. It stands until a test shifts it."""

    now = datetime.fromisoformat("2026-03-04T00:00:01Z")  # near the beginning of every period

    def shift(self, **duration):
        self.now += timedelta(**duration)


@pytest.fixture
def clock(monkeypatch):
    clock = Clock()
    monkeypatch.setattr("django.utils.timezone.now", lambda: clock.now)
    for module in (lockouts, middleware):
        monkeypatch.setattr(module, "time", lambda: clock.now.timestamp())
    return clock


@pytest.fixture(autouse=True)
def rates(settings):
    settings.LOGIN_RATES = {
        "name_and_network": {900: 3},
        "network": {60: 4},
        "name": {60: 13},
    }


@pytest.fixture(autouse=True)
def editor(clock):
    return factories.user("editor", is_staff=True)


def sign_in(client, password="a good password", address=HOME, name="editor"):
    form = {"username": name, "password": password}
    return client.post(reverse("admin:login"), form, REMOTE_ADDR=address)


def fail(client, times, address=HOME, name="editor"):
    """Fail some times; {n} in the address and the name is the number of the attempt."""
    answers = [
        sign_in(client, "a guess", address.replace("{n}", f"{n:x}"), name.replace("{n}", str(n)))
        for n in range(times)
    ]
    return [answer.status_code for answer in answers]


def test_guessing_is_locked_out_even_with_the_right_password_after_it(client, clock):
    assert fail(client, 4) == [200] * 3 + [429]
    refused = sign_in(client)
    assert (refused.status_code, refused["Retry-After"]) == (429, "899")
    assert "15分後にもう一度お試しください" in refused.content.decode()
    clock.shift(seconds=899)
    assert sign_in(client).status_code == 302


def test_a_few_mistakes_are_forgiven(client, clock):
    for _time in range(2):
        fail(client, 2)
        assert sign_in(client).status_code == 302
        clock.shift(seconds=60)


@pytest.mark.parametrize("name", ["Editor", " editor ", "ｅｄｉｔｏｒ"])
def test_a_name_written_otherwise_is_the_same_name(client, name):
    fail(client, 3)
    assert sign_in(client, name=name).status_code == 429


def test_a_guesser_does_not_lock_out_the_editor_elsewhere(client):
    fail(client, 5)
    assert sign_in(client, address=OFFICE).status_code == 302


def test_many_names_from_one_network_are_refused_before_hashing(client):
    with mock.patch.object(
        MD5PasswordHasher, "encode", autospec=True, side_effect=MD5PasswordHasher.encode
    ) as encode:
        assert fail(client, 6, name="name{n}") == [200] * 4 + [429] * 2
    assert encode.call_count == 4


def test_parallel_guesses_count_before_the_first_is_hashed(client):
    """Each attempt begins while all before it are being hashed."""
    codes = []

    def guess_meanwhile(*args, **kwargs):
        codes.append(sign_in(client, "a guess").status_code)

    with mock.patch("django.contrib.auth.forms.authenticate", side_effect=guess_meanwhile):
        sign_in(client, "a guess")
    assert codes == [429] + [200] * 2


@pytest.mark.parametrize(
    ("address", "passing"),
    [
        ("2001:db8:1:0:{n}::1", 4),  # in one /64
        ("2001:db8:1:{n}::1", 8),  # in one /56
        ("2001:db8:1:{n}00::1", 16),  # in one /48
    ],
)
def test_a_wide_ipv6_network_is_limited_too(client, address, passing):
    codes = fail(client, passing + 1, address, name="name{n}")
    assert codes == [200] * passing + [429]


@pytest.mark.once
def test_the_rates_of_the_site_do_not_let_one_customer_lock_a_name():
    rates = site_settings.LOGIN_RATES
    assert rates["name_and_network"][900] * 4 < min(rates["name"].values())


def test_one_ipv6_customer_cannot_lock_a_name_for_others(client):
    codes = fail(client, 14, "2001:db8:1:{n}00::1")
    assert codes == [200] * 12 + [429] * 2
    assert sign_in(client, address=OFFICE).status_code == 302


def test_a_name_is_limited_over_all_networks_for_a_minute(client, clock):
    assert fail(client, 14, "2001:db8:{n}::1") == [200] * 13 + [429]
    refused = sign_in(client, address=OFFICE)
    assert (refused.status_code, refused["Retry-After"]) == (429, "59")
    clock.shift(seconds=60)
    assert sign_in(client, address=OFFICE).status_code == 302


def test_a_network_that_has_signed_in_this_week_is_not_locked_out_with_its_name(client):
    sign_in(client, address=OFFICE)
    fail(client, 13, "2001:db8:{n}::1")
    assert sign_in(client, address=HOME).status_code == 429
    assert sign_in(client, address=OFFICE).status_code == 302


def test_logins_that_succeed_do_not_use_up_a_network(client):
    assert {sign_in(client).status_code for _time in range(5)} == {302}


def test_refused_logins_store_nothing(client):
    fail(client, 3)
    stored = LoginCount.objects.count()
    fail(client, 2)
    assert LoginCount.objects.count() == stored


def test_counts_are_deleted_after_their_time(client, clock):
    fail(client, 1)
    before = set(LoginCount.objects.values_list("key"))
    clock.shift(days=1)
    fail(client, 1)
    assert before.isdisjoint(LoginCount.objects.values_list("key"))


def test_the_counts_hold_no_address_and_change_their_key_each_week(client, clock):
    with mock.patch("newsroom.lockouts.NetworkKey.derive", return_value=b"of another week"):
        fail(client, 1, address="203.0.113.77")
    before = set(LoginCount.objects.values_list("key"))
    fail(client, 1, address="203.0.113.77")
    assert "203.0.113.77" not in str(list(LoginCount.objects.values()))
    assert LoginCount.objects.count() == 2 * len(before)


def test_a_form_without_a_password_does_not_count(client):
    for _time in range(5):
        assert sign_in(client, "").status_code == 200
    assert not LoginCount.objects.exists()


@pytest.mark.parametrize(
    ("name", "whose"), [("editor", "of user {pk} or"), ("my\0secret", "of an unknown name or")]
)
def test_a_lockout_is_logged_once_without_name_and_address(client, editor, caplog, name, whose):
    fail(client, 5, name=name)
    [line] = [record.getMessage() for record in caplog.records if "Lockout" in record.msg]
    assert whose.format(pk=editor.pk) in line
    assert name not in line and HOME not in line


class TestIdleSessions:
    def test_a_session_ends_after_idle_hours(self, client, clock):
        sign_in(client)
        clock.shift(hours=11, minutes=59)
        assert client.get("/admin/").status_code == 200
        clock.shift(hours=11, minutes=59)
        answer = client.get("/admin/")
        assert answer.status_code == 200
        assert answer.cookies["sessionid"]["max-age"] == 43_200
        clock.shift(hours=12, minutes=1)
        assert client.get("/admin/").status_code == 302

    def test_the_polls_of_an_open_page_are_no_work(self, client, clock, editor):
        editor.is_superuser = True
        editor.save()
        sign_in(client)
        ends = Session.objects.get().expire_date
        clock.shift(hours=6)
        assert client.post("/moderation/claims/", {"tab": "a"}).status_code == 200
        assert Session.objects.get().expire_date == ends

    def test_a_session_is_not_written_at_every_request(self, client, clock):
        sign_in(client)
        ends = Session.objects.get().expire_date
        clock.shift(minutes=5)
        client.get("/admin/")
        assert Session.objects.get().expire_date == ends

    def test_reading_goes_on_where_no_session_can_be_written(self, client, clock):
        sign_in(client)
        clock.shift(hours=6)
        store = "django.contrib.sessions.backends.db.SessionStore.save"
        with mock.patch(store, side_effect=DatabaseError("readonly database")):
            assert client.get("/admin/").status_code == 200
