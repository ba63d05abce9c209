"""Pastes by Ctrl+V into the body, under the site's policy: what they say is what is saved."""

import re
from functools import partial
from pathlib import Path

import pytest
from playwright.sync_api import expect

from articles.body.stored import sanitize_body
from articles.web.html import parse_html, serialize_html
from tests import factories, pictures, staff
from tests.browser.waiting import NEXT_FRAME

PASTES = sorted((Path(__file__).parent / "pastes").glob("*.html"))
EDITOR_ONLY = {  # lists of Word, footnotes, checkboxes, and where a caption is
    *("word-bullets", "word-japanese-numbers", "word-numbered-list-with-start"),
    *("word-roman-numbers", "word-three-levels", "word-two-lists-in-a-row"),
    *("word-endnotes", "word-footnotes", "word-local-link-and-bookmark", "gdocs-footnote"),
    *("gutenberg-footnotes", "web-notes-of-an-encyclopedia", "web-scripts-and-forms"),
    *("web-table-with-caption", "web-wp-caption", "gutenberg-embed"),
}
THIRD = PASTES[::3]  # of every program some
REST = [path for path in PASTES if path not in THIRD]
MARKS = {"strong", "em", "s", "sub", "sup", "code", "cite", "ruby"}
BODY = "\n<!-- body -->\n"
COPY = """([type, text]) => document.addEventListener("copy", (event) => {
  event.clipboardData.setData(type, text)
  event.preventDefault()
  event.stopImmediatePropagation()
}, { once: true, capture: true })"""


@pytest.fixture
def scripts():
    """The admin needs JavaScript."""
    return True


@pytest.fixture
def write(page, let_in):
    """Return a function that pastes a text with the keyboard and returns the field's value."""
    let_in(page, staff.editor())
    page.goto("/admin/articles/article/add/")
    expect(page.locator(".prose-menubar")).to_be_visible()
    return partial(paste, page)


def paste(page, text, *, kind="text/html"):
    page.locator(".tiptap").focus()
    page.keyboard.press("Control+A")
    page.keyboard.press("Delete")
    page.evaluate(COPY, [kind, text])
    page.keyboard.press("Control+C")
    page.keyboard.press("Control+V")
    return page.locator("#id_body").input_value()


def tidy(html):
    """Return HTML without the paragraphs that the editor puts into cells and items."""
    html = re.sub(
        r' (?:colspan|rowspan)="1"| class="figure(?:-caption)?"| data-type="\w[\w-]*"', "", html
    )
    html = re.sub(r"<(li|td|th|dd)([^>]*)><p>((?:(?!</?p>).)*)</p>", r"<\1\2>\3", html)
    return re.sub(r"<p></p>|<figcaption></figcaption>", "", html)


def strip_pictures(html):
    """Return HTML without the pictures that are not in the library, which saving leaves out."""
    root = parse_html(html)
    for figure in root.xpath(".//figure[.//img]"):
        figure.drop_tree()
    return serialize_html(root)


@pytest.mark.parametrize(
    "pastes", [THIRD, pytest.param(REST, marks=pytest.mark.slow)], ids=["third", "rest"]
)
def test_a_paste_says_in_the_body_what_it_said_before(write, pastes):
    wrong = {}
    for path in pastes:
        source, _marker, expected = path.read_text().partition(BODY)
        value = write(source)
        if tidy(value) != expected.strip():
            wrong[path.stem] = tidy(value)
        kept = tidy(serialize_html(parse_html(strip_pictures(value))))
        if tidy(sanitize_body(value)) != kept:
            wrong[f"{path.stem}, saved"] = tidy(sanitize_body(value))
    assert len(PASTES) >= 60
    assert wrong == {}


def list_texts(html):
    """Return [text, elements that emphasize or link it] of a body, without white space."""
    texts = []

    def add(text, marks):
        text = "".join((text or "").split())
        if text and texts and texts[-1][1] == marks:
            texts[-1][0] += text
        elif text:
            texts.append([text, marks])

    def walk(element, marks):
        add(element.text, marks)
        for child in element:
            tag = "code" if child.tag == "pre" else child.tag
            inner = MARKS & {tag} | {child.get("href")} - {None}
            if child.tag != "img":
                walk(child, marks | inner)
            add(child.tail, marks)

    walk(parse_html(strip_pictures(html)), frozenset())
    return texts


@pytest.mark.django_db
def test_the_server_reads_html_from_elsewhere_as_the_editor_does():
    wrong = {}
    for path in PASTES:
        source, _marker, expected = path.read_text().partition(BODY)
        saved, pasted = list_texts(sanitize_body(source)), list_texts(expected)
        if path.stem not in EDITOR_ONLY and saved != pasted:
            wrong[path.stem] = saved, pasted
    assert wrong == {}


PLAIN = {
    "一行目\n二行目\n\n次の段落\n": "<p>一行目<br>二行目</p><p>次の段落</p>",
    "一\r\n \r\n\r\n二": "<p>一</p><p>二</p>",
    "2**3**4 と *x* と `y` と ~~z~~": "<p>2**3**4 と *x* と `y` と ~~z~~</p>",
    "案は https://a.example.jp/p?utm_source=x。": (
        '<p>案は <a href="https://a.example.jp/p">https://a.example.jp/p?utm_source=x</a>。</p>'
    ),
    "main.py と example.com": "<p>main.py と example.com</p>",
    "<b>そのまま</b>": "<p>&lt;b&gt;そのまま&lt;/b&gt;</p>",
}


@pytest.mark.slow
def test_plain_text_keeps_its_lines_and_signs(write):
    assert {text: write(text, kind="text/plain") for text in PLAIN} == PLAIN


@pytest.mark.slow
def test_an_address_pasted_onto_words_becomes_their_link(page, write):
    write("<p>市の計画</p>")
    page.keyboard.press("Control+A")
    page.evaluate(COPY, ["text/plain", "https://city.example.jp/plan?fbclid=1"])
    page.keyboard.press("Control+C")
    page.keyboard.press("Control+V")
    expected = '<p><a href="https://city.example.jp/plan">市の計画</a></p>'
    assert page.locator("#id_body").input_value() == expected


@pytest.mark.slow
def test_a_copy_of_an_article_keeps_its_pictures(page, write):
    """The page of an article and the editor itself are sources of pastes too."""
    picture = pictures.in_library(image_alt_text="桟橋", caption="船", copyright="港湾新報")
    figure = f'<figure><img data-file="{picture.pk}"><figcaption>朝</figcaption></figure>'
    article = factories.article(body=f"<p>霧。</p>{figure}<p>晴れ。</p>")
    page.goto(article.get_absolute_url())
    text = page.locator(".article__body")
    text.evaluate("element => getSelection().selectAllChildren(element)")
    page.keyboard.press("Control+C")
    page.goto("/admin/articles/article/add/")
    page.locator(".tiptap").focus()
    page.keyboard.press("Control+V")
    expect(page.locator(".tiptap figure img")).to_have_attribute("data-file", str(picture.pk))
    first = page.locator("#id_body").input_value()
    assert sanitize_body(first).startswith("<p>霧。</p><figure><img")
    assert "<figcaption>朝</figcaption>" in sanitize_body(first)
    assert "港湾新報" not in first
    page.keyboard.press("Control+A")
    page.keyboard.press("Control+C")
    page.locator(".tiptap > p").last.click()
    page.keyboard.press("End")
    page.evaluate(NEXT_FRAME)
    page.keyboard.press("Control+V")
    copied = sanitize_body(page.locator("#id_body").input_value())
    assert copied.count(f'data-file="{picture.pk}"') == 2


@pytest.mark.slow
def test_ruby_is_written_with_its_button(page, write):
    write("<p>艀</p>")
    page.keyboard.press("Control+A")
    page.locator(".prose-menubar__button[data-name=ruby]").click()
    dialog = page.locator(".prose-editor-dialog")
    expect(dialog.locator("input[name=base]")).to_have_value("艀")
    dialog.locator("input[name=reading]").fill("はしけ")
    dialog.locator("button[type=submit]").click()
    expect(page.locator(".tiptap ruby rt")).to_have_text("はしけ")
    body = sanitize_body(page.locator("#id_body").input_value())
    assert body == "<p><ruby>艀<rp>（</rp><rt>はしけ</rt><rp>）</rp></ruby></p>"


@pytest.mark.slow
def test_a_second_text_with_footnotes_continues_their_numbers(page, write):
    source = (Path(__file__).parent / "pastes" / "word-footnotes.html").read_text()
    write(source.partition(BODY)[0])
    page.keyboard.press("Control+End")
    page.evaluate(COPY, ["text/html", source.partition(BODY)[0]])
    page.keyboard.press("Control+C")
    page.keyboard.press("Control+V")
    body = sanitize_body(page.locator("#id_body").input_value())
    assert [f'id="note-{number}"' in body for number in range(1, 6)] == [True] * 4 + [False]


def test_the_dialog_of_a_link_completes_finds_and_refuses(page, write):
    article = factories.article(title="灯台の百年")
    write("<p>灯台</p>")

    def link(text):
        page.keyboard.press("Control+A")
        page.keyboard.press("Control+K")
        page.locator(".prose-editor-dialog input[name=href]").fill(text)

    link("example.com/a")
    page.locator(".prose-editor-dialog button[type=submit]").click()
    body = page.locator("#id_body")
    expect(body).to_have_value('<p><a href="https://example.com/a">灯台</a></p>')
    link("灯台")
    option = page.locator(".prose-editor-dialog option")
    expect(option).to_have_text("灯台の百年")
    page.locator(".prose-editor-dialog button[type=submit]").click()
    field = page.locator(".prose-editor-dialog input[name=href]")
    expect(field).to_be_visible()
    assert "アドレスではありません" in field.evaluate("field => field.validationMessage")
    field.fill(option.get_attribute("value"))
    page.locator(".prose-editor-dialog button[type=submit]").click()
    assert article.get_absolute_url() in body.input_value()


def test_a_cell_takes_no_table_of_its_own(page, write):
    write("<p>前</p><table><tr><td>一</td><td>二</td></tr></table>")
    button = page.locator(".prose-menubar__button[data-name=table]")
    page.locator(".tiptap > p").first.click()
    expect(button).not_to_have_class(re.compile("disabled"))
    page.locator(".tiptap td").first.click()
    expect(button).to_have_class(re.compile("disabled"))
    button.click()
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.locator(".tiptap > p").first.click()
    button.click()
    expect(page.locator("dialog[open]")).to_be_visible()
