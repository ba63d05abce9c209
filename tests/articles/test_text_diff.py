"""The differences of two texts, for moderators."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.web.text_diff import compare_texts
from tests.processor import measure_seconds

pytestmark = pytest.mark.once


def describe(old, new):
    marks = {"kept": "{}", "removed": "[-{}]", "added": "[+{}]"}
    return "".join(marks[piece.kind].format(piece.text) for piece in compare_texts(old, new))


@pytest.mark.parametrize(
    ("old", "new", "shown"),
    [
        ("同じ文", "同じ文", "同じ文"),
        ("", "新しい", "[+新しい]"),
        ("古い", "", "[-古い]"),
        ("", "", ""),
        ("診療所は必要だ。", "病院は必要だ。", "[-診療所][+病院]は必要だ。"),
        ("港は誰のものか。", "港は誰のものか。市のものだ。", "港は誰のものか。[+市のものだ。]"),
        ("カメラを買う", "テレビを買う", "[-カメラ][+テレビ]を買う"),
        ("call me at 090", "call me at 080", "call me at [-090][+080]"),
        ("一行目\n二行目\n三行目", "一行目\n三行目", "一行目\n[-二行目\n]三行目"),
    ],
)
def test_the_differences_are_words(old, new, shown):
    assert describe(old, new) == shown


def test_crumbs_between_two_changes_are_part_of_them():
    shown = describe("甲乙の丙丁の戊己", "子丑の寅卯の辰巳")
    assert shown == "[-甲乙の丙丁の戊己][+子丑の寅卯の辰巳]"


texts = st.text(alphabet="漢字かなカナab1。、\n ", max_size=60)


@given(texts, texts)
def test_the_pieces_are_both_texts(old, new):
    pieces = compare_texts(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
    assert all(piece.text for piece in pieces)


CRUEL = {
    "one sign": ("あ、" * 5_000, "い、" * 5_000),
    "reversed": (
        "".join(map(chr, range(0x4E00, 0x7510))),
        "".join(map(chr, range(0x7510, 0x4E00, -1))),
    ),
    "lines": (
        "\n".join("あいう、えお" * 2 for _ in range(700)),
        "\n".join("えお。あいう" * 2 for _ in range(700)),
    ),
    "empty lines": ("\n" * 10_000, "あ\n" * 5_000),
    "shifted": ("漢か" * 5_000, "か漢" * 5_000),
    "numbers": (" ".join(map(str, range(2_000))), " ".join(map(str, range(2_000, 0, -1)))),
}


@pytest.mark.parametrize("name", CRUEL)
def test_long_texts_take_no_seconds(name):
    old, new = CRUEL[name]
    assert measure_seconds(compare_texts, old, new) < 2
    pieces = compare_texts(old, new)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == old
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == new
