"""HTML from elsewhere in a body, notes, ruby: what is stored, shown and found."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.body.link_targets import clean_target
from articles.body.stored import render_body, sanitize_body
from articles.search.texts import extract_text
from articles.web.html import parse_html

pytestmark = [pytest.mark.once, pytest.mark.django_db]


@pytest.mark.parametrize(
    ("address", "target"),
    [
        ("https://a.example.jp/?q=1&utm_source=x&r=2#p", "https://a.example.jp/?q=1&r=2#p"),
        ("https://a.example.jp/?Q=%E6%B8%AF&fbclid=1", "https://a.example.jp/?Q=%E6%B8%AF"),
        ("https://a.example.jp/#utm_source=x", "https://a.example.jp/"),
        ("https://www.google.com/url?q=https://b.example.jp/", "https://b.example.jp/"),
        ("https://www.google.com/url?q=javascript:alert(1)", None),
        ("https://www.google.com/search?q=https://b.example.jp/", None),
        ("https://google.com.evil.example/url?q=https://b.example.jp/", None),
        ("/articles/x/?utm_source=x", None),
        ("http://[", None),
        ("mailto:a@example.jp", None),
    ],
)
def test_a_link_goes_where_it_means(address, target):
    assert clean_target(address) == (target or address)


@given(st.text(max_size=60).map("https://www.google.com/url?q={}".format) | st.text(max_size=60))
def test_any_address_is_read(address):
    clean_target(address)


def test_a_footnote_and_its_reference_jump_to_each_other():
    body = sanitize_body(
        '<p>港<sup><a href="#note-1">1</a></sup>。<a href="#note-9">2</a></p>'
        '<ol><li id="note-1">深い。</li><li id="evil">文。</li></ol>'
    )
    assert 'id="evil"' not in body and "#note-9" not in body
    root = parse_html(render_body(body))
    [reference, back] = root.xpath(".//a")
    assert reference.get("href") == f"#{back.getparent().get('id')}"
    assert back.get("href") == f"#{reference.get('id')}"
    assert sanitize_body(body) == body


def test_a_reading_divides_no_word_for_the_search():
    body = sanitize_body("<p><ruby>東<rt>とう</rt>京<rt>きょう</rt></ruby>湾</p>")
    assert sanitize_body(body) == body
    assert extract_text(body) == "東京湾"


def test_boxes_divide_paragraphs():
    html = "<div>一</div><div>二<div><b>三</b></div></div><section><h1>四</h1>五</section>"
    assert (
        "".join(sanitize_body(html).split()) == "<p>一</p>二<p><strong>三</strong></p><h2>四</h2>五"
    )


@given(
    st.lists(
        st.sampled_from(
            [
                *("<b>", "</b>", '<span style="font-weight:700">', "</span>", "<p>", "</p>", "文"),
                *('<p style="display:none">', '<i style="visibility:hidden">', "</i>", "<pre>"),
                *("<ruby>", "<rt>", "</ruby>", "<h1>", "</h1>", "<figure>", "<iframe src='//a.b'>"),
                *("<ul>", "<li>", "<li id='note-1'>", "</ul>", "<a href='#note-1'>", "</a>", "<q>"),
                *("<div>", "</div>", "<table><td>", "</table>", "<img class='emoji' alt='a'>"),
            ]
        ),
        max_size=20,
    ).map("".join)
)
def test_any_html_is_stored_once_and_for_all(html):
    body = sanitize_body(html)
    assert "style" not in body
    assert parse_html(sanitize_body(body)).text_content() == parse_html(body).text_content()
