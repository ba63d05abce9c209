"""Word rules in Japanese: what is found however it is written, and what is left alone."""

import re
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from comments.word_rules import Matcher, Rule
from comments.word_rules.rule_text import STARTER, parse_rules

CORPORA = Path(__file__).with_name("corpora")


@cache
def starter():
    """The matcher of the rules that a new site may import."""
    rules = parse_rules(STARTER.read_text())
    return Matcher(Rule(rule.text, rule.kind, rule.action, rule.allowed) for rule in rules)


def corpus(name):
    """The texts of a corpus, one a line; characters that cannot be seen are escaped there."""
    lines = (CORPORA / name).read_text().splitlines()
    return [re.sub(r"\\u(\w{4})|\\n", _unescape, line) for line in lines]


def _unescape(escape):
    return chr(int(escape[1], 16)) if escape[1] else "\n"


def found(text, *rules):
    return [text[hit.start : hit.end] for hit in Matcher(rules).find(text)]


def test_of_all_evasions_at_least_95_of_100_are_found():
    texts = corpus("evasions.txt")
    missed = [text for text in texts if not starter().find(text)]
    assert len(texts) >= 200
    assert len(missed) <= 0.05 * len(texts), missed


def test_of_all_innocent_texts_at_most_one_of_100_is_hit():
    texts = corpus("innocent.txt")
    hit = [(text, hits) for text in texts if (hits := starter().find(text))]
    assert len(texts) >= 200
    assert len(hit) <= 0.01 * len(texts), hit


@pytest.mark.parametrize(
    "written",
    [
        *("死ね", "氏ね", "タヒね", "ﾀﾋね", "死＊ね", "死*ね", "し ね", "シネ", "ｼﾈ", "死\u200bね"),
        *("死○", "○ね", "4ね", "歹匕ね", "死ne", "死xね", "💀ね", "死\nね"),
    ],
)
def test_one_rule_finds_the_word_in_every_spelling(written):
    rule = Rule("死ね")
    assert found(f"{written}", rule) or found(f"お前{written}", rule)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("なんと、死＊ね！と", "死＊ね"),
        ("あの、ﾊﾞｰｶめ", "ﾊﾞｰｶ"),
        ("㌔と馬\u200b 鹿と", "馬\u200b 鹿"),
        ("は゛か", "は゛か"),
        ("か\u3099 バ力です", "バ力"),
    ],
)
def test_the_span_is_that_of_the_original(text, span):
    assert found(text, Rule("死ね"), Rule("馬鹿")) == [span]


def test_an_allowed_word_covers_only_itself():
    rule = Rule("馬鹿", allowed=("馬鹿力",))
    assert found("火事場の馬鹿力だ", rule) == []
    assert found("馬鹿力を出す馬鹿がいる", rule) == ["馬鹿"]
    assert found("馬鹿、力を出せ", rule) == ["馬鹿"]


def test_a_long_vowel_of_the_rule_must_be_there():
    assert found("ババ抜きをした", Rule("ババア")) == []
    assert found("うるさいババアだ", Rule("ババア")) == ["ババア"]
    assert found("うるさいババーーだ", Rule("ババア")) == ["ババーー"]


def test_a_latin_word_stands_alone():
    assert found("This is hit.", Rule("shit")) == []
    assert found("Holy s h 1 t!", Rule("shit")) == ["s h 1 t"]


def test_the_gravest_rule_counts_and_then_the_first():
    rules = [Rule("きもい", action="nudge"), Rule("アホ"), Rule("死ね", action="refuse")]
    rules.append(Rule("馬鹿"))
    hit = Matcher(rules).find_gravest("きもいアホ、死ね、馬鹿")
    assert hit.rule.text == "死ね"
    assert Matcher(rules[:2]).find_gravest("きもいアホ").rule.text == "アホ"


LETTERS = "死ね馬鹿バカー○×xﾊﾞ゛ \n\u200b力一1lLINE@ノヽあいうっぁ"


@given(st.text(max_size=80) | st.text(alphabet=LETTERS, max_size=40))
def test_no_text_breaks_the_matching_and_spans_are_in_it(text):
    for hit in starter().find(text):
        assert 0 <= hit.start < hit.end <= len(text)


def test_a_text_made_to_be_slow_is_judged_in_time():
    for text in ("a" * 5_000 + "@", "死" * 5_000, "○×" * 2_500, "LINE" * 1_250, "1@" * 2_500):
        starter().find(text)


def test_an_allowed_word_may_be_the_word_in_quotation_marks():
    rule = Rule("白痴", allowed=("『白痴』", "白痴美"))
    assert found("この白痴め、白 痴が", rule) == ["白痴", "白 痴"]
    assert found("黒澤の『白痴』を観た。白痴美とは何か。", rule) == []


def test_one_of_several_quotations_may_be_spoken_of():
    assert found("「消えろ」「学校に来るな」と書かれた机", Rule("消えろ")) == []
    assert found("「馬鹿な総選挙」と呼ばれた年", Rule("馬鹿")) == []
    assert found("「消えろ」「学校に来るな」と言ってやる", Rule("消えろ")) == ["消えろ"]
    assert found("「選挙」と呼ばれたが、消えろ。「次」と言われた", Rule("消えろ")) == ["消えろ"]
