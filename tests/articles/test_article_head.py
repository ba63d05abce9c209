"""The head of an article, and what its body shows in its own way: quotations, galleries."""

import pytest

from articles.body.stored import render_body
from articles.web.html import parse_html
from tests import factories
from tests.pictures import stored_once
from tests.reading import parts, read, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def article():
    return factories.article(title="修理船に二隻目", slug="ship")


def test_few_headings_need_no_table_of_contents(client):
    factories.article(slug="ship", body="<h2>海</h2><h2>人</h2><h2>港</h2><h2>費用</h2>")
    assert not parts(read(client, "/articles/ship/"), "article__contents-link")


def test_the_head_leads_to_the_newest_correction(client, article):
    article.correct(kind="correction", text="正しくは四千八百トンです。")
    page = read(client, "/articles/ship/")
    (link,) = parts(page, "article__noted")
    note = page.get_element_by_id(link.get("href").removeprefix("#"))
    assert "四千八百トン" in note.text_content()
    said = text(page.find(".//main"))
    assert said.index("本文。") < said.index("四千八百トン")


@pytest.mark.parametrize(
    ("last", "name", "who"),
    [
        ("— 檜垣澄人 甲板指揮、乗船十四年", "檜垣澄人", "甲板指揮、乗船十四年"),
        ("―― 檜垣澄人、甲板指揮", "檜垣澄人", "甲板指揮"),
        ("— Sumito Higaki, deck officer", "Sumito Higaki", "deck officer"),
        ("— Sumito Higaki", "Sumito Higaki", ""),
    ],
)
def test_a_quotation_names_its_speaker(last, name, who):
    html = render_body(f"<blockquote><p>距離は選べます。</p><p>{last}</p></blockquote>")
    (quotation,) = parse_html(html).xpath(".//blockquote[@class='said']")
    assert quotation.xpath("p[@class='said__by']/b/text()") == [name]
    assert quotation.xpath("string(p[@class='said__by'])") == f"{name} {who}".strip()


def test_another_quotation_stays_plain():
    html = "<blockquote><p>一</p><p>二 — 三</p></blockquote><blockquote><p>— 四</p></blockquote>"
    assert render_body(html) == html


def test_pictures_in_a_row_are_a_gallery():
    image = f'<figure><img data-file="{stored_once().pk}"></figure>'
    root = parse_html(render_body(f"<p>一</p>{image}{image}<p>二</p>{image}"))
    assert [len(gallery) for gallery in root.xpath("./div[@class='gallery']")] == [2]
    assert [element.tag for element in root] == ["p", "div", "p", "figure"]


@pytest.mark.parametrize(
    ("name", "player"), [("a.mp4", "video"), ("a.webm", "video"), ("a.mp3", "audio"), ("a.pdf", "")]
)
def test_a_link_to_sound_or_film_alone_is_a_player(name, player):
    address = f"/media/cabinet/{name}"
    html = f'<p><a href="{address}">港の音</a></p><p>二 <a href="{address}">三</a></p>'
    root = parse_html(render_body(html))
    assert [element.get("src") for element in root.xpath(".//audio | .//video")] == (
        [address] if player else []
    )
    if player:
        (element,) = root.xpath(f"./figure/{player}[@controls][@preload='metadata']")
        assert element.getparent().xpath("string(figcaption)") == "港の音"


def test_a_player_of_another_site_is_none():
    html = '<p><a href="https://example.org/media/a.mp4">港</a></p>'
    assert "<video" not in render_body(html)
