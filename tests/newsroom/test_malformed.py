"""Requests that make no sense are refused with 400, by every view."""

import pytest
from django.test import Client

from tests import factories
from tests.comments.conftest import HERE

pytestmark = pytest.mark.django_db

FORM = "application/x-www-form-urlencoded"
ORIGIN = HERE["headers"]["origin"]
NO_CHARSETS = (
    *("zlib", "hex", "base64", "bz2", "rot13", "uu", "quopri", "idna", "undefined", "mbcs"),
    *("punycode", "unicode_escape", "raw_unicode_escape", "utf-16", "utf-32", "utf-7", "cp037"),
    *("Shift_JIS", "EUC-JP", "iso-8859-1"),  # no form of ours is in them
    *("unknown", "../x", "utf-8 x", "é", "x" * 300),
)
NO_ORIGINS = (
    *("http://[", "http://]", "http://[::1", "http://[::1]x", "http://[x]/", "//testserver"),
    *("testserver", "", " ", "http://", "http://testserver:99999", "http://testserver:x"),
    *("http://testserver/path", "http://user@testserver", "http://a, http://b", "NULL"),
    *("http://testserver:", "http://\u2100.example", "http://testserver:0", "\xff", "javascript:1"),
)


@pytest.fixture
def paths():
    article = factories.article(slug="ship")
    comment = factories.comment(article)
    return [
        *("/", "/articles/ship/", "/feed/", "/search/", "/search/suggest/", "/me/"),
        *(f"/threads/{article.pk}/comments/", f"/threads/{article.pk}/comments/inline/"),
        *(f"/threads/{article.pk}/mine/", f"/articles/{article.pk}/read/"),
        *(f"/comments/{comment.pk}/", f"/comments/{comment.pk}/vote/"),
        *(f"/comments/{comment.pk}/removal/", f"/comments/{comment.pk}/edit/"),
        *(f"/moderation/comments/{comment.pk}/remove/", "/admin/", "/admin/login/"),
        *("/admin/articles/article/add/", "/robots.txt", "/sitemap.xml"),
    ]


@pytest.fixture(params=["reader", "staff"])
def sender(request):
    sender = Client(raise_request_exception=False)
    if request.param == "staff":
        sender.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    return sender


def post(sender, path, *, content_type=FORM, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return sender.generic("POST", path, b"text=a", content_type, headers=named)


def pair(values, paths):
    """Yield the first value with every path, each other one with some paths in turn."""
    yield from ((values[0], path) for path in paths)
    for number, value in enumerate(values):
        for step in range(3):
            yield value, paths[(number * 3 + step) % len(paths)]


def test_a_charset_that_is_no_encoding_of_texts_is_refused(sender, paths):
    for charset, path in pair(NO_CHARSETS, paths):
        answer = post(sender, path, content_type=f"{FORM}; charset={charset}", **HERE["headers"])
        assert answer.status_code == 400, (charset, path)


def test_our_own_charset_is_taken_however_it_is_written(sender, paths):
    charsets = ("utf-8", "UTF-8", '"utf-8"', "utf8", "utf_8", "us-ascii", "")
    for charset, path in pair(charsets, ["/", "/me/", "/admin/login/"]):
        content_type = f"{FORM}; charset={charset}"
        answer = post(sender, path, content_type=content_type, **HERE["headers"])
        assert answer.status_code != 400, (charset, path)


def test_an_origin_that_is_no_address_is_refused(sender, paths):
    for origin, path in pair(NO_ORIGINS, paths):
        assert post(sender, path, origin=origin).status_code == 400, (origin, path)
        answer = sender.get(path, headers={"origin": origin})
        assert answer.status_code == 400, (origin, path)


def test_an_origin_elsewhere_is_no_fault(client):
    factories.article(slug="ship")
    origins = (
        *("null", ORIGIN, "https://other.example:8443", "http://[::1]:8000", "file://"),
        *("chrome-extension://abc", "https://xn--eckwd4c7c.xn--zckzah"),
    )
    for origin, path in pair(origins, ["/", "/articles/ship/", "/feed/", "/admin/login/"]):
        answer = client.get(path, headers={"origin": origin})
        assert answer.status_code == 200, (origin, path)


def test_a_kept_page_is_no_answer_to_a_malformed_request(settings, client):
    settings.PAGE_CACHE_SECONDS = 60
    factories.article(slug="ship")
    for _ in range(2):
        assert client.get("/articles/ship/").status_code == 200
        answer = client.get("/articles/ship/", headers={"origin": "http://["})
        assert (answer.status_code, answer["Cache-Control"]) == (400, "private, no-store")
        assert "Content-Security-Policy" in answer


def test_a_length_that_is_no_number_is_refused(sender, paths):
    for length, path in pair(("ten", "-1", "1e3", "9" * 30, "٣", "1,2"), paths):
        answer = sender.generic("POST", path, b"", FORM, CONTENT_LENGTH=length)
        assert answer.status_code == 400, (length, path)


def test_a_multipart_form_without_a_boundary_is_no_failure(sender, paths):
    for parameter in ("", "; boundary=", f"; boundary={'x' * 300}", "; boundary=\xff"):
        for path in paths:
            content_type = f"multipart/form-data{parameter}"
            answer = post(sender, path, content_type=content_type, **HERE["headers"])
            assert answer.status_code < 500, (parameter, path)


def test_a_form_of_the_admin_survives_a_choice_that_is_no_number(client):
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    for value in ("[", "x", "-1", "9" * 30, "1.5", "\0"):
        fields = {"path": "/old/", "to_path": "", "article": value}
        answer = client.post("/admin/articles/redirect/add/", fields)
        assert answer.status_code == 200, value
        assert answer.context["adminform"].form.errors["article"], value


def test_a_revision_that_has_no_number_is_not_found(client):
    article = factories.article()
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    for number in ("ship", "-1", "9" * 30, "٣", "1.5"):
        answer = client.get(f"/admin/articles/article/{article.pk}/history/{number}/")
        assert answer.status_code == 404, number
