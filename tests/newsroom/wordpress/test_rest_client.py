"""How a running WordPress is asked: passwords, addresses, answers that are no JSON."""

import time
from contextlib import suppress
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from articles.download import Answer
from newsroom.importing.broken_export import BrokenExport
from newsroom.wordpress.rest import fetch_store, rest_client
from newsroom.wordpress.rest.fetch_store import open_store
from newsroom.wordpress.rest.rest_client import RestClient, RestRefused, parse_json
from tests.newsroom.wordpress import rest_site

pytestmark = [pytest.mark.django_db, pytest.mark.once]
HOSTS = ("127.0.0.1",)
LOGIN = {"login": "editor", "password": "abcd efgh"}


@pytest.mark.parametrize(
    ("content", "value"),
    [
        (b'\xef\xbb\xbf[{"id": 1}]', [{"id": 1}]),
        (b'<br />\n<b>Notice</b>: Undefined index [x] in {"y"} on line 3<br />\n[{"id": 1}]\n', 1),
        (b"Deprecated: x\n{}", {}),
    ],
)
def test_json_is_found_behind_warnings(content, value):
    assert parse_json(content) == (value if value != 1 else [{"id": 1}])


@pytest.mark.parametrize("content", [b"", b"<html>", b'[{"id": 1}', b"[" * 100_000, b"\xff[]x"])
def test_what_is_no_json_is_refused(content):
    with pytest.raises(ValueError):
        parse_json(content)


def test_a_wrong_password_says_what_to_do_and_is_never_shown(site, settings):
    settings.WORDPRESS_APPLICATION_PASSWORD = "hush hush"
    out = StringIO()
    with pytest.raises(
        CommandError, match="refused the login: .*wrong password.*Users → Prof"
    ) as it:
        call_command(
            "import_wordpress_site",
            site.address,
            *("--user", "editor", "--private-host", "127.0.0.1"),
            stdout=out,
        )
    assert "hush" not in out.getvalue() + str(it.value)
    assert not any((settings.VAR_DIR / "fetched").glob("*hush*"))


def test_the_command_asks_for_a_password(site, settings):
    settings.WORDPRESS_APPLICATION_PASSWORD = ""
    with pytest.raises(CommandError, match="Set WORDPRESS_APPLICATION_PASSWORD"):
        call_command("import_wordpress_site", site.address, "--user", "editor", stdout=StringIO())


def test_addresses_of_a_private_network_are_refused(site):
    with pytest.raises(CommandError, match="127.0.0.1 is not a public address"):
        call_command("import_wordpress_site", site.address, stdout=StringIO())
    assert site.headers == []


@pytest.mark.parametrize(
    "address", ["ftp://old.example", "https://a:b@old.example", "a:b@old.example", "http://[::1"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(CommandError, match="Not an address|out of the address") as error:
        call_command("import_wordpress_site", address, stdout=StringIO())
    assert "a:b" not in str(error.value)


@pytest.mark.parametrize(
    ("goes_to", "text"),
    [
        ("http://old.example/wp-json/", "over HTTPS only"),
        ("https://evil.example/wp-json/", "redirects to another one"),
    ],
)
def test_a_password_goes_over_https_to_the_own_host_only(monkeypatch, goes_to, text):
    sent = []

    def fetch(url, *, authorization, **limits):
        sent.append(authorization)
        return Answer(goes_to, {}, b'{"namespaces": ["wp/v2"]}')

    monkeypatch.setattr(rest_client, "fetch_answer", fetch)
    with pytest.raises(RestRefused, match=text):
        RestClient("http://old.example", **LOGIN).connect()
    assert sent == [""]


def test_a_redirect_does_not_take_the_password_along(site):
    site.failures["posts", 1] = [(302, {"Location": f"{site.address}/wp-json/wp/v2/posts"}, b"")]
    client = RestClient(site.address, private_hosts=HOSTS, **LOGIN)
    client.connect()
    client.fetch_rows("posts")
    assert site.headers[-2:] == [rest_site.LOGIN, ""]


def test_a_page_that_is_no_wordpress_says_what_to_try(site):
    site.failures["", 1] = [(404, {}, b"<html>")] * 2
    with pytest.raises(RestRefused, match=r"no REST API of WordPress .*404.*import an export"):
        RestClient(site.address, private_hosts=HOSTS).connect()


def test_a_store_that_is_damaged_says_which_file(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    with suppress(KeyError), open_store("a", "b"):
        raise KeyError
    [path] = (tmp_path / "fetched").iterdir()
    path.write_bytes(b"no database, but longer than the header of one: " * 20)
    with pytest.raises(BrokenExport, match=f"Delete the file {path}"), open_store("a", "b"):
        pass


def test_what_another_import_has_left_is_deleted_after_a_day(settings, tmp_path, monkeypatch):
    settings.VAR_DIR = tmp_path
    for name in ("a", "b"):
        with suppress(KeyError), open_store(name, "login"):
            raise KeyError
    left = set((tmp_path / "fetched").iterdir())
    assert len(left) == 2
    tomorrow = time.time() + fetch_store.OLDEST + 60
    monkeypatch.setattr(fetch_store.time, "time", lambda: tomorrow)
    with suppress(KeyError), open_store("c", "login"):
        raise KeyError
    assert not left & set((tmp_path / "fetched").iterdir())
