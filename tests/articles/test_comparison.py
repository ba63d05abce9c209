"""The comparison of two versions of an article: blocks, words, links, pictures, fields."""

import random
from collections import Counter

import pytest

from articles.comparison.body_changes import compare_units
from articles.comparison.comparing import Comparison
from articles.comparison.two_sides import Side
from articles.comparison.units import read_units
from tests.processor import measure_seconds

pytestmark = pytest.mark.once
MARKS = {"kept": "{}", "removed": "[-{}]", "added": "[+{}]"}


def describe_words(words):
    parts = []
    for word in words:
        values = [f"<{name} {value}>".replace(" >", ">") for name, value in word.marks]
        parts.append("".join(values) + word.text)
    return "".join(parts)


def describe(old, new):
    """Return the lines of a comparison, each as its kind and its marked words."""
    return [
        (
            line.kind,
            "".join(MARKS[kind].format(describe_words(words)) for kind, words in line.pieces),
        )
        for line in compare_units(read_units(old), read_units(new))
        if line.kind != "kept"
    ]


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("<p>同じ。</p>", "<p>同じ。</p>", []),
        ("", "", []),
        ("", "<p>新。</p>", [("added", "[+新。]")]),
        ("<p>旧。</p>", "", [("removed", "[-旧。]")]),
        (
            "<p>石炭およそ二百トンが残る。</p>",
            "<p>石炭二百十二トンが残る。</p>",
            [("edited", "石炭[-およそ二百][+二百十二]トンが残る。")],
        ),
        (
            '<p>港の<a href="/a">記事</a>を読む。</p>',
            '<p>港の<a href="/b">記事</a>を読む。</p>',
            [("edited", "港の[-<a /a>記事][+<a /b>記事]を読む。")],
        ),
        (
            "<p>港の記事を読む。</p>",
            "<p>港の<strong>記事</strong>を読む。</p>",
            [("edited", "港の[-記事][+<strong>記事]を読む。")],
        ),
        (
            '<figure><img data-file="1"><figcaption>灯台。</figcaption></figure>',
            '<figure><img data-file="2"><figcaption>灯台。</figcaption></figure>',
            [("edited", "[-<img 1>][+<img 2>]")],
        ),
        (
            "<p><ruby>起重機<rt>きじゅうき</rt></ruby>が動く。</p>",
            "<p><ruby>起重機<rt>クレーン</rt></ruby>が動く。</p>",
            [("edited", "[-<ruby きじゅうき>起重機][+<ruby クレーン>起重機]が動く。")],
        ),
        (
            "<ul><li>一つ目の港</li><li>二つ目の港</li></ul>",
            "<ul><li>一つ目の港</li></ul>",
            [("removed", "[-二つ目の港]")],
        ),
        (
            "<table><tr><td>量</td><td>二百</td></tr></table>",
            "<table><tr><td>量</td><td>三百</td></tr></table>",
            [("edited", "<cell td>量<cell td>[-二百][+三百]")],
        ),
        (
            "<p>船を変える。</p>",
            "<p>船を変えることにした。</p>",
            [("edited", "船を変える[+ことにした]。")],
        ),
        (
            "<p>船はおおむね着く。</p>",
            "<p>船はおおむねすぐ着く。</p>",
            [("edited", "船はおおむね[+すぐ]着く。")],
        ),
        (
            "<p>船をただちに出す。</p>",
            "<p>船をに出す。</p>",
            [("edited", "船[-をただちに][+をに]出す。")],
        ),
        ("<p>港の町。</p>", "<h2>港の町。</h2>", [("edited", "港の町。")]),
        ("<ul><li>港の町。</li></ul>", "<ol><li>港の町。</li></ol>", [("edited", "港の町。")]),
        ("<p>甲。</p><hr><p>乙。</p>", "<p>甲。</p><p>乙。</p>", [("removed", "")]),
        (
            "<p>葛\U000e0100城市。</p>",
            "<p>葛城市。</p>",
            [("edited", "[-葛\U000e0100城市][+葛城市]。")],
        ),
        ("<p>父👨‍👩‍👧。</p>", "<p>父👨‍👩‍👦。</p>", [("edited", "父[-👨‍👩‍👧][+👨‍👩‍👦]。")]),
        ("<p>か\u3099行。</p>", "<p>か行。</p>", [("edited", "[-か\u3099][+か]行。")]),
    ],
)
def test_a_change_is_shown_where_it_is(old, new, shown):
    assert describe(old, new) == shown


def test_a_paragraph_that_moved_is_neither_removed_nor_added():
    old = "<p>一の段落。</p><p>二の区切り。</p><p>三の文章。</p>"
    new = "<p>三の文章。</p><p>一の段落。</p><p>二の区切り。</p>"
    assert describe(old, new) == [("moved", "三の文章。")]
    [moved] = [
        line for line in compare_units(read_units(old), read_units(new)) if line.kind == "moved"
    ]
    assert moved.steps == -2


def test_a_paragraph_that_moved_and_was_edited_shows_what_was_edited():
    long = "石炭を積む船が夕方に港へ戻ると荷役の声が倉庫に響く。"
    old = f"<p>{long}</p><p>二の区切り。</p><p>三の文章。</p>"
    new = f"<p>二の区切り。</p><p>三の文章。</p><p>{long.replace('夕方', '明け方')}</p>"
    [line] = [
        line for line in compare_units(read_units(old), read_units(new)) if line.kind != "kept"
    ]
    assert (line.kind, line.steps) == ("edited", 2)
    assert [kind for kind, _words in line.pieces] == ["kept", "removed", "added", "kept"]


def test_markup_that_readers_cannot_see_is_no_change():
    old = "<p>港の  町。</p><table><tbody><tr><td>量</td></tr></tbody></table>"
    new = "<p>港の\n町。 </p>\n<table><tr><td><p>量</p></td></tr></table>"
    assert describe(old, new) == []


def test_lines_of_code_and_full_width_spaces_are_text():
    assert describe("<pre>a\nb</pre>", "<pre>a\n\nb</pre>") == [("edited", "a\n[+\n]b")]
    assert describe("<p>　港。</p>", "<p>港。</p>") == [("edited", "[-　]港。")]


def paragraphs(texts):
    return "".join(f"<p>{text}</p>" for text in texts)


def build_long_text(seed=3):
    """Return 100,000 characters in 500 paragraphs."""
    chance = random.Random(seed)
    words = [
        "港の",
        "灯台は",
        "石炭",
        "を",
        "積む",
        "夕方",
        "、",
        "荷役",
        "が",
        "続く",
        "。",
        "五十年",
        "前",
    ]
    texts = []
    for number in range(500):
        text = f"第{number}段。"
        while len(text) < 200:
            text += chance.choice(words)
        texts.append(text)
    return texts


def edit(texts, seed=5):
    """Edit most paragraphs, remove, add and move some."""
    chance = random.Random(seed)
    edited = [text.replace("石炭", "重油", 2).replace("夕方", "明け方", 1) for text in texts]
    for _time in range(40):
        edited.insert(chance.randrange(len(edited)), "新しい段落がここに入った。" * 8)
        edited.insert(chance.randrange(len(edited)), edited.pop(chance.randrange(len(edited))))
        edited.pop(chance.randrange(len(edited)))
    return edited


LONG = build_long_text()
CRUEL = {
    "edited": (paragraphs(LONG), paragraphs(edit(LONG))),
    "equal lines": (paragraphs(["港。"] * 4_000), paragraphs(["港。", "灯台。"] * 2_000)),
    "reversed": (paragraphs(LONG), paragraphs(LONG[::-1])),
    "other words": (paragraphs(LONG), paragraphs(build_long_text(4))),
    "one paragraph": (f"<p>{'港、' * 50_000}</p>", f"<p>{'灯、' * 50_000}</p>"),
    "two lines": (paragraphs(["一", "二"] * 2_000), paragraphs(["二", "一", "一"] * 1_300)),
    "twice each": (
        paragraphs([f"第{number}段" for number in range(2_000)] * 2),
        paragraphs([f"第{number}段" for number in range(2_000, 0, -1)] * 2),
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", CRUEL)
def test_a_long_text_is_compared_in_less_than_a_moment(name):
    sides = [Side("", "", body) for body in CRUEL[name]]
    seconds = measure_seconds(lambda: Comparison(*sides).changes)
    lines = [line for change in Comparison(*sides).changes for line in change.lines]
    for body, unseen in zip(CRUEL[name], ("added", "removed"), strict=True):
        pieces = [piece for line in lines for piece in line.pieces if piece[0] != unseen]
        shown = Counter("".join(word.text for _kind, words in pieces for word in words))
        assert shown == Counter("".join(unit.text for unit in read_units(body)))
    assert seconds < (0.3 if name == "edited" else 1)


@pytest.mark.parametrize("depth", [200, 5_000])
def test_no_depth_of_elements_is_too_deep(depth):
    deep = "<blockquote>" * depth + "底" + "</blockquote>" * depth
    assert read_units(f"<p>始</p>{deep}")
