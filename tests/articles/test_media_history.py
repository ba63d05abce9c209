"""The history of files in the library: what changes, who changed it, and how it comes back."""

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError
from PIL import Image

from articles.models import MediaFile, MediaVersion
from articles.renditions import FORMATS
from tests import documents, staff
from tests.pictures import in_library, picture

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def small(name="port.jpg", **options):
    return picture(name, size=(90, 60), **options)


def addresses(file):
    image = MediaFile.objects.get(pk=file.pk).image_file
    return {name: getattr(image, name) for name in FORMATS} | {"": image.url}


def read(name):
    with MediaFile.image_file.field.storage.open(name) as stored:
        return stored.read()


def replace(file, upload):
    file.file = upload
    file.save()
    return MediaFile.objects.get(pk=file.pk)


def test_a_replaced_picture_keeps_its_address_and_those_of_its_renditions():
    file = in_library(upload=picture(size=(700, 460)))
    before, content = addresses(file), read(file.image_file.name)
    row = read(before["row"].removeprefix("/media/"))
    replaced = replace(file, picture("other.jpg", size=(720, 400)))
    assert addresses(file) == before
    assert read(file.image_file.name) != content
    assert read(before["row"].removeprefix("/media/")) != row
    assert (replaced.image_width, replaced.image_height) == (720, 400)
    assert replaced.file_name == file.file_name


def test_a_smaller_picture_still_answers_under_the_addresses_of_the_larger():
    file = in_library(upload=picture(size=(700, 460)))
    before = addresses(file)
    replace(file, picture(size=(300, 200)))
    assert all(read(address.removeprefix("/media/")) for address in before.values() if address)


def test_another_format_is_converted_to_that_of_the_address():
    file = in_library(upload=small("a.jpg"))
    replace(file, small("b.png", form="PNG", mode="RGBA"))
    with MediaFile.image_file.field.storage.open(file.image_file.name) as stored:
        assert Image.open(stored).format == "JPEG"


def test_a_document_is_replaced_by_one_of_its_kind_only():
    file = in_library(upload=SimpleUploadedFile("a.pdf", documents.pdf()))
    replaced = replace(file, SimpleUploadedFile("b.pdf", documents.pdf(pages=2)))
    assert replaced.download_file.name == file.download_file.name
    for wrong in (SimpleUploadedFile("b.docx", documents.office("docx")), picture()):
        with pytest.raises(ValidationError):
            replace(MediaFile.objects.get(pk=file.pk), wrong)


def test_the_history_says_who_and_what_and_keeps_the_file():
    editor = staff.editor()
    file = in_library(upload=small(), caption="霧")
    content = read(file.image_file.name)
    file.changed_by = editor
    file.caption = "朝の霧"
    file.save()
    replace(file, small("b.jpg"))
    acts = [(version.act, version.user) for version in file.versions.all()]
    assert acts == [("replaced", editor), ("texts", editor), ("added", None)]
    replaced, texts, _added = file.versions.all()
    assert texts.changes == {"caption": ["霧", "朝の霧"]}
    assert replaced.content.read() == content


def test_texts_typed_one_after_the_other_are_one_entry():
    file = in_library(upload=small(), caption="")
    for caption in ("霧", "霧の", "霧の朝"):
        file.caption = caption
        file.save()
    [entry] = file.versions.filter(act="texts")
    assert entry.changes == {"caption": ["", "霧の朝"]}
    file.save()
    assert file.versions.count() == 2


def test_an_earlier_file_is_restored_and_the_present_one_kept():
    file = in_library(upload=small())
    first = read(file.image_file.name)
    replace(file, small("b.jpg"))
    second = read(file.image_file.name)
    file = MediaFile.objects.get(pk=file.pk)
    file.restore(file.versions.get(act="replaced"))
    assert read(file.image_file.name) == first
    newest = file.versions.first()
    assert newest.act == "restored"
    assert newest.content.read() == second


def test_a_crop_keeps_the_address_and_moves_the_focal_point():
    file = in_library(upload=picture(size=(400, 200)))
    file.image_ppoi = "0.75x0.5"
    file.crop((0.5, 0, 1, 1))
    file = MediaFile.objects.get(pk=file.pk)
    assert (file.image_width, file.image_height) == (200, 200)
    assert file.image_ppoi == "0.500x0.500"
    assert file.versions.first().act == "cropped"
    with pytest.raises(ValidationError):
        file.crop((0, 0, 0.01, 0.01))


def test_a_rotation_turns_the_focal_point_too():
    file = in_library(upload=picture(size=(400, 200)))
    file.image_ppoi = "0.25x0.1"
    file.rotate(90)
    file = MediaFile.objects.get(pk=file.pk)
    assert (file.image_width, file.image_height) == (200, 400)
    assert file.image_ppoi == "0.900x0.250"
    file.rotate(270)
    assert MediaFile.objects.get(pk=file.pk).image_ppoi == "0.250x0.100"


def test_with_a_file_go_its_history_and_what_it_kept():
    file = in_library(upload=small())
    replace(file, small("b.jpg"))
    kept = file.versions.get(act="replaced").content
    assert kept.storage.exists(kept.name)
    file.delete()
    assert not MediaVersion.objects.exists()
    assert not kept.storage.exists(kept.name)


def test_a_save_that_fails_leaves_the_storage_as_it_was(monkeypatch):
    file = in_library(upload=small())
    content, row = read(file.image_file.name), read(addresses(file)["row"].removeprefix("/media/"))
    names = MediaFile.image_file.field.storage.listdir("cabinet")

    def fail(*args, **kwargs):
        raise OperationalError("database is locked")

    monkeypatch.setattr(type(MediaVersion.objects.all()), "note", fail)
    monkeypatch.setattr(MediaVersion.objects, "note", fail, raising=False)
    with pytest.raises(OperationalError):
        replace(file, small("b.jpg"))
    assert read(file.image_file.name) == content
    assert read(addresses(file)["row"].removeprefix("/media/")) == row
    count = MediaFile.objects.count()
    with pytest.raises(OperationalError):
        in_library(upload=small())
    assert MediaFile.objects.count() == count
    assert MediaFile.image_file.field.storage.listdir("cabinet") == names


@pytest.mark.parametrize("is_rotated_first", [True, False])
def test_texts_and_a_rotation_at_the_same_time_lose_nothing(is_rotated_first):
    pk = in_library(upload=small()).pk
    writer, editor = (MediaFile.objects.get(pk=pk) for _ in "ab")
    writer.caption = "夜明けの港"
    acts = [lambda: editor.rotate(90), writer.save]
    for act in acts if is_rotated_first else acts[::-1]:
        act()
    stored = MediaFile.objects.get(pk=pk)
    assert stored.caption == "夜明けの港"
    assert (stored.image_width, stored.image_height) == (60, 90)
    assert stored.digest == editor.digest
    changed = {version.act: set(version.changes) for version in stored.versions.all()}
    assert changed["texts"] == {"caption"}
    assert "caption" not in changed["rotated"]


def test_a_text_that_two_change_is_that_of_the_last():
    pk = in_library(upload=small()).pk
    first, last = (MediaFile.objects.get(pk=pk) for _ in "ab")
    first.caption, last.caption = "一", "二"
    first.save()
    last.save()
    last.copyright = "写真部"
    last.save()
    assert MediaFile.objects.values_list("caption", "copyright").get() == ("二", "写真部")
