"""WordPress's comments as plain text, and the votes their plugins left."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.importing.comment_text import convert_comment
from newsroom.wordpress.plugin_votes import read_score

TEXTS = {
    "plain": ("一\n\n二 >>3", "一\n\n二 >>3"),
    "windows newlines": ("一\r\n二", "一\n二"),
    "paragraphs": ("<p>一</p><p>二</p>", "一\n\n二"),
    "marks are dropped": ("<b>一</b> <i>二</i>", "一 二"),
    "a link to its own address": (
        '<a href="https://a.example/">https://a.example</a>',
        "https://a.example/",
    ),
    "a link with words": (
        '見よ<a href="https://a.example/x" rel="nofollow">これ</a>。',
        "見よこれ ( https://a.example/x )。",
    ),
    "a shortened link": (
        '<a href="https://a.example/long">a.example/lo…</a>',
        "https://a.example/long",
    ),
    "a link that runs": ('<a href="javascript:alert(1)">x</a>', "x"),
    "a quote": ("<blockquote>一\n二</blockquote>三", "> 一\n> 二\n\n三"),
    "a quote in a quote": (
        "<blockquote><blockquote>一</blockquote>二</blockquote>三",
        "> > 一\n> 二\n\n三",
    ),
    "a written break": ("一<br />\n二<br>三", "一\n二\n三"),
    "a list": ("<ul><li>一</li><li>二</li></ul>", "- 一\n- 二"),
    "a numbered list": ("前<ol>\n<li>一</li>\n<li>二</li>\n</ol>後", "前\n\n1. 一\n2. 二\n\n後"),
    "a list in a list": (
        "<ul>\n<li>\n<p>一</p>\n<ul><li>二</li><li>三</li></ul>\n</li>\n<li>四</li></ul>",
        "- 一\n  - 二\n  - 三\n- 四",
    ),
    "a table": ("<table><tr><td>一</td><td>二</td></tr><tr><td>三</td></tr></table>", "一 二 \n三"),
    "an image": ('<img src="https://a.example/b.jpg" alt="山">', "https://a.example/b.jpg"),
    "entities": ("1 &lt; 2 &amp; 3 &hellip;", "1 < 2 & 3 …"),
    "bare brackets": ("1 < 2 & 3 > 2", "1 < 2 & 3 > 2"),
    "scripts": ("<script>alert(1)</script>一", "一"),
}


@pytest.mark.parametrize("case", TEXTS)
def test_a_comment_becomes_text(case):
    html, text = TEXTS[case]
    assert convert_comment(html) == text


@given(st.text(alphabet=st.sampled_from("<>/abpq&;\"'= \n![]-u1"), max_size=80))
def test_no_comment_breaks_it(html):
    assert "\0" not in convert_comment(html)


@pytest.mark.parametrize(
    ("meta", "key", "score"),
    [
        ({}, "", 0),
        ({"_commentliked": 4}, "", 4),
        ({"cld_like_count": 7, "cld_dislike_count": 2}, "", 5),
        ({"cld_dislike_count": 2}, "", -2),
        ({"wpdiscuz_votes": -3}, "", -3),
        ({"my_votes": 9}, "", 0),
        ({"my_votes": 9, "wpdiscuz_votes": 1}, "my_votes", 9),
        ({"wpdiscuz_votes": 1}, "my_votes", 0),
        ({"wpdiscuz_votes": 10**15}, "", 2_000_000_000),
    ],
)
def test_votes_come_from_the_meta_of_their_plugin(meta, key, score):
    assert read_score(meta, key) == score


@pytest.mark.parametrize("text", ["　一字下げ\n　　二字", "  ∧＿∧\n （　´∀｀）"])
def test_an_indent_stays(text):
    assert convert_comment(f"\n{text}\n") == text
    assert convert_comment("<p>　一字下げ<br>　　<b>二</b>字</p>") == "　一字下げ\n　　二字"
