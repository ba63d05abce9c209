"""Pictures and files that texts name and no attachment of the export is."""

import io
import socketserver
import threading
import unicodedata
from http.server import BaseHTTPRequestHandler

import pytest
from PIL import Image

from articles import download
from articles.download import FileRefused, fetch_file
from articles.models import Article, MediaFile
from tests import documents
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.once

URL = "https://old.example/wp-content/uploads/2013/01"


def picture(width=600, shade=80):
    target = io.BytesIO()
    Image.new("RGB", (width, width * 2 // 3), (20, shade, 120)).save(target, "JPEG")
    return target.getvalue()


@pytest.fixture
def uploads(tmp_path):
    folder = tmp_path / "uploads"
    (folder / "2013/01").mkdir(parents=True)
    return folder


def put(folder, name, content):
    (folder / "2013/01" / name).write_bytes(content)


@pytest.mark.django_db
def test_files_without_an_attachment_come_from_the_folder(bring, uploads):
    put(uploads, "photo.jpg", picture())
    put(uploads, "photo-300x200.jpg", picture(300))
    put(uploads, "ftp.png", picture(200, 9))
    put(uploads, "doc.pdf", documents.pdf())
    post = wxr.item(
        10,
        wxr.meta("_thumbnail_id", 55),
        content=f'<a href="{URL}/photo.jpg"><img class="wp-image-55" src="{URL}/photo-300x200.jpg" '
        f'alt="港" /></a>\n\n文 <img src="{URL}/ftp.png" alt="置いた画像" />\n\n'
        f'PDFは<a href="{URL}/doc.pdf">こちら</a>と<a href="{URL}/gone.pdf">あちら</a>',
    )
    dry = bring(post, media_folder=uploads, dry_run=True)
    report = bring(post, media_folder=uploads)
    article = Article.objects.get()
    assert sorted(MediaFile.objects.values_list("image_width", flat=True), key=str) == [
        200,
        600,
        None,
    ]
    assert article.lead_image.image_width == 600
    assert article.body.count("<img data-file=") == 2
    assert article.body.count("https://old.example") == 1
    assert [(row.item, row.reason) for row in report.rows] == [
        ("gone.pdf", "media file skipped: not found"),
        ("記事 10", "file not in the media library: the link is as it was"),
    ]
    assert dry.rows == report.rows
    assert bring(post, media_folder=uploads).changed_nothing
    assert bring(post).changed_nothing


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("stored", "named"),
    [
        ("photo.jpg", f"{URL}/photo-scaled.jpg"),
        ("photo-scaled.jpg", f"{URL}/photo-1024x683.jpg"),
        ("photo-1024x683.jpg", f"{URL}/photo-300x200.jpg"),
        ("photo.jpg", "//old.example/wp-content/uploads/2013/01/photo.jpg"),
        ("photo.jpg", "/wp-content/uploads/2013/01/photo.jpg"),
        ("photo.jpg", "http://www.old.example/wp-content/uploads/2013/01/photo.jpg"),
        ("photo.jpg", "https://cdn.example/wp-content/uploads/2013/01/photo.jpg?w=300"),
        ("photo.jpg", "https://i0.wp.com/old.example/wp-content/uploads/2013/01/photo.jpg"),
        (unicodedata.normalize("NFD", "がぞう.jpg"), f"{URL}/がぞう.jpg"),
        ("がぞう.jpg", f"{URL}/{unicodedata.normalize('NFD', 'がぞう')}.jpg"),
        ("がぞう.jpg", f"{URL}/%E3%81%8C%E3%81%9E%E3%81%86.jpg"),
    ],
)
def test_a_picture_is_found_under_any_of_its_names(bring, uploads, stored, named):
    put(uploads, stored, picture())
    options = {"media_folder": uploads, "site_hosts": ("cdn.example",)}
    bring(wxr.item(1, content=f'<img src="{named}" alt="">'), **options)
    assert "<img data-file=" in Article.objects.get().body


@pytest.mark.django_db
def test_the_folder_may_be_one_above(bring, uploads):
    put(uploads, "photo.jpg", picture())
    bring(wxr.item(1, content=f'<img src="{URL}/photo.jpg">'), media_folder=uploads.parent)
    assert "<img data-file=" in Article.objects.get().body


@pytest.mark.django_db
def test_files_in_blocks_and_shortcodes_are_found_and_played(bring, uploads, client):
    put(uploads, "song.mp3", b"\xff\xfb\x90\x64" + bytes(417))
    put(uploads, "cover.jpg", picture())
    cover = f'<!-- wp:cover {{"url":"{URL}/cover.jpg"}} --><p>文</p><!-- /wp:cover -->'
    bring(
        wxr.item(1, content=f'[audio src="{URL}/song.mp3"]'),
        wxr.item(2, content=f'<audio controls src="{URL}/song.mp3"></audio>'),
        wxr.item(3, content=cover.replace("/", "\\/", 3)),
        media_folder=uploads,
    )
    assert MediaFile.objects.count() == 2
    for number in (1, 2):
        page = client.get(f"/articles/post-{number}/").content.decode()
        assert "<audio" in page
        assert "old.example" not in page.partition("</article>")[0]
    assert "<img data-file=" in Article.objects.get(slug="post-3").body


@pytest.mark.django_db
def test_a_featured_image_that_is_missing_is_told(bring):
    report = bring(wxr.item(1, wxr.meta("_thumbnail_id", 55)))
    assert report.remarks == {"featured image left out: not in the media library": 1}


@pytest.mark.django_db
def test_files_of_other_sites_stay_where_they_are(bring, uploads):
    put(uploads, "photo.jpg", picture())
    other = "https://other.example/wp-content/uploads/2013/01/photo.jpg"
    bring(wxr.item(1, content=f'<img src="{other}" alt="他">'), media_folder=uploads)
    assert not MediaFile.objects.exists()


CONTENT = bytes(range(256)) * 300


@pytest.fixture
def cutting_site():
    """A server that breaks off: yields its address; /whole, /ranges, /always, /flaky."""
    asked = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            place = self.headers.get("Range")
            asked.append((self.path, place))
            if self.path == "/flaky" and len(asked) < 3:
                self.send_error(503)
                return
            start = int(place[6:-1]) if place and self.path == "/ranges" else 0
            self.send_response(206 if start else 200)
            if start:
                end = f"{len(CONTENT) - 1}/{len(CONTENT)}"
                self.send_header("Content-Range", f"bytes {start}-{end}")
            self.send_header("Content-Length", str(len(CONTENT) - start))
            self.end_headers()
            whole = self.path in {"/whole", "/flaky"} or start > len(CONTENT) // 2
            self.wfile.write(
                CONTENT[start:] if whole else CONTENT[start:][: len(CONTENT) * 7 // 10]
            )

        def log_message(self, *arguments):
            """Says nothing."""

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Site) as server:
        thread = threading.Thread(target=server.serve_forever, args=[0.02], daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}", asked
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(("path", "times"), [("/whole", 1), ("/ranges", 2), ("/flaky", 3)])
def test_a_download_goes_on_where_it_broke(cutting_site, monkeypatch, path, times):
    monkeypatch.setattr(download, "PAUSE", 0)
    address, asked = cutting_site
    options = {"limit": 100_000, "private_hosts": {"127.0.0.1"}}
    assert fetch_file(address + path, attempts=3, **options) == CONTENT
    assert len(asked) == times


def test_a_download_that_never_ends_is_refused_after_three_attempts(cutting_site, monkeypatch):
    monkeypatch.setattr(download, "PAUSE", 0)
    address, asked = cutting_site
    with pytest.raises(FileRefused, match="broke off after 53760 of 76800 bytes"):
        fetch_file(address + "/always", limit=100_000, private_hosts={"127.0.0.1"}, attempts=3)
    assert len(asked) == 3
