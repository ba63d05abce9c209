"""The media library in a bucket of an S3-compatible service."""

import io
import re
from urllib.request import urlopen

import boto3
import pytest
from cabinet.models import Folder
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from moto.server import ThreadedMotoServer
from storages.backends.s3 import S3Storage

from articles.models import MediaFile
from newsroom.environment import parse_media_storage
from tests import documents, factories, staff
from tests.pictures import in_library, picture

BUCKET = "harbour"


@pytest.fixture(scope="module")
def service():
    """The host and port of an S3 service that keeps its objects in memory."""
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(service, settings, tmp_path):
    """An empty bucket, which is the site's storage."""
    url = f"s3+http://key:secret@{service}/{BUCKET}?region=eu-west-1"
    storage, settings.MEDIA_URL = parse_media_storage(url)
    settings.MEDIA_ROOT = tmp_path / "media"
    policy = settings.CONTENT_SECURITY_POLICY["DIRECTIVES"]
    policy = {**policy, "img-src": [*policy["img-src"], settings.MEDIA_URL]}
    settings.CONTENT_SECURITY_POLICY = {"DIRECTIVES": policy}
    settings.STORAGES = {**settings.STORAGES, "default": storage}
    options = {"endpoint_url": f"http://{service}", "region_name": "eu-west-1"}
    keys = {"aws_access_key_id": "key", "aws_secret_access_key": "secret"}
    bucket = boto3.resource("s3", **options, **keys).Bucket(BUCKET)
    bucket.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}, ACL="public-read")
    yield bucket
    bucket.objects.delete()
    bucket.delete()


def read(address):
    with urlopen(address) as answer:
        return answer.headers, answer.read()


@pytest.mark.once
@pytest.mark.django_db
def test_a_picture_is_uploaded_shown_and_deleted(
    bucket, service, django_capture_on_commit_callbacks
):
    folder = Folder.objects.create(name="港")
    editor = staff.browser_of(staff.editor())
    form = {"folder": folder.pk, "file": picture("霧.jpg")}
    assert editor.post(reverse("admin:articles_mediafile_send"), form).status_code == 302
    assert editor.get("/admin/articles/mediafile/").status_code == 200
    file = MediaFile.objects.get()
    names = {stored.key for stored in bucket.objects.all()}
    assert file.image_file.name in names
    assert len(names) > 3  # with the renditions
    article = factories.article(slug="ship", lead_image=file)
    answer = Client().get(article.get_absolute_url())
    address = f"http://{service}/{BUCKET}/"
    assert address in answer.headers["Content-Security-Policy"].split("img-src ")[1]
    shown = set(re.findall(rf"{re.escape(address)}[^\s\"]+", answer.content.decode()))
    assert len(shown) > 3
    assert "/media/" not in answer.content.decode()
    for picture_address in shown:
        headers, content = read(picture_address)
        assert content
        assert headers["Cache-Control"] == "public, max-age=3600"
        assert headers["Content-Type"].startswith("image/")
    article.delete()
    with django_capture_on_commit_callbacks(execute=True):
        file.delete()
    assert list(bucket.objects.all()) == []


@pytest.mark.once
@pytest.mark.django_db
def test_a_replaced_file_keeps_its_address_and_is_never_deleted(bucket, monkeypatch):
    file = in_library(upload=SimpleUploadedFile("a.pdf", documents.pdf()))
    monkeypatch.setattr(S3Storage, "delete", None)
    content = documents.pdf(pages=2)
    file.file = SimpleUploadedFile("b.pdf", content)
    file.save()
    stored = {each.key: each.get()["Body"].read() for each in bucket.objects.all()}
    assert stored.pop(file.download_file.name) == content
    assert [name.partition("/")[0] for name in stored] == ["kept"]


@pytest.mark.slow
@pytest.mark.once
@pytest.mark.django_db(transaction=True)
def test_a_backup_says_that_the_media_are_not_in_it(bucket, tmp_path):
    said = io.StringIO()
    call_command("backup", tmp_path / "backup", stdout=said)
    assert " 0 media." in said.getvalue()
    assert "copy the bucket" in said.getvalue()


def test_readers_may_reach_the_bucket_by_an_address_of_its_own():
    storage, url = parse_media_storage(
        "s3://k%2Fy:s%40cret@s3.example.net:9000/harbour?url=https://media.example.org/a/"
    )
    options = storage["OPTIONS"]
    assert url == "https://media.example.org/a/"
    assert (options["url_protocol"], options["custom_domain"]) == ("https:", "media.example.org/a")
    assert options["endpoint_url"] == "https://s3.example.net:9000"
    assert (options["access_key"], options["secret_key"]) == ("k/y", "s@cret")


def test_without_a_bucket_the_media_are_in_the_folder():
    storage, url = parse_media_storage("")
    assert storage["BACKEND"].endswith("FileSystemStorage")
    assert url == "/media/"


@pytest.mark.parametrize(
    "text",
    [
        "https://media.example.org",
        "s3://key:secret@host",
        "s3:///harbour",
        "s3://key:secret@host/harbour/folder",
        "s3://key:secret@host/harbour?acl=public",
        "s3://key:secret@host/harbour?url=media.example.org",
    ],
)
def test_a_wrong_address_is_refused_without_the_secret(text):
    with pytest.raises(ValueError) as refused:
        parse_media_storage(text)
    assert "key:secret" not in str(refused.value)
