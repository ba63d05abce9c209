"""Web Push: encryption, hostile addresses, and a push service of the tests' own."""

import json
import socket
import ssl

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from django.core.management import call_command

from comments.models import AnswerNotice, Comment, PushSubscription
from comments.web_push import answers, delivery, messages
from comments.web_push.delivery import NotDelivered, check_endpoint, deliver
from newsroom.environment import parse_push_key
from tests import factories
from tests.comments.push_service import Browser, PushService, make_certificate

KEY = messages.make_private_key()
ENDPOINT = "https://push.example/send/1"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    return make_certificate(tmp_path_factory.mktemp("push"))


@pytest.fixture
def service(certificate, monkeypatch):
    """A push service that our side trusts, at an address that it takes for public."""
    context = ssl.create_default_context(cafile=certificate)
    monkeypatch.setattr(delivery, "build_context", lambda: context)
    monkeypatch.setattr(delivery, "is_public", lambda number: True)
    with PushService(certificate) as service:
        yield service
        service.shutdown()


@pytest.fixture
def own(reader, article, settings):
    settings.PUSH_PRIVATE_KEY = KEY
    reader.write(article, "最初の文")
    return Comment.objects.get()


def subscribe(reader, browser, endpoint=ENDPOINT, **changes):
    return reader.send("/me/push/", endpoint=endpoint, **{**browser.keys, **changes})


def test_the_example_of_the_standard_is_encrypted_to_the_byte():
    """RFC 8291, appendix A."""
    body = messages.encrypt(
        b"When I grow up, I want to be a watermelon",
        p256dh="BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        auth="BTBZMqHH6r4Tts7J_aSIgg",
        salt=messages.decode("DGv6ra1nlYgDCS1FRnbzlw"),
        key=messages.load_private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert messages.encode(body) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWA"
        "mS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxs"
        "j_Qulcy4a-fN"
    )
    with pytest.raises(ValueError, match="too long"):
        messages.encrypt(b"a" * 4_000, **Browser().keys)


def test_the_sender_signs_for_one_push_service():
    key = messages.load_private_key(KEY)
    header = messages.sign(f"{ENDPOINT}?x=1", key=key, subject="mailto:a@example.org", now=1_000)
    token, public = header.removeprefix("vapid t=").split(", k=")
    assert public == messages.read_public_key(KEY)
    signed, _dot, signature = token.rpartition(".")
    raw = messages.decode(signature)
    pair = [int.from_bytes(part, "big") for part in (raw[:32], raw[32:])]
    algorithm = ec.ECDSA(hashes.SHA256())
    key.public_key().verify(encode_dss_signature(*pair), signed.encode(), algorithm)
    head, claims = (json.loads(messages.decode(part)) for part in signed.split("."))
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert claims == {
        "aud": "https://push.example",
        "exp": 1_000 + 12 * 3600,
        "sub": "mailto:a@example.org",
    }


@pytest.mark.parametrize(
    "address",
    [
        *("http://push.example/1", "https://localhost/1", "https://db/1", "https:///1", "", "x"),
        *("https://127.0.0.1/1", "https://10.1.2.3/1", "https://169.254.169.254/latest/meta-data/"),
        *("https://[::1]/1", "https://[::ffff:10.0.0.1]/1", "https://[fd00::1]/1"),
        *("https://a:b@push.example/1", "https://push.example:0/1", "https://push.example:99999/"),
        *("https://[64:ff9b::a00:1]/1", "https://[ff0e::1]/1", "https://[2002:a00:1::1]/1"),
        *("https://push.example/\r\nX: y", "file:///etc/passwd"),
    ],
)
def test_addresses_that_no_push_service_has_are_refused(address):
    with pytest.raises(ValueError):
        check_endpoint(address)
    with pytest.raises(NotDelivered):
        deliver(address, b"", {})


def test_a_name_that_means_a_private_address_gets_no_connection(monkeypatch):
    asked = []

    def look_up(host, port, **options):
        asked.append(host)
        return [(0, 0, 0, "", (number, port)) for number in ("93.184.215.14", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    monkeypatch.setattr(socket, "create_connection", None)
    with pytest.raises(NotDelivered, match="not a public address"):
        deliver(ENDPOINT, b"", {})
    assert asked == ["push.example"]


def test_a_push_service_that_takes_its_time_is_left(service, monkeypatch):
    monkeypatch.setattr(delivery, "DEADLINE", 0)
    with pytest.raises(NotDelivered):
        deliver(f"{service.address}/1", b"", {})


def test_a_readers_browsers_are_told_of_an_answer_once(
    reader, other_reader, article, own, service, capsys
):
    browser = Browser()
    assert subscribe(reader, browser, f"{service.address}/send/1?a=b").status_code == 204
    other_reader.write(article, "返事です", parent=own.pk)
    reader.write(article, ">>1 自分への返信")
    answer = Comment.objects.get(text="返事です")
    call_command("send_pushes")
    [(path, headers, body)] = service.received
    assert path == "/send/1?a=b"
    assert headers["Content-Encoding"] == "aes128gcm"
    assert headers["TTL"] == "86400"
    assert headers["Authorization"].startswith("vapid t=")
    told = json.loads(browser.decrypt(body))
    assert told["url"] == f"http://testserver/comments/{answer.pk}/thread/#comment-{answer.pk}"
    assert "返事です" in told["body"] and "あなたへの返信" in told["title"]
    assert "Messages sent: 1" in capsys.readouterr().out
    call_command("send_pushes")
    assert len(service.received) == 1
    assert AnswerNotice.objects.get().seen_at is None  # told is not read
    other_reader.write(article, ">>1 番号で")
    other_reader.write(article, ">>1 もう一度")
    call_command("send_pushes")
    assert json.loads(browser.decrypt(service.received[1][2]))["body"].startswith("新しい返信が2件")


@pytest.mark.parametrize("ending", [403, 410])
def test_a_subscription_that_ended_is_deleted_and_a_failure_is_tried_again(
    reader, other_reader, article, own, service, capsys, ending
):
    subscribe(reader, Browser(), f"{service.address}/1")
    other_reader.write(article, "返事です", parent=own.pk)
    for status in (500, 429, 302):
        service.status = status
        call_command("send_pushes")
        told = capsys.readouterr().err
        assert f"127.0.0.1: the push service answered {status}" in told
        assert own.reader_hash[:8] not in told
    assert not AnswerNotice.objects.exists()
    service.status = ending
    call_command("send_pushes")
    assert "subscriptions ended: 1" in capsys.readouterr().out
    assert not PushSubscription.objects.exists()
    assert len(service.received) == 4


def test_who_was_told_is_noted_whatever_ends_the_run(
    reader, other_reader, article, own, service, monkeypatch
):
    subscribe(reader, Browser(), f"{service.address}/1")
    other_reader.write(article, "返事です", parent=own.pk)
    subscribe(other_reader, Browser(), "https://push.example/2")
    reader.write(article, ">>2 返事への返事")

    def deliver_or_fail(endpoint, body, headers):
        if "example" in endpoint:
            raise RuntimeError
        deliver(endpoint, body, headers)

    monkeypatch.setattr(answers, "deliver", deliver_or_fail)
    with pytest.raises(RuntimeError):
        answers.send_answers()
    assert AnswerNotice.objects.get().reader_hash == own.reader_hash


def test_what_was_seen_is_told_of_no_more(reader, other_reader, article, own, service):
    subscribe(reader, Browser(), f"{service.address}/1")
    other_reader.write(article, "返事です", parent=own.pk)
    reader.send("/me/seen/", answer=Comment.objects.last().pk)
    call_command("send_pushes")
    assert service.received == []


def test_a_subscription_is_the_readers_own(reader, other_reader, own, article, settings):
    browser = Browser()
    page = reader.get("/me/").content.decode()
    assert f'data-key="{messages.read_public_key(KEY)}"' in page
    assert subscribe(reader, browser).status_code == 204
    assert subscribe(other_reader, browser).status_code == 404  # has written nothing
    assert subscribe(reader, browser, ENDPOINT, auth="AAAA").status_code == 400
    for wrong in ({"p256dh": "AAAA"}, {"p256dh": "字"}, {"endpoint": "http://push.example/"}):
        assert (
            reader.send("/me/push/", **{"endpoint": ENDPOINT, **browser.keys, **wrong}).status_code
            == 400
        )
    assert subscribe(reader, browser, f"https://push.example/{'a' * 1_000}").status_code == 400
    assert reader.post("/me/push/", {"endpoint": ENDPOINT, **browser.keys}).status_code == 403
    other_reader.send("/me/push/end/", endpoint=ENDPOINT)
    assert PushSubscription.objects.get().reader_hash == own.reader_hash
    reader.send("/me/push/end/", endpoint=ENDPOINT)
    assert not PushSubscription.objects.exists()
    settings.PUSH_PRIVATE_KEY = ""
    assert subscribe(reader, browser).status_code == 404
    assert "data-push" not in reader.get("/me/").content.decode()


def test_a_reader_has_ten_browsers_at_most(db):
    owner = factories.reader()
    for number in range(12):
        keys = {"p256dh": "x", "auth": "y"}
        PushSubscription.objects.add(owner, endpoint=f"https://push.example/{number}", **keys)
    kept = PushSubscription.objects.order_by("pk").values_list("endpoint", flat=True)
    assert [*kept][0] == "https://push.example/2" and len(kept) == 10


def test_a_command_makes_the_key_that_the_settings_take(capsys, settings):
    call_command("make_push_key")
    line = capsys.readouterr().out.strip()
    name, _equals, key = line.partition("=")
    assert name == "PUSH_PRIVATE_KEY" and parse_push_key(key) == key
    assert len(messages.decode(messages.read_public_key(key))) == 65
    with pytest.raises(ValueError, match="make_push_key"):
        parse_push_key("short")
    settings.PUSH_PRIVATE_KEY = ""
    call_command("send_pushes")
    assert "not set" in capsys.readouterr().out


def test_the_worker_loads_its_part_from_the_root(client, db):
    response = client.get("/sw.js")
    assert response["Content-Type"] == "text/javascript"
    assert response["Cache-Control"] == "no-cache"
    assert b"push-worker" in response.content
