"""The checks of uploads for the media library."""

import io
import struct
import zlib

import pytest
from cabinet.models import Folder
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from articles.models import MediaFile
from articles.upload_limits import MAX_BYTES
from articles.uploads import verify_download, verify_image, verify_upload
from tests import documents
from tests.pictures import picture

pytestmark = pytest.mark.once

SECRET = "35.4437N somebody's garden"


def opened(file):
    file.seek(0)
    image = Image.open(file)
    image.load()
    return image


def with_secrets(form, **options):
    """A picture that tells where it was taken, lying on its side."""
    exif = Image.Exif()
    exif[0x010E] = SECRET  # description
    exif[0x0112] = 6  # to be turned by 90 degrees
    exif.get_ifd(0x8825)[1] = "N"
    return picture(f"holiday.{form.lower()}", form=form, exif=exif, **options)


def png_of(width, height):
    """A PNG that claims a size and holds next to nothing."""

    def chunk(name, body):
        checksum = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return SimpleUploadedFile("huge.png", b"\x89PNG\r\n\x1a\n" + chunks)


def code_of(upload, check=verify_upload):
    with pytest.raises(ValidationError) as refusal:
        check(upload)
    assert refusal.value.messages[0].endswith((".", "。"))
    return refusal.value.code


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP", "AVIF"])
def test_a_picture_forgets_everything_but_itself_and_stands_upright(form):
    upload = with_secrets(form)
    assert SECRET.encode() in upload.read()
    file = verify_upload(upload)
    assert SECRET.encode() not in file.read()
    assert opened(file).size == (420, 640)
    assert not opened(file).getexif()


def test_a_jpeg_keeps_its_quality_and_loses_its_comment():
    upload = picture(comment=SECRET.encode(), quality=95)
    file = verify_upload(upload)
    assert SECRET.encode() not in file.read()
    assert opened(file).quantization == opened(upload).quantization


@pytest.mark.parametrize(
    ("form", "mode", "written"),
    [
        ("JPEG", "L", "JPEG"),
        ("JPEG", "CMYK", "JPEG"),
        ("PNG", "RGBA", "PNG"),
        ("PNG", "P", "PNG"),
        ("PNG", "1", "PNG"),
        ("GIF", "P", "PNG"),
        ("GIF", "L", "PNG"),
        ("WEBP", "RGBA", "WEBP"),
        ("AVIF", "RGB", "WEBP"),
    ],
)
def test_every_kind_of_picture_is_written_anew(form, mode, written):
    file = verify_upload(picture(form=form, mode=mode))
    assert file.is_image
    assert opened(file).format == written
    assert file.name.endswith(f".{written.lower()}")


def test_sixteen_bits_become_eight_without_turning_white():
    upload = io.BytesIO()
    Image.new("I;16", (40, 40), 128 * 256).save(upload, "PNG")
    file = verify_upload(SimpleUploadedFile("scan.png", upload.getvalue()))
    assert opened(file).getpixel((5, 5)) == 128


def test_an_animation_stays_one():
    frames = [Image.effect_noise((60, 40), sigma) for sigma in (20, 60, 90)]
    target = io.BytesIO()
    frames[0].save(target, "GIF", save_all=True, append_images=frames[1:])
    file = verify_upload(SimpleUploadedFile("moving.gif", target.getvalue()))
    assert opened(file).n_frames == 3


@pytest.mark.parametrize("size", [(9_000, 6_000), (60_000, 60_000)])
def test_a_bomb_is_refused_before_it_is_unpacked(size):
    assert code_of(png_of(*size)) == "too_many_pixels"


def test_the_frames_of_an_animation_count_together():
    frame = Image.new("P", (3_000, 3_000))
    others = [Image.new("P", (3_000, 3_000), number) for number in range(1, 6)]
    target = io.BytesIO()
    frame.save(target, "GIF", save_all=True, append_images=others)
    assert code_of(SimpleUploadedFile("bomb.gif", target.getvalue())) == "too_many_pixels"


def test_too_many_bytes_are_refused():
    assert code_of(SimpleUploadedFile("a.jpg", b"x" * (MAX_BYTES + 1))) == "too_large"


def test_a_damaged_picture_is_refused():
    whole = picture().read()
    assert code_of(SimpleUploadedFile("a.jpg", whole[: len(whole) // 2])) == "not_an_image"


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"),
        ("a.html", b"<!doctype html><script>alert(1)</script>"),
        ("a.jpg", b"<!doctype html><script>alert(1)</script>"),
        ("a.pdf", b"<!doctype html><script>alert(1)</script>"),
        ("a.exe", b"MZ\x90\0"),
        ("a.csv", b"a\0b"),
        ("a.docx", b"PK\x03\x04 not a zip"),
        ("a", b"text"),
    ],
)
def test_what_is_not_what_it_says_or_can_run_is_refused(name, content):
    assert code_of(SimpleUploadedFile(name, content)) == "not_accepted"


def test_a_document_with_macros_is_refused():
    content = documents.office("docx", "word/vbaProject.bin")
    assert code_of(SimpleUploadedFile("a.docx", content)) == "program"


@pytest.mark.parametrize(
    "upload",
    [
        SimpleUploadedFile("報告.pdf", documents.pdf()),
        SimpleUploadedFile("a.txt", "朝".encode()),
        SimpleUploadedFile("a.csv", "朝,夕".encode("cp932")),
        SimpleUploadedFile("a.xlsx", documents.office("xlsx")),
    ],
)
def test_documents_pass_as_downloads(upload):
    file = verify_upload(upload)
    assert not file.is_image
    assert file.name.partition("-")[0] == upload.name.partition(".")[0]


def test_a_place_for_pictures_takes_no_documents_and_the_other_way_round():
    document = SimpleUploadedFile("a.pdf", documents.pdf())
    assert code_of(document, check=verify_image) == "not_an_image"
    assert code_of(picture(), check=verify_download) == "not_accepted"


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.png", "港" * 200 + ".png", "....png", "a\0b.png"]
)
def test_any_name_becomes_one_that_every_disk_takes(name):
    upload = picture("x.png", form="PNG")
    upload._name = name
    file = verify_upload(upload)
    assert len(file.name.encode()) < 220
    assert "/" not in file.name and "\0" not in file.name and not file.name.startswith(".")


def test_another_content_has_another_name():
    assert verify_upload(picture()).name != verify_upload(picture()).name


@pytest.fixture
def folder(db):
    return Folder.objects.create(name="港")


def test_a_file_of_the_library_is_verified_whatever_way_it_came(folder):
    file = MediaFile(folder=folder, image_file=with_secrets("JPEG"))
    file.save()
    with file.image_file.open() as stored:
        assert SECRET.encode() not in stored.read()
    assert (file.image_width, file.image_height) == (420, 640)
    with pytest.raises(ValidationError):
        MediaFile(folder=folder, download_file=ContentFile(b"<html>", name="a.html")).save()


def test_a_file_assigned_finds_its_place(folder):
    image, document = MediaFile(folder=folder), MediaFile(folder=folder)
    image.file = picture()
    document.file = SimpleUploadedFile("a.pdf", documents.pdf())
    image.save()
    document.save()
    assert image.is_image and not document.is_image
    assert document.download_type == "pdf"


def test_saving_again_leaves_the_stored_file_alone(folder):
    file = MediaFile(folder=folder)
    file.file = picture()
    file.save()
    name = file.image_file.name
    again = MediaFile.objects.get(pk=file.pk)
    again.caption = "霧の朝"
    again.save()
    assert MediaFile.objects.get(pk=file.pk).image_file.name == name
