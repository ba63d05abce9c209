"""The media library in the admin: uploads, folders, the picker, and what protects a file."""

import pytest
from cabinet.models import Folder
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from articles.models import MediaFile
from tests import documents, factories, staff
from tests.pictures import in_library, picture
from tests.reading import parsed, unbroken

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/articles/mediafile/"
SVG = b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"


@pytest.fixture
def folder():
    return Folder.objects.create(name="港")


def drop(browser, folder, file):
    """Drop a file onto the list."""
    form = {"folder": folder.pk if folder else "", "file": file}
    headers = {"accept": "application/json"}
    return browser.post(reverse("admin:articles_mediafile_send"), form, headers=headers)


def add(browser, folder, **fields):
    return browser.post(f"{LIST}add/", {"folder": folder.pk, "image_ppoi": "0.5x0.5", **fields})


def names(answer):
    return [file.file_name for file in answer.context["cl"].result_list]


def test_a_dropped_picture_enters_the_open_folder(writer, folder):
    answer = drop(writer, folder, picture("霧.jpg"))
    file = MediaFile.objects.get()
    assert answer.json()["id"] == file.pk
    assert f'name="file-{file.pk}-caption"' in answer.json()["html"]
    assert file.folder == folder
    assert file.versions.get().user == writer.user
    assert file.is_image


@pytest.mark.parametrize("name", ["a.svg", "a.png", "a.html"])
def test_a_dropped_file_that_can_run_is_refused_with_a_sentence(editor, folder, name):
    answer = drop(editor, folder, SimpleUploadedFile(name, SVG))
    assert answer.status_code == 400
    assert "PDF" in answer.json()["errors"][0]
    assert not MediaFile.objects.exists()


def test_the_form_refuses_a_bad_picture_beside_its_field(editor, folder):
    answer = add(editor, folder, image_file=SimpleUploadedFile("a.png", SVG))
    assert answer.status_code == 200
    assert list(answer.context["adminform"].form.errors) == ["image_file"]
    assert not MediaFile.objects.exists()


def test_the_form_asks_for_a_file(editor, folder):
    answer = add(editor, folder)
    assert list(answer.context["adminform"].form.errors) == ["__all__"]


def test_the_form_begins_in_the_folder_of_the_newest_file(editor, folder):
    def chosen():
        return editor.get(f"{LIST}add/").context["adminform"].form["folder"].value()

    assert chosen() == folder.pk
    newer = Folder.objects.create(name="駅")
    in_library("駅.jpg", folder=newer)
    assert chosen() == newer.pk


def test_the_form_takes_a_picture_with_its_texts(editor, folder):
    answer = add(
        editor,
        folder,
        image_file=picture(),
        image_alt_text="朝の桟橋",
        caption="出航前。",
        copyright="港湾新報",
    )
    assert answer.status_code == 302
    file = MediaFile.objects.get()
    assert (file.image_alt_text, file.copyright) == ("朝の桟橋", "港湾新報")


def test_the_form_takes_a_document(editor, folder):
    add(editor, folder, download_file=SimpleUploadedFile("a.pdf", documents.pdf()))
    assert MediaFile.objects.get().download_type == "pdf"


def test_texts_are_changed_without_touching_the_picture(writer):
    file = in_library()
    stored = file.image_file.name
    fields = {"folder": file.folder_id, "image_ppoi": "0.2x0.3", "image_alt_text": "新しい説明"}
    answer = writer.post(f"{LIST}{file.pk}/change/", fields)
    assert answer.status_code == 302
    file.refresh_from_db()
    assert (file.image_alt_text, file.image_ppoi) == ("新しい説明", "0.2x0.3")
    assert file.image_file.name == stored


def test_without_a_folder_the_newest_of_all_are_shown(editor):
    first, second = in_library(folder="港"), in_library(folder="海")
    assert names(editor.get(LIST)) == [second.file_name, first.file_name]
    in_folder = editor.get(LIST, {"folder__id__exact": first.folder_id})
    assert names(in_folder) == [first.file_name]


def test_files_are_found_by_their_texts(editor):
    file = in_library(image_alt_text="灯台")
    in_library(caption="桟橋")
    assert names(editor.get(LIST, {"q": "灯台"})) == [file.file_name]


def test_the_picker_hands_over_number_and_texts(editor):
    file = in_library(image_alt_text="灯台", caption="岬の灯台。")
    query = {"CKEditorFuncNum": "-1", "_popup": "1", "file_type": "image_file"}
    page = parsed(editor.get(LIST, query))
    link = page.xpath("//a[@data-ckeditor-function='-1']")[0]
    assert link.get("href") == file.image_file.url
    assert f'"id": {file.pk}' in link.get("data-ckeditor-data")
    assert not page.xpath("//a[@data-popup-opener]")


def test_a_choice_by_number_shows_its_picture(editor):
    file = in_library()
    answer = editor.get(f"{LIST}{file.pk}/thumbnail/")
    assert answer.url == file.image_file.row
    for forged in (999, "9" * 40):
        assert editor.get(f"{LIST}{forged}/thumbnail/").status_code == 404


def test_a_file_that_an_article_shows_is_not_deleted(editor):
    in_text, leading, free = in_library(), in_library(), in_library()
    factories.article(title="図の記事", body=f'<figure><img data-file="{in_text.pk}"></figure>')
    factories.article(title="冒頭の記事", lead_image=leading)
    for file in (in_text, leading, free):
        editor.post(f"{LIST}{file.pk}/delete/", {"post": "yes"})
    assert set(MediaFile.objects.all()) == {in_text, leading}
    for act in ("delete", "change"):
        page = editor.get(f"{LIST}{in_text.pk}/{act}/", follow=True)
        assert "図の記事" in unbroken(page)


def test_writers_delete_no_files_and_make_no_folders(writer):
    file = in_library()
    assert writer.post(f"{LIST}{file.pk}/delete/", {"post": "yes"}).status_code == 403
    assert writer.post(f"{LIST}folder/add/", {"name": "x"}).status_code == 403


def test_editors_make_folders_and_move_files(editor):
    file = in_library(folder="港")
    editor.post(f"{LIST}folder/add/", {"name": "保管", "parent": ""})
    archive = Folder.objects.get(name="保管")
    query = f"{LIST}folder/select/?files={file.pk}"
    editor.post(query, {"files": file.pk, "folder": archive.pk})
    file.refresh_from_db()
    assert file.folder == archive


def test_moderators_stay_out():
    moderator = staff.browser_of(staff.moderator())
    file = in_library()
    assert moderator.get(LIST).status_code == 403
    assert moderator.get(f"{LIST}{file.pk}/thumbnail/").status_code == 403
    assert drop(moderator, file.folder, picture()).status_code == 403
