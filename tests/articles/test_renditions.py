"""The renditions of pictures."""

import io
import re
import time

import pytest
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from lxml import html
from PIL import Image

from articles import renditions
from articles.body import stored
from articles.body.page import build_page_body
from articles.models import MediaFile
from articles.pictures import lead_image, row_image
from tests import documents
from tests.pictures import in_library, picture

pytestmark = pytest.mark.once


def widths(srcset):
    return [int(part.split()[1].removesuffix("w")) for part in srcset.split(", ")]


def addresses(srcset):
    return [part.split()[0] for part in srcset.split(", ")]


def opened(file, address):
    storage = file.image_file.storage
    with storage.open(address.removeprefix(storage.base_url)) as stored:
        image = Image.open(io.BytesIO(stored.read()))
    image.load()
    return image


def parts(shown):
    """Return the source and the image of a picture."""
    picture = html.fromstring(shown)
    return *picture.xpath("//source"), *picture.xpath("//img")


def of_size(*size, **options):
    return in_library(upload=picture(size=size, **options))


def halves(*colours, size=(1600, 1000), mode="RGB"):
    """An upload whose left half has one colour and whose right half has another."""
    image = Image.new(mode, size, colours[0])
    image.paste(colours[1], (size[0] // 2, 0, *size))
    target = io.BytesIO()
    image.save(target, "PNG")
    return SimpleUploadedFile("halves.png", target.getvalue())


@pytest.mark.parametrize("form", ["avif", "webp"])
def test_every_width_named_is_the_width_of_its_file(db, form):
    file = of_size(1500, 1000)
    srcset = file.build_srcset(form)
    assert widths(srcset) == [480, 720, 960, 1440]
    for address, width in zip(addresses(srcset), widths(srcset), strict=True):
        image = opened(file, address)
        assert image.format == form.upper()
        assert image.width == width
        assert image.height == round(width * 2 / 3)


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        ((300, 200), [300]),
        ((480, 320), [480]),
        ((500, 300), [480, 500]),
        ((1000, 800), [480, 720, 960, 1000]),
        ((4000, 500), [480, 720, 960, 1440]),
        ((600, 4800), [240, 360, 480, 600]),
    ],
)
def test_a_small_picture_is_not_enlarged_and_a_tall_one_stays_bounded(db, size, expected):
    file = of_size(*size)
    assert widths(file.build_srcset("webp")) == expected
    assert [
        opened(file, address).width for address in addresses(file.build_srcset("webp"))
    ] == expected


def test_without_avif_the_rest_is_delivered(db, monkeypatch):
    rest = {name: form for name, form in renditions.FORMATS.items() if "avif" not in name}
    monkeypatch.setattr("articles.models.media_file.FORMATS", rest)
    field = MediaFile._meta.get_field("image_file")
    monkeypatch.setattr(type(field), "formats", rest)
    file = of_size(700, 500)
    for shown in (
        lead_image(file, sizes="100vw", **{"class": "a"}),
        row_image(file, **{"class": "a"}),
        stored.render_body(f'<figure><img data-file="{file.pk}"></figure>'),
    ):
        assert "avif" not in shown
        assert ".webp" in shown


class TestInPages:
    def test_the_lead_image_offers_avif_then_webp_and_says_its_size(self, db):
        file = of_size(1500, 1000)
        source, image = parts(lead_image(file, sizes="100vw", **{"class": "lead"}))
        assert source.get("type") == "image/avif"
        assert source.get("srcset") == file.build_srcset("avif")
        assert source.get("sizes") == image.get("sizes") == "100vw"
        assert image.get("srcset") == file.build_srcset("webp")
        assert image.get("src").endswith(".jpg")
        assert (image.get("width"), image.get("height")) == ("1500", "1000")
        assert image.get("fetchpriority") == "high"
        assert image.get("loading") is None

    def test_a_picture_in_the_text_is_lazy_and_keeps_what_follows_it(self, db):
        file = of_size(900, 600)
        text = build_page_body(
            stored.render_body(
                f'<figure><img data-file="{file.pk}"><figcaption>岸</figcaption></figure>'
                f'<p>前<img data-file="{file.pk}">後</p>'
            )
        ).html
        assert "</source>" not in text
        shown = html.fromstring(text)
        sources, images = shown.xpath("//picture//source"), shown.xpath("//picture//img")
        assert len(sources) == len(images) == 2
        for source, image in zip(sources, images, strict=True):
            assert image.get("loading") == "lazy"
            assert image.get("srcset") == file.build_srcset("webp")
            assert source.get("srcset") == file.build_srcset("avif")
        assert shown.xpath("//figure/*[2]")[0].text == "岸"
        assert shown.xpath("string(//p)") == "前後"

    def test_a_row_shows_the_small_one(self, db):
        file = of_size(900, 600)
        source, image = parts(row_image(file, **{"class": "row__image"}))
        assert (image.get("width"), image.get("height")) == ("300", "200")
        assert image.get("loading") == "lazy"
        assert opened(file, source.get("srcset")).size == (300, 200)
        assert opened(file, image.get("src")).size == (300, 200)

    def test_showing_touches_no_disk_and_asks_nothing(self, db, monkeypatch):
        file = of_size(900, 600)
        file = MediaFile.objects.get(pk=file.pk)
        for name in ("_open", "_save", "exists", "size", "listdir"):
            monkeypatch.setattr(FileSystemStorage, name, None)
        assert lead_image(file, sizes="100vw", **{"class": "a"})
        assert row_image(file, **{"class": "a"})
        assert file.social_card


class TestCard:
    def test_it_is_cut_around_the_focal_point(self, db):
        file = in_library(upload=halves("red", "blue", size=(3000, 1000)))
        for point, colour in (("0.1x0.5", "red"), ("0.9x0.5", "blue")):
            file.image_ppoi = point
            file.save()
            card = MediaFile.objects.get(pk=file.pk).social_card
            assert (card.width, card.height) == (1200, 630)
            image = opened(file, card.url)
            assert (image.format, image.size) == ("JPEG", (1200, 630))
            red, _green, blue = image.getpixel((600, 315))
            assert (red > blue) == (colour == "red")

    def test_of_a_smaller_picture_it_is_as_large_as_can_be(self, db):
        file = of_size(800, 600)
        card = file.social_card
        assert (card.width, card.height) == opened(file, card.url).size == (800, 420)

    @pytest.mark.parametrize("size", [(599, 600), (2000, 300)])
    def test_there_is_none_where_it_would_be_a_stamp(self, db, size):
        assert of_size(*size).social_card is None

    def test_a_document_has_none(self, db):
        document = in_library(upload=SimpleUploadedFile("a.pdf", documents.pdf()))
        assert document.social_card is None


def test_what_is_transparent_stays_so_and_is_white_as_jpeg(db):
    file = in_library(upload=halves((0, 0, 0, 0), (255, 0, 0, 255), mode="RGBA"))
    for form in ("avif", "webp"):
        assert opened(file, addresses(file.build_srcset(form))[0]).getpixel((10, 10))[3] == 0
    red, green, blue = opened(file, file.image_file.w960).getpixel((10, 10))
    assert min(red, green, blue) > 250


@pytest.mark.parametrize(
    ("form", "mode"), [("PNG", "P"), ("PNG", "1"), ("JPEG", "L"), ("PNG", "LA")]
)
def test_every_kind_of_picture_has_all_forms(db, form, mode):
    file = in_library(upload=picture(f"a.{form.lower()}", form=form, mode=mode))
    for address in [
        *addresses(file.build_srcset("avif")),
        file.image_file.row,
        file.image_file.w960,
    ]:
        assert opened(file, address).width


def test_another_quality_has_another_name(db, monkeypatch):
    file = of_size(900, 600)
    before = file.image_file.row
    monkeypatch.setitem(renditions.ENCODERS["webp"], "quality", 30)
    assert MediaFile.objects.get(pk=file.pk).image_file.row != before


def test_a_large_photograph_is_ready_in_a_moment(db):
    image = Image.effect_noise((1000, 750), 60).resize((4000, 3000)).convert("RGB")
    target = io.BytesIO()
    image.save(target, "JPEG", quality=90)
    begun = time.process_time()
    in_library(upload=SimpleUploadedFile("large.jpg", target.getvalue()))
    assert time.process_time() - begun < 3


def test_the_command_makes_what_is_missing(db, capfd):
    file = of_size(900, 600)
    storage = file.image_file.storage
    name = file.image_file.row.removeprefix(storage.base_url)
    storage.delete(name)
    call_command("process_imagefields", "--all", "--no-parallel")
    assert storage.exists(name)
    assert re.search(r"1/1", capfd.readouterr().out)


def test_with_a_picture_go_all_its_forms(db, django_capture_on_commit_callbacks):
    file = of_size(900, 600)
    storage = file.image_file.storage
    names = [
        address.removeprefix(storage.base_url)
        for address in [
            *addresses(file.build_srcset("avif")),
            file.image_file.row,
            file.social_card.url,
        ]
    ]
    assert all(storage.exists(name) for name in names)
    with django_capture_on_commit_callbacks(execute=True):
        file.delete()
    assert not any(storage.exists(name) for name in names)
