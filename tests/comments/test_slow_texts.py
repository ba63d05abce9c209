"""Texts of the greatest length that would make a site slow cost little: their cost grows with
their length, not with its square."""

import pytest

from comments.fingerprints import compute_marks, reduce_text
from comments.models.comment import MAX_LENGTH
from comments.word_rules import Matcher, Rule
from tests.processor import measure_seconds

SLOW = 0.35  # seconds; most take a tenth


def measure(work, text):
    """Return the time that work on a text repeated to the greatest length takes."""
    return measure_seconds(work, (text * MAX_LENGTH)[:MAX_LENGTH])


@pytest.mark.once
@pytest.mark.parametrize("text", ["あ", "a.", "１"])
def test_the_fingerprint_of_a_text_without_spaces(text):
    assert measure(compute_marks, text) < SLOW / 3


def test_addresses_are_no_part_of_a_fingerprint():
    text = "連絡はspam.er+1@mail.example.jpまで。https://a.jp/xとwww.b.jp、誰か@例え.jp"
    assert reduce_text(text) == reduce_text("と、")


@pytest.mark.once
@pytest.mark.parametrize(("word", "allowed", "text"), [("ばか", ("ばかり",), "ばかり、ばか")])
def test_a_word_that_is_allowed_and_found_again_and_again(word, allowed, text):
    assert measure(Matcher([Rule(word, allowed=allowed)]).find, text) < SLOW


@pytest.mark.once
@pytest.mark.parametrize("text", ["ば一", "あx", "女又", "ﷺ"])
def test_letters_that_are_drawn_with_others(text):
    assert measure(Matcher([Rule("死ね")]).find, text) < SLOW


@pytest.mark.parametrize(
    ("text", "spans"),
    [
        ("馬鹿力だ", []),
        ("馬鹿力の馬鹿", [(4, 6)]),
        ("馬鹿と馬鹿力", [(0, 2)]),
        ("馬鹿正直な馬鹿力", []),
    ],
)
def test_only_what_an_allowed_word_covers_is_no_hit(text, spans):
    matcher = Matcher([Rule("馬鹿", allowed=("馬鹿力", "馬鹿正直"))])
    assert [(hit.start, hit.end) for hit in matcher.find(text)] == spans
