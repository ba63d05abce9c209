"""Files that enter the library: sent, described together, told from those that are there."""

import pytest
from cabinet.models import Folder
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import MediaFile
from tests import documents, factories
from tests.articles.test_picture_texts import UTF_8, with_iptc
from tests.pictures import in_library, picture
from tests.reading import parsed

pytestmark = [pytest.mark.django_db, pytest.mark.once]
LIST = "/admin/articles/mediafile/"
SMALL = (60, 40)


def send(browser, *files, **fields):
    return browser.post(f"{LIST}send/", {"file": [*files], **fields})


def messages(answer):
    return [str(message) for message in answer.context["messages"]]


def test_several_files_are_sent_at_once_without_a_script_and_described(writer):
    files = [picture(f"{name}.jpg", size=SMALL) for name in ("霧", "朝", "船")]
    answer = send(writer, *files)
    page = writer.get(answer.url)
    keys = sorted(MediaFile.objects.values_list("pk", flat=True))
    assert page.context["new_files"] and len(keys) == 3
    assert [int(key) for key in parsed(page).xpath("//input[@name='new']/@value")] == keys
    first, second, third = keys
    fields = {
        "new": keys,
        f"file-{first}-image_alt_text": "霧の桟橋",
        f"file-{second}-copyright": "瀬凪市",
        "same-copyright": "港湾新報 梶",
        "same-licence": "own",
    }
    answer = writer.post(f"{LIST}describe/", fields, follow=True)
    assert messages(answer) == ["3件を写真庫に入れました。"]
    rows = MediaFile.objects.in_bulk()
    assert rows[first].image_alt_text == "霧の桟橋"
    assert [rows[key].copyright for key in keys] == ["港湾新報 梶", "瀬凪市", "港湾新報 梶"]
    assert {row.licence for row in rows.values()} == {"own"}


def test_the_first_file_makes_a_folder(writer):
    send(writer, picture(size=SMALL))
    assert MediaFile.objects.get().folder == Folder.objects.get()


def test_folders_are_chosen_for_all_or_one_by_one(writer):
    harbour, archive = Folder.objects.create(name="港"), Folder.objects.create(name="保管")
    send(writer, picture(size=SMALL), picture(size=SMALL), folder=harbour.pk)
    first, second = MediaFile.objects.order_by("pk")
    assert {first.folder, second.folder} == {harbour}
    fields = {"new": [first.pk, second.pk], f"file-{first.pk}-folder": archive.pk}
    writer.post(f"{LIST}describe/", fields)
    first.refresh_from_db()
    assert first.folder == archive


def test_a_file_that_is_there_already_is_told_with_a_link(writer):
    content = picture(size=SMALL).read()
    send(writer, SimpleUploadedFile("a.jpg", content))
    answer = send(writer, SimpleUploadedFile("b.jpg", content))
    file = MediaFile.objects.get()
    page = writer.get(answer.url)
    [link] = parsed(page).xpath("//li[contains(@class, 'messages__message')]//a/@href")
    assert link.endswith(f"?open={file.pk}")


def test_a_refused_file_lets_the_others_in_and_its_name_is_no_html(writer):
    bad = SimpleUploadedFile("<b>悪い.svg", b"<svg/>")
    answer = send(writer, bad, picture(size=SMALL))
    assert MediaFile.objects.count() == 1
    [message] = messages(writer.get(answer.url))
    assert "PDF" in message
    form, headers = {"file": bad}, {"accept": "application/json"}
    answer = writer.post(f"{LIST}send/", form, headers=headers)
    assert answer.status_code == 400
    assert "<b>" not in answer.json()["errors"][0]


def test_nothing_sent_is_told(writer):
    assert send(writer).status_code == 302
    answer = writer.post(f"{LIST}send/", headers={"accept": "application/json"})
    assert answer.status_code == 400


def test_what_one_has_just_sent_can_be_taken_back(writer, editor):
    send(writer, picture(size=SMALL))
    other, used = in_library(), None
    own = MediaFile.objects.order_by("pk").first()
    writer.post(f"{LIST}describe/", {"new": [own.pk, other.pk], "discard": "1"})
    assert set(MediaFile.objects.all()) == {other}
    send(writer, picture(size=SMALL))
    used = MediaFile.objects.order_by("pk").last()
    factories.article(lead_image=used)
    writer.post(f"{LIST}describe/", {"new": [used.pk], "discard": "1"})
    assert MediaFile.objects.filter(pk=used.pk).exists()


def test_a_picture_brings_its_texts(writer):
    content = with_iptc(UTF_8, (2, 120, "霧の朝。".encode()), (2, 116, "港湾新報".encode()))
    send(writer, SimpleUploadedFile("a.jpg", content))
    file = MediaFile.objects.get()
    assert (file.caption, file.copyright) == ("霧の朝。", "港湾新報")


def test_a_document_enters_too(writer):
    send(writer, SimpleUploadedFile("報告.pdf", documents.pdf()))
    file = MediaFile.objects.get()
    page = writer.get(f"{LIST}?new={file.pk}")
    assert not parsed(page).xpath(f"//input[@name='file-{file.pk}-image_alt_text']")


@pytest.mark.parametrize("new", ["x", "9" * 40, "1,,2", "-1"])
def test_no_number_in_the_address_breaks_the_list(writer, new):
    assert writer.get(f"{LIST}?new={new}").status_code == 200
    assert writer.get(f"{LIST}?open={new}").status_code == 200


def test_the_next_page_is_of_this_site(writer):
    answer = send(writer, picture(size=SMALL), next="https://elsewhere.example/")
    assert answer.url.startswith(LIST)
