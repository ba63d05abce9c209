"""A reader's text as HTML: whatever it is, it stays text."""

import re
from html import unescape
from html.parser import HTMLParser
from itertools import islice

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from comments.anchors import find_references
from comments.characters import normalize_text
from comments.hyperlinks import find_links
from comments.rendering import keep_spaces, render_text
from tests.processor import measure_seconds

ALLOWED = {
    "p": {"dir"},
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
            assert re.match(
                r"https?://[^@/]+(/|$|\?|#)|/comments/(\d+)/thread/#comment-\2$", values["href"]
            ), values
            if values["href"].startswith("http"):
                assert values["rel"] == "nofollow ugc noopener"
        assert values.get("class", "quoted") in {"quoted", "reference"}
        assert values.get("dir", "auto") == "auto"
        if tag != "br":
            self.open.append(tag)
        else:
            self.text += "\n"
        if tag == "p" and self.text:
            self.text += "\n\n"

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
        "＞＞", ">> 1-3", ">>1、2", "≫１", "    ", "\u3000\u3000", " 　 ", "\u200f",
        "\u202d1\u202c", "\u202e", "\u2066", "שלום", "مرحبا", "www.", "www.a.example", "@",
        "https://u:p@", "日本語.jp", "https://a.example/(", "[::1]/", "Https://a.example",
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


@pytest.mark.parametrize("examples", [300, pytest.param(10_000, marks=pytest.mark.slow)])
def test_no_text_becomes_anything_but_text(examples):
    settings(max_examples=examples, deadline=None)(given(text=texts)(check_text))()


def check_text(text):
    reader = Balance()
    reader.feed(render_text(text, {1: 101, 12: 112}))
    reader.close()
    assert reader.open == []
    stored = normalize_text(text)
    assert normalize_text(stored) == stored
    assert reader.text == re.sub("\n{3,}", "\n\n", stored)
    assert not re.search("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]", reader.text)


# text, addresses of its links
LINKS = [
    ("https://example.org/a", ["https://example.org/a"]),
    ("https://example.org/a_(b)", ["https://example.org/a_(b)"]),
    ("https://example.org/?a=1&b=2", ["https://example.org/?a=1&b=2"]),
    # The end of a sentence, of a bracket, of a quote.
    *(
        (f"https://example.org/a{mark}続き", ["https://example.org/a"])
        for mark in "！？。、：；…‥，．「」『』（）【】〈〉《》〔〕［］｛｝“”‘«»｡､｣→😀।،؟"
    ),
    *((f"https://example.org/a{mark}", ["https://example.org/a"]) for mark in ".,:;!?'*)]}|"),
    ("https://example.org/a!?", ["https://example.org/a"]),
    ("https://example.org/a.)", ["https://example.org/a"]),
    ("(https://example.org/a)です", ["https://example.org/a"]),
    ("（https://example.org/a）です", ["https://example.org/a"]),
    ("「https://example.org/港」", ["https://example.org/港"]),
    ("[題](https://example.org/a_(b))", ["https://example.org/a_(b)"]),
    ("'https://example.org/a'です", ["https://example.org/a"]),
    ("**https://example.org/a**", ["https://example.org/a"]),
    ("<https://example.org/a>", ["https://example.org/a"]),
    ("https://example.org/a(見て", ["https://example.org/a"]),
    # A bare host.
    ("https://example.comです", ["https://example.com"]),
    ("https://example.co.jpは見た？", ["https://example.co.jp"]),
    ("https://example.com:8080です", ["https://example.com:8080"]),
    ("https://192.0.2.1です", ["https://192.0.2.1"]),
    ("https://example.com.次は", ["https://example.com"]),
    ("https://example.com。次は", ["https://example.com"]),
    ("https://example.com「題」", ["https://example.com"]),
    ("https://example.com-これ", ["https://example.com"]),
    ("https://example.com.", ["https://example.com"]),
    ("https://総務省.jpです", ["https://総務省.jp"]),
    ("https://2ちゃんねる.jp/", ["https://2ちゃんねる.jp/"]),
    ("https://例え.テスト", ["https://例え.テスト"]),
    ("https://www.例え.みんな/", ["https://www.例え.みんな/"]),
    ("https://www.example.みんな/", ["https://www.example.みんな/"]),
    ("https://उदाहरण.परीक्षा/क", ["https://उदाहरण.परीक्षा/क"]),
    ("https://[2001:db8::1]:8080/x", ["https://[2001:db8::1]:8080/x"]),
    # What stays whole.
    ("https://ja.wikipedia.org/wiki/横浜市", ["https://ja.wikipedia.org/wiki/横浜市"]),
    (
        "https://ja.wikipedia.org/wiki/ジャン＝ジャック・ルソー。",
        ["https://ja.wikipedia.org/wiki/ジャン＝ジャック・ルソー"],
    ),
    (
        "https://ja.wikipedia.org/wiki/横浜市_(曖昧さ回避)へ",
        ["https://ja.wikipedia.org/wiki/横浜市_(曖昧さ回避)へ"],
    ),
    ("https://th.wikipedia.org/wiki/กรุงเทพ", ["https://th.wikipedia.org/wiki/กรุงเทพ"]),
    ("https://a.example/it's*b*c", ["https://a.example/it's*b*c"]),
    ("https://a.example/?a[]=1&b=x|y", ["https://a.example/?a[]=1&b=x|y"]),
    (
        "https://web.archive.org/web/2020/https://example.org/",
        ["https://web.archive.org/web/2020/https://example.org/"],
    ),
    ("https://ja.wikipedia.org/wiki/%E6%B8%AFです", ["https://ja.wikipedia.org/wiki/%E6%B8%AF"]),
    ("https://a.example/100%25の話", ["https://a.example/100%25の話"]),
    # Two of them.
    ("https://a.example/、https://b.example/", ["https://a.example/", "https://b.example/"]),
    ("https://a.example/1https://b.example/2", ["https://a.example/1", "https://b.example/2"]),
    # Beginnings.
    ("Https://example.org/A", ["https://example.org/A"]),
    ("HTTP://EXAMPLE.ORG", ["http://EXAMPLE.ORG"]),
    ("詳しくはwww.example.org/aを。", ["http://www.example.org/aを"]),
    ("WWW.example.orgへ", ["http://WWW.example.org"]),
    # No links.
    ("https://user:pass@evil.example/", []),
    ("https://example.com@evil.example/", []),
    ("https://user.name:pass@evil.example/", []),
    ("https://www.example.com:80@evil.example/", []),
    ("info@www.example.com", []),
    ("javascript:alert(1)", []),
    ("https:// http://a www. www.com https://...", []),
]


@pytest.mark.parametrize(("text", "urls"), LINKS)
def test_an_address_ends_where_a_reader_would_say(text, urls):
    html = render_text(text, {})
    shown = re.findall('<a href="([^"]*)" rel="nofollow ugc noopener">([^<]*)</a>', html)
    assert [unescape(url) for url, _text in shown] == urls
    assert all(unescape(text).lower() in unescape(url).lower() for url, text in shown)
    assert [link.url for link in find_links(text)] == urls


@pytest.mark.parametrize(
    "text",
    [
        "https://" * 2_000,
        "www." * 2_000,
        "www.あ" * 2_000 + "w",
        "www.\u200c" * 2_000 + "w",
        "https://a." + "a." * 5_000,
        "https://a.example/" + "あ" * 5_000,
        "https://a.example/" + "%E3(" * 5_000 + "あ" * 5_000,
        ">" * 20_000,
        ">>1-" * 5_000,
        "\u202d1" * 5_000,
    ],
)
def test_no_text_takes_long(text):
    assert measure_seconds(render_text, text, {}) < 0.2


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        (">>1", {1}),
        (">>1>>2 >>3", {1, 2, 3}),
        ("> >1", set()),
        (">>0 >>01 >>00012", set()),
        (">>1234567 >>12345678", set()),
        ("a>>7b", {7}),
        ("＞＞1 ＞＞２ >>３ >> 4 ＞＞　5 ＞>６ ≫7", {1, 2, 3, 4, 5, 6, 7}),
        (">>1-3", {1, 2, 3}),
        (">>3-1", {1, 2, 3}),
        ("＞＞１－３ >>5〜7", {1, 2, 3, 5, 6, 7}),
        (">>1,2 ＞＞４、５", {1, 2, 4, 5}),
        # A counter follows: the number names no comment.
        (">>1、3人目も同じ", {1}),
        ("＞＞１、２０２４年の話", {1}),
        (">>1,2-3日前に聞いた", {1}),
        (">>1,3-5,8", {1, 3, 4, 5, 8}),
        (">>1,000円", {1}),
        (">>1-", {1}),
        (">>1, 2", {1}),
        (">>11-999999", set(range(11, 31))),
        (">>5 >>1-999999", set(range(1, 21))),
    ],
)
def test_references(text, numbers):
    assert find_references(text) == numbers


def reference(pk, text):
    return f'<a class="reference" href="/comments/{pk}/thread/#comment-{pk}">{text}</a>'


def test_only_known_numbers_become_links():
    assert render_text(">>1 >>2", {2: 20}) == f"<p>&gt;&gt;1 {reference(20, '&gt;&gt;2')}</p>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("＞＞１", reference(10, "＞＞１")),
        (">> 1", reference(10, "&gt;&gt; 1")),
        (">>1-3です", f"{reference(10, '&gt;&gt;1')}-{reference(30, '3')}です"),
        (">>1、2、9", f"{reference(10, '&gt;&gt;1')}、{reference(20, '2')}、9"),
        (">>9,1", f"&gt;&gt;9,{reference(10, '1')}"),
    ],
)
def test_every_number_of_an_anchor_that_exists_is_a_link(text, html):
    assert render_text(text, {1: 10, 2: 20, 3: 30}) == f"<p>{html}</p>"


def test_a_comment_links_to_twenty_others_at_most():
    text = " ".join(f">>{number}" for number in range(1, 41))
    assert render_text(text, {n: n for n in range(1, 41)}).count("<a ") == 20


@pytest.mark.parametrize("text", [">>1 そうだ", "＞＞１", ">> 1", "≫1", ">>99"])
def test_a_line_that_begins_with_an_anchor_is_no_quote(text):
    assert "quoted" not in render_text(text, {1: 10})


@pytest.mark.parametrize("text", ["> 引用", "＞引用", ">> 引用", ">>0", ">1"])
def test_other_lines_that_begin_with_its_mark_are_quotes(text):
    assert '<span class="quoted">' in render_text(text, {1: 10})


def test_paragraphs_and_breaks_are_kept():
    assert render_text("一\n二\n\n\n三", {}) == "<p>一<br>二</p><p>三</p>"
    assert render_text(" \r\n ", {}) == ""
    assert render_text("一\u2028二\r三", {}) == "<p>一<br>二<br>三</p>"


ART = "　　∧＿∧\n　 （　´∀｀）  ＜ オマエモナー\n　 （　　　　）\n　 ｜ ｜　|"
CODE = "  if x:\n      y  =  1\n\n\tz = 2"


@pytest.mark.parametrize("text", [ART, CODE, " 一字下げ", "　一字下げ\n\n　次の段落", "a\u00a0 b"])
def test_white_space_stands_as_written(text):
    assert normalize_text(text) == text
    html = unescape(render_text(f"\n \n{text}  \n　\n", {}))
    assert html == f"<p>{text}</p>".replace("\n\n", "</p><p>").replace("\n", "<br>")


def test_a_reader_without_style_sheet_gets_the_white_space_too():
    html = keep_spaces(render_text(CODE, {}))
    plain = re.sub("<[^>]+>", "\n", html).replace("\u00a0", " ")
    assert not re.search("(^|>| )[ \t]", html)
    assert plain.strip("\n") == CODE.replace("\n\n", "\n\n").replace("\t", "    ")


@pytest.mark.parametrize(
    "text", ["‎1,234‏", "\u202a+81 45\u202c", "\u2068名\u2069", "\u061c5", "\u202d090-1234\u202c"]
)
def test_marks_of_direction_are_dropped(text):
    assert normalize_text(text) == re.sub("[^\\w ,+-]", "", text)


def test_a_joiner_stays():
    assert normalize_text("می\u200cشود 👨\u200d👩\u200d👧") == "می\u200cشود 👨\u200d👩\u200d👧"


def test_hebrew_and_arabic_take_their_own_direction():
    html = render_text("賛成\n\nשלום >>1\n\nمرحبا", {1: 10})
    anchor = reference(10, "&gt;&gt;1")
    assert html == f'<p>賛成</p><p dir="auto">שלום {anchor}</p><p dir="auto">مرحبا</p>'
