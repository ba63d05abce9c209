"""A removal asks before, and says what it did."""

import pytest
from django_otp.plugins.otp_static.models import StaticToken
from django_otp.plugins.otp_totp.models import TOTPDevice

from newsroom.second_factor.devices import create_recovery_codes
from tests import staff
from tests.newsroom.second_factor.signing_in import CODES, OVERVIEW
from tests.reading import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def client(editor):
    return staff.browser_of(editor)


def read_text(answer):
    return " ".join(parsed(answer).xpath("//main")[0].text_content().split())


def press(client, answer, button="remove"):
    """Send the form of a page that asks, with its hidden fields."""
    [form] = parsed(answer).xpath("//main//form")
    fields = {field.get("name"): field.get("value") for field in form.xpath(".//input")}
    return client.post(form.get("action"), {**fields, button: "1"})


def test_a_removal_asks_with_the_name_and_then_says_it(client, app):
    asked = client.post(f"{OVERVIEW}app/{app.pk}/", {"remove": "1"})
    assert asked.status_code == 200
    assert app.name in read_text(asked)
    assert TOTPDevice.objects.exists()
    assert press(client, asked)["Location"] == OVERVIEW
    assert not TOTPDevice.objects.exists()
    [said] = parsed(client.get(OVERVIEW)).xpath("//*[@role='status']")
    assert app.name in said.text_content()
    assert not parsed(client.get(OVERVIEW)).xpath("//*[@role='status']")  # once


def test_the_question_names_what_goes_with_the_last_one(client, app, editor):
    last = read_text(client.post(f"{OVERVIEW}app/{app.pk}/", {"remove": "1"}))
    TOTPDevice.objects.create(user=editor, name="二台目")
    one_of_two = read_text(client.post(f"{OVERVIEW}app/{app.pk}/", {"remove": "1"}))
    assert "予備コード" in last
    assert "予備コード" not in one_of_two


def test_a_new_name_is_said(client, app):
    client.post(f"{OVERVIEW}app/{app.pk}/", {"name": "机の電話"})
    [said] = parsed(client.get(OVERVIEW)).xpath("//*[@role='status']")
    assert "机の電話" in said.text_content()


def test_new_codes_ask_with_the_number_of_the_old(client, app, editor):
    create_recovery_codes(editor)
    before = set(StaticToken.objects.values_list("token", flat=True))
    asked = client.post(CODES)
    assert "10" in read_text(asked)
    assert set(StaticToken.objects.values_list("token", flat=True)) == before
    assert press(client, asked)["Location"] == CODES
    assert before.isdisjoint(StaticToken.objects.values_list("token", flat=True))
