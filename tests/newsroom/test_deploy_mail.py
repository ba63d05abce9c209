"""EMAIL_URL against real mail servers: with a login, with TLS from the start and with STARTTLS."""

import ssl

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from django.core import mail

from newsroom.environment import parse_mail
from tests.newsroom.nginx.front import choose_ports, make_certificate

NAME, PASSWORD = "paper@example.org", "p/w:@"


class Mailbox:
    def __init__(self):
        self.mails, self.logins = [], []

    async def handle_DATA(self, server, session, envelope):
        self.mails.append((server.transport.get_extra_info("ssl_object") is not None, envelope))
        return "250 OK"

    def authenticate(self, server, session, envelope, mechanism, login):
        self.logins.append((login.login.decode(), login.password.decode()))
        return AuthResult(success=True)


@pytest.fixture
def certificate(tmp_path, monkeypatch):
    """The TLS context of a server whose certificate the site trusts."""
    make_certificate(tmp_path, host="localhost")
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "fullchain.pem"))
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "fullchain.pem", tmp_path / "privkey.pem")
    return context


@pytest.mark.parametrize("scheme", ["smtp", "smtp+tls", "smtps"])
def test_a_mail_arrives(scheme, certificate, settings):
    box, [port] = Mailbox(), choose_ports(1)
    server = Controller(
        box,
        hostname="localhost",
        port=port,
        authenticator=box.authenticate,
        auth_require_tls=False,
        tls_context=certificate if scheme == "smtp+tls" else None,
        ssl_context=certificate if scheme == "smtps" else None,
    )
    server.start()
    try:
        url = f"{scheme}://paper%40example.org:p%2Fw%3A%40@localhost:{port}"
        for name, value in parse_mail(url).items():
            setattr(settings, f"EMAIL_{name}", value)
        assert mail.send_mail("速報", "霧", None, ["desk@example.org"]) == 1
    finally:
        server.stop()
    assert box.logins == [(NAME, PASSWORD)]
    [(is_encrypted, envelope)] = box.mails
    assert is_encrypted == (scheme != "smtp")
    assert envelope.rcpt_tos == ["desk@example.org"]
