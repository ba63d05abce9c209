"""One file of the library: its texts, its edits, its uses, and who may change it."""

import pytest
from cabinet.models import Folder
from django.utils import timezone

from articles.models import ArticleChange, MediaFile, WorkingCopy
from tests import factories, staff
from tests.pictures import in_library, picture
from tests.reading import parsed, unbroken

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/articles/mediafile/"
MOVE = "/admin/articles/mediafile/folder/select/"
JSON = {"accept": "application/json"}


@pytest.fixture
def file():
    return in_library(upload=picture(size=(120, 80)), image_alt_text="灯台")


def fields(file, **changes):
    return {
        "image_alt_text": file.image_alt_text,
        "caption": file.caption,
        "copyright": file.copyright,
        "licence": file.licence,
        "folder": file.folder_id,
        "x": 50,
        "y": 50,
        **changes,
    }


def edit(browser, row, verb, **more):
    return browser.post(f"{LIST}{row.pk}/edit/", {"verb": verb, **more}, follow=True)


def test_texts_are_saved_as_one_types_in_ones_name(writer, file):
    data = fields(file, caption="岬の\n灯台", x=20, y=70)
    answer = writer.post(f"{LIST}{file.pk}/texts/", data, headers=JSON)
    assert set(answer.json()) == {"saved"}
    file.refresh_from_db()
    assert (file.caption, file.image_ppoi) == ("岬の 灯台", "0.200x0.700")
    assert file.versions.first().user == writer.user


def test_two_people_who_change_other_fields_overwrite_nothing(writer, editor, file):
    editor.post(f"{LIST}{file.pk}/texts/", fields(file, copyright="港湾局"), headers=JSON)
    data = fields(file, caption="岬", only=["caption"])
    assert writer.post(f"{LIST}{file.pk}/texts/", data, headers=JSON).status_code == 200
    file.refresh_from_db()
    assert (file.caption, file.copyright) == ("岬", "港湾局")


def test_a_wrong_value_is_refused_with_a_sentence(writer, file):
    data = fields(file, x=200, caption="x" * 1001)
    answer = writer.post(f"{LIST}{file.pk}/texts/", data, headers=JSON)
    assert answer.status_code == 400
    assert len(answer.json()["errors"]) == 2
    file.refresh_from_db()
    assert file.caption == ""


def test_without_a_script_the_list_comes_again(writer, file):
    data = fields(file, copyright="港湾局", next=f"{LIST}?kind=no_credit&open={file.pk}")
    answer = writer.post(f"{LIST}{file.pk}/texts/", data)
    assert answer.url == data["next"]


@pytest.mark.parametrize("status", ["published", "scheduled"])
def test_a_writer_changes_no_file_that_a_public_article_shows(writer, editor, file, status):
    article = factories.article(body=f'<figure><img data-file="{file.pk}"></figure>')
    if status == "scheduled":
        article.published_at = article.published_at.replace(year=2099)
        article.verb = "import"
        article.save()
    addresses = [f"{LIST}{file.pk}/texts/", f"{LIST}{file.pk}/edit/", f"{LIST}{file.pk}/credit/"]
    for address in addresses:
        assert writer.post(address, fields(file, verb="rotate", turn="left")).status_code == 403
    assert editor.post(addresses[0], fields(file, caption="新"), headers=JSON).status_code == 200
    writer.post(LIST, {"action": "set_credit", "_selected_action": file.pk, "copyright": "x"})
    file.refresh_from_db()
    assert (file.caption, file.copyright) == ("新", "")
    page = parsed(writer.get(f"{LIST}?open={file.pk}"))
    assert page.xpath("//fieldset[@disabled]") and page.xpath("//p[@class='detail__locked']")


def test_a_writer_moves_no_file_that_a_public_article_shows(writer, editor, file):
    own, former = in_library(upload=picture("own.jpg", size=(60, 40))), file.folder_id
    factories.article(lead_image=file)
    folder = Folder.objects.create(name="灯台")
    form = {"folder": folder.pk, "files": [file.pk, own.pk]}
    answer = writer.post(MOVE, form, follow=True)
    assert MediaFile.objects.get(pk=own.pk).folder == folder
    assert MediaFile.objects.get(pk=file.pk).folder_id == former
    assert any("1件は公開中の記事" in str(message) for message in answer.context["messages"])
    assert own.versions.first().user == writer.user
    assert own.versions.first().changes == {"folder_id": [former, folder.pk]}
    editor.post(MOVE, form | {"files": [file.pk]})
    assert MediaFile.objects.get(pk=file.pk).folder == folder


def test_a_move_to_no_folder_asks_again(writer, file):
    former = file.folder_id
    for files in ([file.pk], [file.pk, "x"], ["x"], []):
        form = {"folder": "", "files": files}
        assert writer.post(MOVE, form, follow=True).status_code == 200
    assert MediaFile.objects.get(pk=file.pk).folder_id == former


def test_a_file_of_a_draft_is_changed_by_its_writer(writer, file):
    factories.article(status="draft", published_at=None, lead_image=file)
    answer = writer.post(f"{LIST}{file.pk}/texts/", fields(file), headers=JSON)
    assert answer.status_code == 200


def test_it_is_cropped_rotated_replaced_and_restored(writer, file):
    edit(writer, file, "crop", left=0, top=0, right=50, bottom=100)
    edit(writer, file, "rotate", turn="right")
    edit(writer, file, "replace", file=picture("other.png", form="PNG", size=(90, 60)))
    changed = MediaFile.objects.get(pk=file.pk)
    assert (changed.image_width, changed.image_height) == (90, 60)
    assert changed.image_file.name == file.image_file.name
    acts = list(changed.versions.values_list("act", flat=True))
    assert acts == ["replaced", "rotated", "cropped", "added"]
    edit(writer, file, "restore", version=changed.versions.get(act="cropped").pk)
    changed.refresh_from_db()
    assert (changed.image_width, changed.image_height) == (120, 80)


@pytest.mark.parametrize(
    "data",
    [
        {"verb": "crop", "left": "nan", "top": 0, "right": 1, "bottom": 1},
        {"verb": "crop", "left": 90, "top": 0, "right": 10, "bottom": 100},
        {"verb": "crop"},
        {"verb": "rotate", "turn": "upside"},
        {"verb": "replace"},
        {"verb": "other"},
    ],
)
def test_what_cannot_be_done_is_told(writer, file, data):
    answer = writer.post(f"{LIST}{file.pk}/edit/", data, follow=True)
    [message] = answer.context["messages"]
    assert message.level_tag == "warning"
    assert file.versions.count() == 1


def test_the_file_from_before_is_sent_to_those_who_may_see_the_library(writer, file):
    edit(writer, file, "rotate", turn="left")
    version = file.versions.get(act="rotated")
    address = f"{LIST}{file.pk}/kept/{version.pk}/"
    assert b"".join(writer.get(address).streaming_content).startswith(b"\xff\xd8")
    assert staff.browser_of(staff.moderator()).get(address).status_code == 403
    assert writer.get(f"{LIST}{file.pk}/kept/{file.versions.last().pk}/").status_code == 404


def test_the_open_file_lists_where_it_is_used_and_who_changed_it(writer, file):
    factories.article(title="冒頭の記事", lead_image=file, status="draft", published_at=None)
    file.changed_by, file.caption = writer.user, "岬"
    file.save()
    page = unbroken(writer.get(f"{LIST}?open={file.pk}"))
    for text in ("冒頭の記事", "冒頭の画像", "記者", "説明を変更", "岬"):
        assert text in page


def test_filters_find_what_is_missing(editor, file):
    used = in_library(upload=picture(size=(60, 40)), copyright="港湾局")
    factories.article(lead_image=used)

    def found(kind):
        return set(editor.get(LIST, {"kind": kind}).context["cl"].result_list)

    assert found("no_alt") == {used}
    assert found("no_credit") == {file}
    assert found("used") == {used}
    assert found("unused") == {file}
    assert found("other") == {file, used}
    counts = editor.get(LIST).context["cl"].counts
    assert counts == {"": 2, "no_alt": 1, "no_credit": 1, "unused": 1, "used": 1}


def test_the_order_is_by_date_or_name(editor, file):
    other = in_library("a.jpg", upload=picture("a.jpg", size=(60, 40)))
    assert list(editor.get(LIST).context["cl"].result_list) == [other, file]
    by_name = editor.get(LIST, {"sort": "name"}).context["cl"].result_list
    assert list(by_name) == [other, file]


def test_credit_and_licence_are_set_for_many(editor, file):
    other = in_library(upload=picture(size=(60, 40)))
    chosen = {"_selected_action": [file.pk, other.pk]}
    asked = editor.post(LIST, {"action": "set_credit", **chosen})
    assert 'name="copyright"' in asked.content.decode()
    editor.post(LIST, {"action": "set_credit", **chosen, "copyright": "港湾新報"})
    editor.post(LIST, {"action": "set_licence", **chosen, "licence": "own"})
    rows = MediaFile.objects.values_list("copyright", "licence")
    assert set(rows) == {("港湾新報", "own")}
    assert file.versions.first().user == editor.user


def test_unused_files_are_deleted_after_a_question(editor, writer, file):
    used = in_library(upload=picture(size=(60, 40)))
    factories.article(lead_image=used)
    data = {"action": "delete_unused", "_selected_action": [file.pk, used.pk]}
    asked = editor.post(LIST, data).content.decode()
    assert "使用中の1件は残ります。" in asked
    assert MediaFile.objects.count() == 2
    writer.post(LIST, {**data, "sure": "True"})
    assert MediaFile.objects.count() == 2
    editor.post(LIST, {**data, "sure": "True"})
    assert set(MediaFile.objects.all()) == {used}


def test_a_file_of_a_draft_change_or_of_an_open_form_is_not_deleted(editor, file):
    shown = in_library(upload=picture(size=(60, 40)))
    article = factories.article()
    content = {"fields": {"body": f'<img data-file="{file.pk}">', "lead_image_id": None}}
    ArticleChange.objects.create(article=article, content=content)
    WorkingCopy.objects.create(
        user=editor.user, page="x", fields={"lead_image": [str(shown.pk)]}, saved_at=timezone.now()
    )
    chosen = {"_selected_action": [file.pk, shown.pk]}
    editor.post(LIST, {"action": "delete_unused", "sure": "True", **chosen})
    editor.post(f"{LIST}{file.pk}/delete/", {"post": "yes"})
    assert set(MediaFile.objects.all()) == {file, shown}
