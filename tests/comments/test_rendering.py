"""A reader's text as HTML: whatever it is, it stays text."""

import re
from html import unescape
from html.parser import HTMLParser
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.rendering import find_references, normalise_text, render_text

ALLOWED = {
    "p": set(),
    "br": set(),
    "span": {"class"},
    "a": {"href", "rel", "class"},
}


class Balance(HTMLParser):
    """Reads HTML and refuses what is unbalanced, unknown or could run."""

    def __init__(self):
        super().__init__(convert_charrefs=False)
        self.open, self.text = [], ""

    def handle_starttag(self, tag, attributes):
        assert tag in ALLOWED, tag
        assert {name for name, _value in attributes} <= ALLOWED[tag], attributes
        values = dict(attributes)
        if tag == "a":
            assert re.match(r"https?://|/comments/(\d+)/thread/#comment-\1$", values["href"]), (
                values
            )
            if values["href"].startswith("http"):
                assert values["rel"] == "nofollow ugc noopener"
        assert values.get("class", "quoted") in {"quoted", "reference"}
        if tag != "br":
            self.open.append(tag)
        else:
            self.text += "\n"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        assert "<" not in data and ">" not in data
        assert self.open, "text outside of a paragraph"
        self.text += data

    def handle_entityref(self, name):
        self.text += unescape(f"&{name};")

    def handle_charref(self, name):
        self.text += unescape(f"&#{name};")

    def handle_comment(self, data):
        raise AssertionError("a comment")

    handle_decl = handle_pi = unknown_decl = handle_comment


DANGEROUS = (
        "<script>", "</p>", "<img src=x onerror=alert(1)>", "&lt;", "&#60;", "<!--", "]]>", '"',
        "'", "javascript:alert(1)", "https://", "http://a.example/?q=\"onx=", ">>1", ">>12", ">>0",
        "> ", "＞", "\n", "\n\n", "\r", "\r\n", "\t", "\x00", "\x0b", "\x0c", "\u2028", "\x85",
        "<a href=", "<style>", "<svg/onload=", "&", "&amp;", ")", "(", "。", "」", "`", "\ue000",
)  # fmt: skip


def mixed(plain, places):
    """Return a text of dangerous pieces and of parts of a plain one: each byte names one or the
    other. Two draws make a text, where a list of pieces took a dozen."""
    parts, rest = [], iter(plain)
    for place in places:
        is_dangerous, number = divmod(place, 128)
        if is_dangerous:
            parts.append(DANGEROUS[number % len(DANGEROUS)])
        else:
            parts.extend(islice(rest, number % 12))
    return "".join([*parts, *rest])


texts = st.builds(
    mixed,
    st.text(max_size=80) | st.text(min_size=20, max_size=80),
    st.binary(max_size=14) | st.binary(min_size=6, max_size=24),
)


@settings(max_examples=10_000, deadline=None)
@given(text=texts)
def test_no_text_becomes_anything_but_text(text):
    reader = Balance()
    reader.feed(render_text(text, {1: 101, 12: 112}))
    reader.close()
    assert reader.open == []
    plain = re.sub(r"\s+", "", normalise_text(text))
    assert re.sub(r"\s+", "", reader.text) == plain


LINKS = [
    ("https://example.org/a", "https://example.org/a", ""),
    ("https://example.org/a。", "https://example.org/a", "。"),
    ("(https://example.org/a)", "https://example.org/a", ")"),
    ("https://example.org/a_(b)", "https://example.org/a_(b)", ""),
    ("「https://example.org/港」", "https://example.org/港", "」"),
    ("https://example.org/?a=1&b=2", "https://example.org/?a=1&b=2", ""),
    ("https://example.org/a!?", "https://example.org/a", "!?"),
]


@pytest.mark.parametrize(("text", "address", "rest"), LINKS)
def test_an_address_ends_where_a_reader_would_say(text, address, rest):
    html = unescape(render_text(text, {}))
    assert f'<a href="{address}" rel="nofollow ugc noopener">{address}</a>{rest}</p>' in html


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (">>1", {1}),
        (">>1>>2 >>3", {1, 2, 3}),
        ("> >1", set()),
        (">>0 >>01", set()),
        (">>12345678", set()),
        ("a>>7b", {7}),
    ],
)
def test_references(text, numbers):
    assert find_references(text) == numbers


def test_only_known_numbers_become_links():
    link = '<a class="reference" href="/comments/20/thread/#comment-20">&gt;&gt;2</a>'
    assert render_text(">>1 >>2", {2: 20}) == f"<p>&gt;&gt;1 {link}</p>"


def test_paragraphs_and_breaks_are_kept():
    assert render_text("一\n二\n\n\n三", {}) == "<p>一<br>二</p><p>三</p>"
    assert render_text(" \r\n ", {}) == ""
