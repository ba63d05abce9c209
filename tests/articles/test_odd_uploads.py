"""Hostile and odd uploads: each ends in the library as it should, or is refused with a sentence."""

import io
import struct
import zipfile
import zlib

import pillow_heif
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageDraw
from PIL.PngImagePlugin import PngInfo

from articles.upload_limits import MAX_BYTES, MAX_PIXELS
from articles.uploads import verify_upload
from tests import documents

SECRET = "35.4437N somebody's garden"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"
HTML = b"<!doctype html><script>alert(1)</script>"


def drawn(size=(60, 40), mode="RGB"):
    """A picture whose upper left quarter is red, so that its position can be told."""
    image = Image.new("RGB", size, "white")
    ImageDraw.Draw(image).rectangle((0, 0, size[0] // 2 - 1, size[1] // 2 - 1), fill="red")
    return image.convert(mode)


def encoded(image=None, form="PNG", **options):
    target = io.BytesIO()
    (image or drawn()).save(target, form, **options)
    return target.getvalue()


def oriented(orientation, form="JPEG"):
    """A picture that is upright once it is turned as its EXIF says."""
    turns = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    image = drawn().transpose(turns[orientation]) if orientation > 1 else drawn()
    exif = Image.Exif()
    exif[0x0112] = orientation
    return encoded(image, form, exif=exif)


def moving(form, times=(40, 300, 1200), **options):
    frames = [Image.new("RGB", (30, 20), colour) for colour in ("red", "green", "blue")]
    return encoded(
        frames[0], form, save_all=True, append_images=frames[1:], duration=list(times), **options
    )


def heic(**options):
    target = io.BytesIO()
    pillow_heif.from_pillow(drawn((128, 96)), **options).save(target, quality=50)
    return target.getvalue()


def located(form="JPEG"):
    exif = Image.Exif()
    exif[0x010E] = SECRET
    exif.get_ifd(0x8825)[1] = "N"
    return encoded(form=form, exif=exif)


def png_claiming(width, height):
    def chunk(name, body):
        checksum = struct.pack(">I", zlib.crc32(name + body))
        return struct.pack(">I", len(body)) + name + body + checksum

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + chunks


def zipped(**parts):
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return target.getvalue()


def noted():
    """A PNG with texts in its chunks."""
    info = PngInfo()
    info.add_text("Comment", SECRET)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{SECRET}</x>")
    return encoded(pnginfo=info)


def check_of(file, **expected):
    file.seek(0)
    image = Image.open(file)
    assert {name: getattr(image, name) for name in expected} == expected


def stays(**expected):
    return lambda file: check_of(file, **expected)


def is_upright(file):
    file.seek(0)
    image = Image.open(file).convert("RGB")
    assert image.width > image.height
    red, green, blue = image.getpixel((image.width // 8, image.height // 8))
    assert red > 200 and green < 90 and blue < 90
    assert not image.getexif()


def tells_nothing(file):
    assert SECRET.encode() not in file.read()


def keeps_times(file):
    file.seek(0)
    image = Image.open(file)
    times = []
    for frame in range(image.n_frames):
        image.seek(frame)
        image.load()
        times.append(image.info["duration"])
    assert times == [40, 300, 1200]


def is_transparent(file):
    file.seek(0)
    assert Image.open(file).convert("RGBA").getpixel((1, 1))[3] == 0


def has_name(file):
    assert len(file.name.encode()) < 220
    assert file.name.isprintable() and not file.name.startswith((".", "-"))
    assert not {"/", "\\", "\0", "\u202e"} & set(file.name)


def named(start):
    def check(file):
        has_name(file)
        assert file.name.startswith(start)

    return check


def is_document(file):
    assert not file.is_image


clear = Image.new("P", (8, 8), 0)
clear.putpalette([255, 0, 0, 0, 255, 0])

ACCEPTED = {
    **{f"EXIF orientation {n}": ("a.jpg", oriented(n), is_upright) for n in range(1, 9)},
    "orientation in WebP": ("a.webp", oriented(6, "WEBP"), is_upright),
    "orientation in PNG": ("a.png", oriented(8, "PNG"), is_upright),
    "a place in EXIF": ("a.jpg", located(), tells_nothing),
    "a place in WebP": ("a.webp", located("WEBP"), tells_nothing),
    "texts in PNG chunks": ("a.png", noted(), tells_nothing),
    "a JPEG with a script behind": ("a.jpg", encoded(form="JPEG") + HTML, stays(format="JPEG")),
    "a JPEG that is a ZIP": ("a.jpg", encoded(form="JPEG") + zipped(a=""), stays(format="JPEG")),
    "a GIF that is a script": ("a.gif", encoded(form="GIF") + b"*/=alert(1)", stays(format="PNG")),
    "a PNG called JPEG": ("a.jpg", encoded(), named("a-")),
    "a PNG called text": ("a.txt", encoded(), stays(format="PNG")),
    "no extension": ("a", encoded(), stays(format="PNG")),
    "a double extension": ("a.php.png", encoded(), has_name),
    "one pixel": ("a.png", encoded(drawn((2, 2))), stays(size=(2, 2))),
    "very tall": ("a.jpg", encoded(Image.new("RGB", (1, 65_500)), "JPEG"), stays(size=(1, 65_500))),
    "very wide": ("a.png", encoded(Image.new("1", (65_500, 1))), stays(size=(65_500, 1))),
    "CMYK": ("a.jpg", encoded(drawn(mode="CMYK"), "JPEG"), stays(mode="RGB")),
    "16 bits": ("a.png", encoded(Image.new("I;16", (9, 9), 32_768)), stays(mode="L")),
    "one bit": ("a.png", encoded(drawn(mode="1")), stays(format="PNG")),
    "grey with transparency": ("a.png", encoded(Image.new("LA", (9, 9), 0)), is_transparent),
    "a palette with transparency": ("a.png", encoded(clear, transparency=0), is_transparent),
    "a GIF with transparency": ("a.gif", encoded(clear, "GIF", transparency=0), is_transparent),
    "an animated GIF": ("a.gif", moving("GIF"), keeps_times),
    "an animated WebP": ("a.webp", moving("WEBP"), keeps_times),
    "an animated PNG": ("a.png", moving("PNG"), keeps_times),
    "progressive JPEG": ("a.jpg", encoded(form="JPEG", progressive=True), stays(format="JPEG")),
    "HEIC": ("IMG_2041.HEIC", heic(), stays(format="JPEG", size=(128, 96))),
    "HEIC called JPEG": ("a.jpg", heic(), stays(format="JPEG")),
    "AVIF": ("a.avif", encoded(form="AVIF"), stays(format="WEBP")),
    "a name of 300 characters": ("港" * 300 + ".png", encoded(), has_name),
    "a name of rare characters": ("𠮷" * 200 + ".png", encoded(), has_name),
    "a name in NFD": ("ガス.png", encoded(), named("ガス-")),
    "a name that turns round": ("cod\u202egnp.exe.png", encoded(), has_name),
    "a name with NUL": ("a\0b.png", encoded(), has_name),
    "a name that climbs": ("../../etc/passwd.png", encoded(), named("passwd-")),
    "a name of dots": ("....png", encoded(), has_name),
    "no name": ("", encoded(), named("file-")),
    "PDF": ("報告.pdf", documents.pdf(), is_document),
    "PDF that needs no password to read": ("a.pdf", documents.pdf(password=""), is_document),
    "docx": ("a.docx", documents.office("docx"), is_document),
    "pptx": ("a.pptx", documents.office("pptx"), is_document),
    "mp4": ("a.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0moov", is_document),
    "mp3": ("a.mp3", b"ID3\x04\0\0\0\0\0\x04TIT2\xff\xfb\x90", is_document),
    "a ZIP of tables": ("a.zip", zipped(**{"表/a.CSV": "x", "__MACOSX/._a": "x"}), is_document),
    "a table in Shift JIS": ("a.csv", "朝,夕".encode("cp932"), is_document),
}  # fmt: skip

jpeg = encoded(drawn((600, 400)), "JPEG")
REFUSED = {
    "empty": ("a.jpg", b"", "empty"),
    "empty text": ("a.txt", b"", "empty"),
    "too long": ("a.jpg", b"x" * (MAX_BYTES + 1), "too_large"),
    "too many pixels": ("a.png", png_claiming(8_000, 5_001), "too_many_pixels"),
    "a bomb": ("a.png", png_claiming(60_000, 60_000), "too_many_pixels"),
    "a cut JPEG": ("a.jpg", jpeg[: len(jpeg) // 2], "not_an_image"),
    "a cut PNG": ("a.png", encoded(drawn((600, 400)))[:300], "not_an_image"),
    "a cut HEIC": ("a.heic", heic()[:400], "not_an_image"),
    "SVG": ("a.svg", SVG, "not_accepted"),
    "SVG called PNG": ("a.png", SVG, "not_accepted"),
    "HTML called JPEG": ("a.jpg", HTML, "not_accepted"),
    "HTML called PDF": ("a.pdf", HTML, "not_accepted"),
    "a TIFF of several pages": (
        "a.tiff",
        encoded(form="TIFF", save_all=True, append_images=[drawn()]),
        "not_accepted",
    ),
    "a broken PDF": ("a.pdf", b"%PDF-1.7 ...", "damaged"),
    "a cut PDF": ("a.pdf", documents.pdf(pages=9)[:300], "damaged"),
    "a PDF without pages": ("a.pdf", documents.pdf(pages=0), "damaged"),
    "a PDF with a password": ("a.pdf", documents.pdf(password="x"), "locked"),
    "a PDF with a script": ("a.pdf", documents.pdf(script="app.alert(1)"), "program"),
    "xlsm": ("a.xlsm", documents.office("xlsx", "xl/vbaProject.bin"), "not_accepted"),
    "xlsm called xlsx": (
        "a.xlsx",
        documents.office("xlsx", main="application/vnd.ms-excel.sheet.macroEnabled.main+xml"),
        "program",
    ),
    "macros in docx": ("a.docx", documents.office("docx", "word/vbaProject.bin"), "program"),
    "ActiveX in docx": ("a.docx", documents.office("docx", "word/activeX/activeX1.bin"), "program"),
    "docx called xlsx": ("a.xlsx", documents.office("docx"), "not_accepted"),
    "a ZIP called docx": ("a.docx", zipped(a="x"), "not_accepted"),
    "entities in docx": (
        "a.docx",
        documents.office("docx", declaration='<!DOCTYPE x [<!ENTITY a "b">]>'),
        "not_accepted",
    ),
    "a ZIP with a program": ("a.zip", zipped(**{"a.csv": "x", "a.exe": "x"}), "not_accepted"),
    "a ZIP that climbs": ("a.zip", zipped(**{"../a.csv": "x"}), "not_accepted"),
    "a ZIP in a ZIP": ("a.zip", zipped(**{"a.zip": "x"}), "not_accepted"),
    "a ZIP of nothing": ("a.zip", zipped(), "not_accepted"),
    "a cut ZIP": ("a.zip", zipped(**{"a.csv": "x" * 99})[:80], "not_accepted"),
    "no ZIP at all": ("a.docx", b"PK\x03\x04 not a zip", "not_accepted"),
    "a program": ("a.exe", b"MZ\x90\0", "not_accepted"),
    "a film without an index": ("a.mp4", b"\0\0\0\x18ftypmp42\0\0\0\0mdat", "not_accepted"),
    "a song with tags": ("a.mp3", b"ID3\x04\0\0\0\0\0\x10TIT2", "not_accepted"),
    "a film called a song": ("a.mp3", b"\0\0\0\x18ftypmp42\0\0\0\0moov", "not_accepted"),
    "text with NUL": ("a.csv", b"a\0b", "not_accepted"),
    "a picture of another kind": ("a.bmp", encoded(form="BMP"), "not_accepted"),
}


def upload(name, content):
    file = SimpleUploadedFile("x", content)
    file._name = name  # Django's own class would clean it
    return file


@pytest.mark.parametrize("case", ACCEPTED)
def test_an_odd_file_ends_as_it_should(case):
    name, content, check = ACCEPTED[case]
    check(verify_upload(upload(name, content)))


@pytest.mark.parametrize("case", REFUSED)
def test_a_hostile_file_is_refused_with_a_sentence(case):
    name, content, code = REFUSED[case]
    with pytest.raises(ValidationError) as refusal:
        verify_upload(upload(name, content))
    assert refusal.value.code == code
    assert refusal.value.messages[0].endswith((".", "。"))


def test_what_hangs_on_a_picture_is_not_stored():
    file = verify_upload(upload("a.jpg", encoded(form="JPEG") + HTML))
    assert b"script" not in file.read()


def test_a_document_that_would_fill_a_disk_is_refused(monkeypatch):
    monkeypatch.setattr("articles.documents.MOST_UNPACKED", 1_000_000)
    with pytest.raises(ValidationError) as refusal:
        verify_upload(upload("a.docx", documents.office("docx", fill=2_000_000)))
    assert refusal.value.code == "too_large"


def test_forty_megapixels_are_taken_and_not_one_more(monkeypatch):
    assert MAX_PIXELS == 40_000_000
    monkeypatch.setattr("articles.uploads.MAX_PIXELS", 2_400)
    assert verify_upload(upload("a.png", encoded(drawn((60, 40))))).is_image
    with pytest.raises(ValidationError):
        verify_upload(upload("a.png", encoded(drawn((61, 40)))))


def test_a_damaged_document_is_no_entry_of_the_log(caplog):
    with pytest.raises(ValidationError):
        verify_upload(upload("a.pdf", documents.pdf(pages=9)[:300]))
    assert caplog.records == []


def test_there_are_sixty_of_them():
    assert len(ACCEPTED) + len(REFUSED) >= 60
