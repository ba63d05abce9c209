"""Staff logins are rate-limited, and no network address is stored."""

import pytest
from django.conf import settings
from django.db import connection
from django.urls import reverse

from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def editor():
    return factories.user("editor", is_staff=True)


def sign_in(client, password, address="192.0.2.7"):
    form = {"username": "editor", "password": password}
    return client.post(reverse("admin:login"), form, REMOTE_ADDR=address)


def fail(client, times, address="192.0.2.7"):
    for _attempt in range(times):
        answer = sign_in(client, "a guess", address)
    return answer


def test_guessing_is_locked_out_even_with_the_right_password_after_it(client, editor):
    assert fail(client, settings.AXES_FAILURE_LIMIT).status_code == 429
    assert sign_in(client, "a good password").status_code == 429


def test_a_few_mistakes_are_forgiven(client, editor):
    fail(client, settings.AXES_FAILURE_LIMIT - 1)
    assert sign_in(client, "a good password").status_code == 302


def test_a_guesser_does_not_lock_out_the_editor_elsewhere(client, editor):
    fail(client, settings.AXES_FAILURE_LIMIT)
    assert sign_in(client, "a good password", address="198.51.100.3").status_code == 302


def test_the_counts_hold_no_address(client, editor):
    fail(client, 2, address="203.0.113.77")
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {settings.LOGINS_TABLE}")
        rows = cursor.fetchall()
    assert rows
    assert "203.0.113.77" not in str(rows)


def test_a_lockout_is_logged_once_without_name_and_address(client, editor, caplog):
    fail(client, settings.AXES_FAILURE_LIMIT + 2)
    [line] = [record.getMessage() for record in caplog.records if "Lockout" in record.msg]
    assert f"of user {editor.pk} from" in line


def test_a_lockout_of_an_unknown_name_does_not_log_it(client, caplog):
    fail(client, settings.AXES_FAILURE_LIMIT)
    [line] = [record.getMessage() for record in caplog.records if "Lockout" in record.msg]
    assert "an unknown name" in line
