"""Excerpts, and the marks in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.search.analysis import Query, fold_text
from articles.search.marking import _fold_with_origin, build_excerpt, build_pattern, mark_text
from articles.search.texts import extract_text


def shown(parts):
    return "".join(f"[{part.text}]" if part.is_marked else part.text for part in parts)


def seen(text, query, **options):
    return shown(build_excerpt(text, build_pattern(Query(query).phrases), **options))


@pytest.mark.parametrize(
    ("text", "query", "expected"),
    [
        ("北大西洋のNATO事務総長", "総長 nato", "北大西洋の[NATO]事務[総長]"),
        ("北大西洋のNATO事務総長", "NATO事務", "北大西洋の[NATO事務]総長"),
        ("ＮＡＴＯ　と nations", "nato", "[ＮＡＴＯ] と nations"),
        ("nation NATOs", "nato", "nation NATOs"),
        ("最新鋭のF-35Bと F 35", "f-35", "最新鋭のF-35Bと [F 35]"),
        ("ｶﾞｿﾘﾝ…①㌔", "ガソリン", "[ｶﾞｿﾘﾝ]…①㌔"),
        ("…①㌔の値段", "値段", "…①㌔の[値段]"),
        ("米国と米", "米", "[米]国と[米]"),
        ("日本・政府", "日本、政府", "[日本・政府]"),
        ("日本の政府", "日本政府", "日本の政府"),
        ("a.b*c", ".*", "a.b*c"),
        ("", "港", ""),
    ],
)
def test_what_was_asked_for_is_marked(text, query, expected):
    assert seen(text, query) == expected


def test_an_excerpt_begins_a_little_before_the_first_place():
    text = "前" * 200 + "港" + "後" * 200
    assert seen(text, "港", length=60) == "…" + "前" * 30 + "[港]" + "後" * 29 + "…"


def test_without_a_place_it_is_the_beginning():
    assert seen("空" * 80, "港", length=60) == "空" * 60 + "…"
    assert seen("行\n\n 行", "港") == "行 行"


def test_an_excerpt_cuts_no_word():
    text = "The hairs of one shelf about a quiet harbour and the sea. Last month a boy asked."
    assert seen(text, "sea", length=46) == "…about a quiet harbour and the [sea]. Last month…"
    assert seen(text, "hairs", length=15) == "The [hairs] of…"
    assert (
        seen("x" * 50 + "港" + "y" * 50, "港", length=70)
        == "…" + "x" * 30 + "[港]" + "y" * 39 + "…"
    )
    assert seen("海" * 50 + "NATO港" + "海" * 40, "港", length=40).startswith(
        "…" + "海" * 26 + "NATO"
    )


def test_a_mark_at_the_end_is_cut_with_the_text():
    assert seen("港" + "空" * 9 + "港町", "港 港町", length=11) == "[港]" + "空" * 9 + "[港]…"


@given(st.text(max_size=60))
def test_a_folded_text_is_traced_to_its_characters(text):
    form, origin = _fold_with_origin(text)
    assert len(origin) == len(form) + 1
    assert list(origin) == sorted(origin)
    assert origin[-1] == len(text)


@given(st.text("日本ｶﾞé…①㌔ Ａa\u0301ß-", max_size=30))
def test_usual_texts_are_traced_as_they_are_indexed(text):
    assert _fold_with_origin(text)[0] == fold_text(text)


@given(st.text(max_size=60), st.text(min_size=1, max_size=5))
def test_marking_changes_no_character(text, query):
    parts = mark_text(text, build_pattern(Query(query).phrases))
    assert "".join(part.text for part in parts) == text


def test_the_words_of_a_body_are_those_that_readers_see():
    html = (
        "<h2>一</h2><p>海<em>底</em>の<br>線 &amp; 港</p><ul><li>甲</li><li>乙</li></ul>"
        '<figure><img data-file="7"><figcaption>作図</figcaption></figure>'
    )
    assert extract_text(html) == "一\n海底の\n線 & 港\n甲\n乙\n作図"
    assert extract_text(" ") == extract_text("") == ""
