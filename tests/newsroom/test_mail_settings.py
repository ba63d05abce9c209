"""EMAIL_URL, the address of the mail server."""

import pytest

from newsroom.environment import parse_mail


def test_a_server_with_starttls():
    mail = parse_mail("smtp+tls://some%40one:p%2Fw@mail.example")
    assert mail["BACKEND"].endswith("smtp.EmailBackend")
    assert (mail["HOST"], mail["PORT"]) == ("mail.example", 587)
    assert (mail["HOST_USER"], mail["HOST_PASSWORD"]) == ("some@one", "p/w")
    assert mail["USE_TLS"] and not mail["USE_SSL"]


def test_other_servers():
    assert parse_mail("console://")["BACKEND"].endswith("console.EmailBackend")
    assert parse_mail("smtps://mail.example")["PORT"] == 465
    assert parse_mail("smtp://127.0.0.1:2525")["PORT"] == 2525


@pytest.mark.parametrize(
    "text", ["", "http://mail.example", "smtp://", "smtp://mail.example:x", "smtp://me:pass/word@a"]
)
def test_a_wrong_address_is_refused_without_the_password(text):
    with pytest.raises(ValueError) as refused:
        parse_mail(text)
    assert "pass" not in str(refused.value)
