"""Media files that Django serves."""

from pathlib import Path

import pytest
from django.utils.http import http_date

pytestmark = pytest.mark.once


@pytest.fixture(autouse=True)
def library(settings, tmp_path):
    """A media folder with a picture, a page that somebody smuggled in, and a secret beside it."""
    root = tmp_path / "media"
    (root / "pictures").mkdir(parents=True)
    (root / "pictures" / "港.png").write_bytes(b"a picture")
    (root / "page.html").write_text("<script>alert(1)</script>")
    (tmp_path / "secret.txt").write_text("secret")
    settings.MEDIA_ROOT = root
    return root


def body(response):
    return b"".join(response.streaming_content)


def test_a_picture_may_be_cached_for_an_hour(client):
    response = client.get("/media/pictures/港.png")
    assert response.status_code == 200
    assert body(response) == b"a picture"
    assert response["Content-Type"] == "image/png"
    assert response["Cache-Control"] == "public, max-age=3600"
    assert not response.cookies


def test_a_picture_that_the_browser_has_is_not_sent_again(client, library):
    modified = Path(library / "pictures" / "港.png").stat().st_mtime
    response = client.get(
        "/media/pictures/港.png", headers={"if-modified-since": http_date(modified)}
    )
    assert response.status_code == 304


def test_nothing_in_the_library_runs_as_a_page_of_this_site(client):
    response = client.get("/media/page.html")
    assert "sandbox" in response["Content-Security-Policy"]
    assert "script-src" not in response["Content-Security-Policy"]
    assert "default-src 'none'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "nothing.png",
        "pictures/",
        "pictures",
        "/etc/hostname",
        "pictures/港.png/more",
        "a" * 300,
    ],
)
def test_a_path_outside_the_library_is_not_found(client, path):
    response = client.get(f"/media/{path}")
    assert response.status_code == 404
    assert "immutable" not in response.get("Cache-Control", "")


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path", ["../secret.txt", "%2e%2e/secret.txt", "pictures/..%2f..%2fsecret.txt"]
)
def test_nobody_leaves_the_library(client, path):
    assert client.get(f"/media/{path}").status_code == 400


@pytest.mark.django_db
def test_a_nul_byte_is_a_bad_request(client):
    assert client.get("/media/pictures/%00.png").status_code == 400


@pytest.mark.django_db
def test_files_are_only_read(client):
    assert client.post("/media/pictures/港.png").status_code == 405
