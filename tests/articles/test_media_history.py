"""The history of files in the library: what changes, who changed it, and how it comes back."""

import hashlib
import io
from contextlib import suppress

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, OperationalError, transaction
from PIL import Image, ImageChops, ImageStat

from articles.file_contents import NewContent
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


def test_with_a_file_go_its_history_and_what_it_kept(django_capture_on_commit_callbacks):
    file = in_library(upload=small())
    replace(file, small("b.jpg"))
    kept = file.versions.get(act="replaced").content
    assert kept.storage.exists(kept.name)
    with django_capture_on_commit_callbacks(execute=True):
        file.delete()
    assert not MediaVersion.objects.exists()
    assert not kept.storage.exists(kept.name)


def test_a_deletion_that_fails_leaves_the_storage_as_it_was(django_capture_on_commit_callbacks):
    file = in_library(upload=small())
    replace(file, small("b.jpg"))
    kept = file.versions.get(act="replaced").content
    current = file.image_file.name
    with (
        django_capture_on_commit_callbacks(execute=True),
        suppress(DatabaseError),
        transaction.atomic(),
    ):
        MediaFile.objects.get().delete()
        raise DatabaseError("disk full")
    assert MediaFile.objects.exists()
    assert kept.storage.exists(kept.name)
    assert kept.storage.exists(current)


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


class TestWhileOthersRead:
    """Readers get the old content or the new one, never none."""

    @pytest.fixture
    def deleted(self, monkeypatch):
        """The names that are deleted from the storage."""
        names, delete = [], FileSystemStorage.delete

        def note(storage, name):
            names.append(name)
            delete(storage, name)

        monkeypatch.setattr(FileSystemStorage, "delete", note)
        return names

    def test_nothing_is_deleted_while_a_file_is_replaced(self, deleted):
        file = in_library(upload=picture(size=(700, 460)))
        replace(file, picture("other.jpg", size=(300, 200)))
        document = in_library(upload=SimpleUploadedFile("a.pdf", documents.pdf()))
        replace(document, SimpleUploadedFile("b.pdf", documents.pdf(pages=2)))
        assert deleted == []

    def test_two_replacements_at_once_leave_one_file_and_keep_the_other(self):
        pk = in_library(upload=small()).pk
        original = read(MediaFile.objects.get(pk=pk).image_file.name)
        names = MediaFile.image_file.field.storage.listdir("cabinet")
        first, last = (MediaFile.objects.get(pk=pk) for _ in "ab")
        first.file, last.file = small("a.jpg"), picture("b.jpg", size=(60, 90))
        render, contents = NewContent.render, []

        def save_first(new, *args):
            render(new, *args)
            if not contents:  # the other one is saved between rendering and writing
                contents.append(None)
                first.save()
                contents.append(read(first.image_file.name))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(NewContent, "render", save_first)
            last.save()
        file = MediaFile.objects.get(pk=pk)
        assert (file.image_width, file.image_height) == (60, 90)
        content = read(file.image_file.name)
        assert file.digest == hashlib.sha256(content).hexdigest()
        assert MediaFile.image_file.field.storage.listdir("cabinet") == names
        kept = [version.content.read() for version in file.versions.filter(act="replaced")]
        assert kept == [contents[1], original]

    def test_a_focal_point_that_is_moved_shows_the_content_of_a_colleague(self, monkeypatch):
        pk = in_library(upload=picture(size=(400, 200))).pk
        mover, replacer = (MediaFile.objects.get(pk=pk) for _ in "ab")
        mover.image_ppoi = "0.9x0.5"
        replacer.file = picture("b.jpg", size=(400, 210))
        lock = MediaFile._take_newest

        def replace_first(file):
            monkeypatch.setattr(MediaFile, "_take_newest", lock)
            replacer.save()
            return lock(file)

        monkeypatch.setattr(MediaFile, "_take_newest", replace_first)
        mover.save()
        assert_rendered(MediaFile.objects.get(pk=pk), "0.9x0.5")

    def test_a_focal_point_that_was_moved_meanwhile_is_rendered(self):
        pk = in_library(upload=picture(size=(400, 200))).pk
        mover, replacer = (MediaFile.objects.get(pk=pk) for _ in "ab")
        mover.image_ppoi = "0.9x0.5"
        replacer.file = picture("b.jpg", size=(400, 210))
        render, calls = NewContent.render, []

        def move_first(new, *args):
            render(new, *args)
            calls.append(args)
            if len(calls) == 1:
                mover.save()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(NewContent, "render", move_first)
            replacer.save()
        assert_rendered(MediaFile.objects.get(pk=pk), "0.9x0.5")


ANOTHER_PLACE = 12  # of 255: what another cut of a random picture differs by, at least


def assert_rendered(file, focal_point):
    """Its renditions are those of a new file with the same content and this focal point."""
    assert file.image_ppoi == focal_point
    fresh = in_library(upload=SimpleUploadedFile("b.jpg", read(file.image_file.name)))
    fresh.image_ppoi = focal_point
    fresh.save()
    rows = (read(addresses(each)["row"].removeprefix("/media/")) for each in (file, fresh))
    row, same = (Image.open(io.BytesIO(content)).convert("RGB") for content in rows)
    difference = ImageStat.Stat(ImageChops.difference(row, same)).mean
    assert max(difference) < ANOTHER_PLACE  # the new file was compressed once more
