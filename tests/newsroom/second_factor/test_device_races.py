"""Requests that change the devices of one person at the same time."""

from concurrent.futures import ThreadPoolExecutor, wait

import pytest
from django.db import connection, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom.models import User
from tests import staff
from tests.newsroom.second_factor.signing_in import OVERVIEW

pytestmark = [pytest.mark.postgresql, pytest.mark.django_db(transaction=True)]


def test_of_the_last_two_devices_one_stays_where_it_is_required(settings, editor, app):
    settings.SECOND_FACTOR_GROUPS = ["Editor"]
    other = TOTPDevice.objects.create(user=editor, name="机")
    client = staff.browser_of(editor)

    def remove_other():
        try:
            return client.post(
                f"{OVERVIEW}app/{other.pk}/", {"remove": "1", "sure": "1"}
            ).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():  # the request that removes the first one
            User.objects.select_for_update().get(pk=editor.pk)
            answer = pool.submit(remove_other)
            wait([answer], timeout=1)
            app.delete()
        assert answer.result() == 409
    assert TOTPDevice.objects.get() == other
