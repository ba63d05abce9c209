"""Attachments in the media library, from a folder and over HTTP."""

import io
import socket
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from PIL import Image

from articles import download
from articles.download import FileRefused, fetch_file
from articles.models import Article, MediaFile
from newsroom.wordpress.importer import Importer
from tests import documents
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.once

URL = "https://old.example/wp-content/uploads"


def picture(kind="JPEG", size=(640, 400)):
    target = io.BytesIO()
    Image.new("RGB", size, (20, 80, 120)).save(target, kind)
    return target.getvalue()


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    (folder / "2020/01").mkdir(parents=True)
    (folder / "2020/01/sea.jpg").write_bytes(picture())
    (folder / "2020/01/paper.pdf").write_bytes(documents.pdf())
    (folder / "2020/01/page.svg").write_text("<svg/>")
    (folder / "2020/01/broken.jpg").write_bytes(b"\xff\xd8 no picture")
    (tmp_path / "secret.jpg").write_bytes(picture())
    return folder


POST = wxr.item(
    1,
    wxr.meta("_thumbnail_id", 50),
    content=f'<img src="{URL}/2020/01/sea-300x188.jpg" class="wp-image-99" alt="浜">\n\n'
    f'<a href="{URL}/2020/01/paper.pdf">資料</a>\n\n[gallery]',
)
SEA = wxr.attachment(50, "2020/01/sea.jpg", parent=1, excerpt="朝の<b>海</b>", alt="海辺")
PAPER = wxr.attachment(51, "2020/01/paper.pdf", parent=1)


@pytest.mark.django_db
def test_files_of_the_folder_come_into_the_library_and_the_article(bring, uploads):
    report = bring(POST, SEA, PAPER, media_folder=uploads)
    sea = MediaFile.objects.get(image_alt_text="海辺")
    paper = MediaFile.objects.exclude(pk=sea.pk).get()
    article = Article.objects.get()
    assert (sea.is_image, sea.image_width, sea.caption) == (True, 640, "朝の海")
    assert str(sea.folder) == "2020"
    assert article.lead_image == sea
    figure = f'<figure><img data-file="{sea.pk}" alt="浜"></figure>'
    assert article.body.startswith(figure)
    assert f'<a href="{paper.download_file.url}">資料</a>' in article.body
    assert article.body.count("<figure>") == 2
    assert report.outcomes["media"]["new"] == 2


@pytest.mark.django_db
def test_old_addresses_of_files_and_their_pages_lead_on(bring, uploads, client):
    bring(POST, SEA, PAPER, media_folder=uploads)
    sea = MediaFile.objects.get(image_alt_text="海辺")
    assert client.get("/wp-content/uploads/2020/01/sea.jpg")["Location"] == sea.image_file.url
    assert client.get("/attachment-50/")["Location"] == "/articles/post-1/"
    assert client.get("/?attachment_id=50")["Location"] == "/articles/post-1/"


@pytest.mark.django_db
def test_the_second_run_makes_no_doubles_and_takes_new_texts(bring, uploads):
    bring(POST, SEA, PAPER, media_folder=uploads)
    assert bring(POST, SEA, PAPER).changed_nothing
    bring(POST, SEA.replace("海辺", "浜辺"), PAPER)
    assert sorted(MediaFile.objects.values_list("image_alt_text", flat=True)) == ["", "浜辺"]


@pytest.mark.django_db
def test_files_that_come_later_complete_the_articles(bring, uploads):
    first = bring(POST, SEA, PAPER)
    assert first.outcomes["media"]["left out"] == 2
    reason = "no folder with the media was named, and nothing is downloaded"
    assert first.remarks[f"media file skipped: {reason}"] == 2
    assert "<img" not in Article.objects.get().body
    dry = bring(POST, SEA, PAPER, media_folder=uploads, dry_run=True)
    assert not MediaFile.objects.exists()
    second = bring(POST, SEA, PAPER, media_folder=uploads)
    assert "<img" in Article.objects.get().body
    assert second.outcomes["post"]["changed"] == 1
    assert dry.outcomes == second.outcomes


@pytest.mark.django_db
def test_what_the_library_does_not_take_is_told_and_stops_nothing(bring, uploads):
    report = bring(
        wxr.item(1),
        wxr.attachment(50, "2020/01/page.svg"),
        wxr.attachment(51, "2020/01/broken.jpg"),
        wxr.attachment(52, "2020/01/missing.jpg"),
        wxr.attachment(53, "../secret.jpg"),
        media_folder=uploads,
    )
    assert report.outcomes["media"] == {"left out": 4}
    assert report.remarks["media file skipped: not found"] == 2
    assert not MediaFile.objects.exists()
    assert Article.objects.exists()


@pytest.fixture
def old_site():
    """A server on the loopback address; yields its address."""

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path.endswith("/loop"):
                self.send_response(302)
                self.send_header("Location", "/sea.jpg")
                self.end_headers()
            elif self.path.endswith("/away"):
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{self.server.server_port}/sea.jpg")
                self.end_headers()
            elif self.path.endswith("/file"):
                self.send_response(302)
                self.send_header("Location", "file:///etc/hostname")
                self.end_headers()
            elif self.path.endswith("sea.jpg") or "%E6%B5%B7" in self.path:
                self.send_response(200)
                self.end_headers()
                self.wfile.write(picture())
            else:
                self.send_error(404)

        def log_message(self, *arguments):
            """Says nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()


HOSTS = {"127.0.0.1"}


@pytest.mark.parametrize("path", ["/sea.jpg", "/海.jpg", "/loop"])
def test_a_file_is_fetched_from_an_allowed_host(old_site, path):
    content = fetch_file(old_site + path, limit=100_000, private_hosts=HOSTS)
    assert content == picture()


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/missing.jpg", "answered 404"),
        ("/away", "localhost is not a public address"),
        ("/file", "redirection|answered 302|not allowed|unknown"),
    ],
)
def test_what_cannot_be_fetched_says_why(old_site, path, reason):
    with pytest.raises(FileRefused, match=reason):
        fetch_file(old_site + path, limit=100_000, private_hosts=HOSTS)


def test_a_file_that_is_too_large_is_not_read_on(old_site):
    with pytest.raises(FileRefused, match="larger"):
        fetch_file(old_site + "/sea.jpg", limit=500, private_hosts=HOSTS)


def test_a_server_that_takes_too_long_is_left(old_site, monkeypatch):
    monkeypatch.setattr(download, "DEADLINE", -1)
    with pytest.raises(FileRefused, match="too slow"):
        fetch_file(old_site + "/sea.jpg", limit=100_000, private_hosts=HOSTS)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/hostname",
        "ftp://old.example/a.jpg",
        "javascript:alert(1)",
        "http:///a.jpg",
        "http://[::1",
        "",
    ],
)
def test_only_http_addresses_are_fetched(url):
    with pytest.raises(FileRefused):
        fetch_file(url, limit=1_000)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "10.0.0.1",
        "192.168.1.1",
        "169.254.169.254",
        "::1",
        "::ffff:127.0.0.1",
        "0.0.0.0",
    ],
)
def test_private_addresses_are_refused_whatever_the_name(monkeypatch, address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    found = [(family, socket.SOCK_STREAM, 6, "", (address, 80))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *arguments, **options: found)
    with pytest.raises(FileRefused, match="not a public address"):
        fetch_file("http://images.example/a.jpg", limit=1_000)


@pytest.mark.django_db
def test_media_is_downloaded_from_the_old_site(bring, old_site, monkeypatch):
    monkeypatch.setattr(download, "PAUSE", 0)
    sea = SEA.replace(f"{URL}/2020/01/sea.jpg", f"{old_site}/sea.jpg")
    refused = bring(POST, sea, download_media=True)
    assert refused.remarks["media file skipped: 127.0.0.1 is not a public address"] == 1
    report = bring(POST, sea, download_media=True, private_hosts=HOSTS)
    assert report.outcomes["media"]["new"] == 1
    assert MediaFile.objects.get().image_width == 640


@pytest.mark.django_db
def test_the_old_sites_own_host_is_no_exception(bring, old_site, tmp_path):
    """An export says itself where it comes from, so that is no reason to trust it."""
    path = tmp_path / "local.xml"
    local = wxr.export(POST, SEA).replace(b"https://old.example", old_site.encode())
    path.write_bytes(local)
    report = Importer(path, download_media=True).run()
    assert report.remarks["media file skipped: 127.0.0.1 is not a public address"] == 2
