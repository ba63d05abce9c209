"""Pictures in the body: pasted and dropped as files, from elsewhere, with their texts."""

import base64

import pytest
from playwright.sync_api import expect

from articles.models import Article, MediaFile
from tests import factories, pictures, staff
from tests.articles.admin_forms import address

DROP = """(element, [content, name, kind]) => {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
  const data = new DataTransfer()
  data.items.add(new File([bytes], name, { type: "image/jpeg" }))
  const box = element.getBoundingClientRect()
  const place = { clientX: box.left + 20, clientY: box.top + 20 }
  const event = kind === "drop"
    ? new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true, ...place })
    : new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
  element.dispatchEvent(event)
}"""


@pytest.fixture
def scripts():
    """The admin needs JavaScript."""
    return True


@pytest.fixture
def draft(page, let_in):
    """The open form of a draft."""
    let_in(page, staff.editor())
    article = factories.article(status="draft", published_at=None, body="<p>霧。</p>")
    page.goto(address(article))
    expect(page.locator(".prose-menubar")).to_be_visible()
    return article


def send_file(page, kind, content=None):
    content = base64.b64encode(content or pictures.picture(size=(90, 60)).read()).decode()
    page.locator(".tiptap").evaluate(DROP, [content, "桟橋.jpg", kind])


def save(page, article):
    page.keyboard.press("Control+s")
    expect(page.locator(".messagelist .success")).to_be_visible()
    return Article.objects.get(pk=article.pk).body


@pytest.mark.slow
def test_a_file_is_uploaded_where_it_is_dropped_and_its_texts_are_asked(page, draft):
    pictures.stored_once()
    send_file(page, "drop")
    figure = page.locator(".tiptap figure")
    expect(figure.locator("img")).to_be_visible()
    file = MediaFile.objects.order_by("-pk").first()
    assert file.image_width == 90 and file.file_name.startswith("桟橋")
    expect(figure.locator(".figure-foot__missing")).to_have_text(["出典なし", "代替文なし"])
    figure.locator("button").click()
    dialog = page.locator(".prose-editor-dialog")
    dialog.locator("input[name=alt]").fill("霧の桟橋")
    dialog.locator("input[name=credit]").fill("港湾新報")
    dialog.locator("button[type=submit]").click()
    expect(figure.locator(".figure-foot")).to_contain_text("出典： 港湾新報")
    expect(figure.locator(".figure-foot__missing")).to_have_count(0)
    file.refresh_from_db()
    assert (file.copyright, file.image_alt_text) == ("港湾新報", "")
    assert f'<img alt="霧の桟橋" data-file="{file.pk}">' in save(page, draft)


DROP_TWO = """(element, content) => {
  const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0))
  const data = new DataTransfer()
  for (const name of ["甲.jpg", "乙.jpg"]) {
    data.items.add(new File([bytes], name, { type: "image/jpeg" }))
  }
  const box = element.querySelector("p").getBoundingClientRect()
  const place = { clientX: box.left + 20, clientY: box.top + box.height / 2 }
  const options = { dataTransfer: data, bubbles: true, cancelable: true, ...place }
  element.dispatchEvent(new DragEvent("drop", options))
}"""
ORDER = """(element) => [...element.querySelectorAll("figure")].map(
  (figure) => figure.textContent.match(/[甲乙]/)[0])"""


@pytest.mark.slow
def test_dropped_files_keep_their_order_and_split_no_sentence(page, draft):
    body = page.locator(".tiptap")
    body.click()
    page.keyboard.type("霧が港を包んだ。")
    words = body.locator("p").text_content()
    page.route("**/insert/", lambda route: None)  # the names stand there while they are sent
    content = base64.b64encode(pictures.picture(size=(90, 60)).read()).decode()
    body.evaluate(DROP_TWO, content)
    expect(body.locator("figure")).to_have_count(2)
    assert body.evaluate(ORDER) == ["甲", "乙"]
    expect(body.locator(":scope > p").filter(has_text=words)).to_have_count(1)


@pytest.mark.slow
def test_a_pasted_file_is_uploaded_and_a_refused_one_says_why(page, draft, faults):
    send_file(page, "paste")
    expect(page.locator(".tiptap figure img")).to_be_visible()
    send_file(page, "paste", b"no picture")
    expect(page.locator(".picture-elsewhere")).to_contain_text("桟橋.jpg")
    expect(page.locator(".picture-elsewhere")).to_contain_text("JPEG")
    assert MediaFile.objects.count() == 1
    faults.clear()


@pytest.mark.slow
def test_pictures_from_elsewhere_are_counted_taken_or_left_out(page, draft, faults):
    content = base64.b64encode(pictures.picture(size=(70, 50)).read()).decode()
    html = (
        f'<p>前</p><img src="data:image/jpeg;base64,{content}" alt="船">'
        '<img src="http://127.0.0.1:1/a.jpg">'
    )
    page.locator(".tiptap").focus()
    page.keyboard.press("Control+A")
    page.evaluate(
        """(html) => document.addEventListener("copy", (event) => {
          event.clipboardData.setData("text/html", html)
          event.preventDefault()
        }, { once: true, capture: true })""",
        html,
    )
    page.keyboard.press("Control+C")
    page.keyboard.press("Control+V")
    bar = page.locator(".elsewhere")
    expect(bar).to_contain_text("外部の画像が2点あります。")
    page.keyboard.press("Control+s")
    expect(page.locator(".field-body .errorlist")).to_contain_text("外部の画像が2点あります。")
    expect(page.locator(".field-elsewhere input")).to_have_count(2)
    bar.get_by_role("button", name="ライブラリーに取り込む").click()
    expect(bar).to_contain_text("外部の画像が1点あります。")
    expect(bar.locator(".elsewhere__said")).to_contain_text("127.0.0.1")
    bar.get_by_role("button", name="取り除く").click()
    expect(bar).to_be_hidden()
    file = MediaFile.objects.get()
    expected = f'<p>前</p><figure><img alt="船" data-file="{file.pk}"></figure>'
    assert save(page, draft) == expected
    faults.clear()


@pytest.mark.slow
def test_a_figure_is_seen_with_its_credit_and_its_own_text(page, draft):
    picture = pictures.in_library(image_alt_text="桟橋", caption="船が出る", copyright="港湾局")
    draft.body = f'<figure><img data-file="{picture.pk}"></figure><p>文。</p>'
    draft.save()
    page.goto(address(draft))
    foot = page.locator(".tiptap .figure-foot")
    expect(foot).to_contain_text("船が出る")
    expect(foot).to_contain_text("出典： 港湾局")
    expect(foot).to_contain_text("代替文： 桟橋")
    foot.locator("button").click()
    page.locator(".prose-editor-dialog input[name=alt]").fill("沖から見た桟橋")
    page.locator(".prose-editor-dialog button[type=submit]").click()
    expect(foot).to_contain_text("沖から見た桟橋")
    assert 'alt="沖から見た桟橋"' in save(page, draft)
    rendered = Article.objects.get(pk=draft.pk).rendered_body
    assert 'alt="沖から見た桟橋"' in rendered and "港湾局" in rendered
