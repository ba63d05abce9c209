"""The media library in a browser: dropped files, and the file that is open beside the grid."""

import base64

import pytest
from playwright.sync_api import expect

from articles.models import MediaFile
from tests import pictures, staff

LIST = "/admin/articles/mediafile/"
DROP = """(element, files) => {
  const data = new DataTransfer()
  for (const [name, content] of files) {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
    data.items.add(new File([bytes], name, { type: "image/jpeg" }))
  }
  for (const kind of ["dragover", "drop"]) {
    const options = { dataTransfer: data, bubbles: true, cancelable: true }
    element.dispatchEvent(new DragEvent(kind, options))
  }
}"""


@pytest.fixture
def scripts():
    return True


def encode(file):
    return base64.b64encode(file.read()).decode()


@pytest.mark.slow
def test_five_files_are_dropped_at_once_and_described_together(page, let_in, faults):
    let_in(page, staff.writer())
    page.goto(LIST)
    sent = [(f"港{number}.jpg", pictures.picture(size=(60, 40))) for number in range(4)]
    files = [(name, encode(file)) for name, file in sent]
    files.append(("悪い.jpg", base64.b64encode(b"no picture").decode()))
    page.locator(".desk__body").evaluate(DROP, files)
    rows = page.locator(".new-files__rows > .new-file")
    expect(rows.locator("[name=new]")).to_have_count(4)
    expect(page.locator(".new-file--refused")).to_contain_text("悪い.jpg")
    page.locator("[name=same-copyright]").fill("港湾新報 梶")
    expect(rows.locator("[name$=copyright]").last).to_have_value("港湾新報 梶")
    rows.locator("[name$=image_alt_text]").first.fill("霧の桟橋")
    page.get_by_role("button", name="写真庫に入れる").click()
    expect(page.locator(".messages")).to_contain_text("4件")
    expect(page.locator(".tile")).to_have_count(4)
    assert set(MediaFile.objects.values_list("copyright", flat=True)) == {"港湾新報 梶"}
    assert MediaFile.objects.filter(image_alt_text="霧の桟橋").count() == 1
    page.locator(".intake").evaluate("form => { form.dataset.bytes = 10 }")
    page.locator(".desk__body").evaluate(DROP, files[:1])
    expect(page.locator(".new-file--refused")).to_contain_text("25.0")
    assert MediaFile.objects.count() == 4
    faults[:] = [fault for fault in faults if "mediafile/send" not in fault]


@pytest.mark.slow
def test_the_open_file_saves_its_texts_and_its_focal_point(page, let_in):
    file = pictures.in_library(upload=pictures.picture(size=(240, 160)))
    let_in(page, staff.writer())
    page.goto(f"{LIST}?open={file.pk}")
    saved = page.locator(".detail__saved")
    page.locator(".detail [name=image_alt_text]").fill("灰色の船")
    expect(saved).to_contain_text("保存")
    picture = page.locator(".focus")
    box = picture.bounding_box()
    with page.expect_response(lambda answer: "/texts/" in answer.url):
        picture.click(position={"x": box["width"] / 4, "y": box["height"] / 2})
    with page.expect_response(lambda answer: "/texts/" in answer.url):
        page.keyboard.press("ArrowRight")
    file.refresh_from_db()
    assert (file.image_alt_text, file.image_ppoi) == ("灰色の船", "0.260x0.500")
    page.locator(".detail__more--crop summary").click()
    expect(page.locator(".focus__cut")).not_to_have_attribute("d", "")
    page.locator(".detail__head").scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.move(box["x"] + 2, box["y"] + 2)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.up()
    right = page.locator(".detail__sides [name=right]")
    assert float(right.input_value()) == pytest.approx(50, abs=1)
