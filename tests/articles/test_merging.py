"""Three-way merges of bodies, values, names and rows."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles.merging import merge_bodies, merge_names, merge_rows, merge_value

pytestmark = pytest.mark.once
BASE = "<p>一つ目。</p><p>二つ目。</p><h2>三つ目</h2><p>四つ目。</p>"


def merge(mine, theirs, base=BASE, **choices):
    merge = merge_bodies("body", base, mine, theirs)
    merged = "".join(merge.resolve({conflict.name: "mine" for conflict in merge.conflicts}))
    return merged, merge.conflicts


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ((), (), BASE),
        (("一つ目。", "最初。"), ("四つ目。", "最後。"), None),
        (("二つ目。", "二つ目の文。"), ("一つ目。", "一つ目の文。"), None),  # neighbours
        (("<p>二つ目。</p>", ""), ("四つ目。", "最後。"), None),
        (("<h2>", "<p>新しい段落。</p><h2>"), ("二つ目。", "二つ目の文。"), None),
        (("</h2>", "</h2><p>足した段落。</p>"), ("<p>一つ目。</p>", ""), None),
        (("一つ目。", "<strong>一つ目。</strong>"), ("二つ目。", "2"), None),
        (("二つ目。", "同じ。"), ("二つ目。", "同じ。"), BASE.replace("二つ目。", "同じ。")),
    ],
)
def test_what_does_not_overlap_is_taken_from_both(mine, theirs, merged):
    both = BASE
    for change in (mine, theirs):
        both = both.replace(*change) if change else both
    versions = [BASE.replace(*change) if change else BASE for change in (mine, theirs)]
    assert merge(*versions) == (merged or both, [])


def test_the_same_place_is_a_conflict_with_both_texts():
    mine, theirs = BASE.replace("二つ目。", "わたしの文。"), BASE.replace("二つ目。", "相手の文。")
    merged = merge_bodies("body", BASE, mine, theirs)
    [conflict] = merged.conflicts
    assert (conflict.mine, conflict.theirs) == (["<p>わたしの文。</p>"], ["<p>相手の文。</p>"])
    name = conflict.name
    assert "".join(merged.resolve({name: "theirs"})) == theirs
    both = "".join(merged.resolve({name: "both"}))
    assert "<p>わたしの文。</p><p>相手の文。</p><h2>" in both


def test_a_change_of_what_the_other_removed_is_a_conflict():
    mine, theirs = BASE.replace("<p>二つ目。</p>", ""), BASE.replace("二つ目。", "二つ目の文。")
    [conflict] = merge(mine, theirs)[1]
    assert (conflict.mine, conflict.theirs) == ([], ["<p>二つ目の文。</p>"])
    assert not conflict.allows_both


def test_what_the_editor_writes_differently_is_no_change():
    table = "<table><tr><td>年</td></tr></table>"
    edited = "<table><tbody><tr><td><p>年</p></td></tr></tbody></table>"
    theirs = BASE + table.replace("年", "月")
    assert merge(BASE + edited, theirs, base=BASE + table) == (theirs, [])


def test_a_changed_link_or_picture_is_a_change():
    link = '<p><a href="/a/">港</a></p>'
    mine, theirs = link.replace("/a/", "/b/"), link.replace("/a/", "/c/")
    assert merge(mine, link, base=link) == (mine, [])
    assert len(merge(mine, theirs, base=link)[1]) == 1


PARAGRAPHS = st.lists(st.sampled_from(["港", "船と人", "霧が出た朝", "灯台"]), max_size=6).map(
    lambda texts: "".join(f"<p>{text}</p>" for text in texts)
)


@given(PARAGRAPHS, PARAGRAPHS)
def test_an_unchanged_side_gives_the_other(base, changed):
    assert merge(changed, base, base=base) == (changed, [])
    assert merge(base, changed, base=base) == (changed, [])
    assert merge(changed, changed, base=base) == (changed, [])


@given(PARAGRAPHS, PARAGRAPHS, PARAGRAPHS)
def test_no_added_paragraph_is_lost(base, mine, theirs):
    merged = merge_bodies("body", base, mine, theirs)
    both = "".join(
        merged.resolve(
            {each.name: "both" if each.allows_both else "mine" for each in merged.conflicts}
        )
    )
    for paragraph in set(mine.split("</p>")) - set(base.split("</p>")):
        assert paragraph in both


def test_a_value_is_taken_or_asked_for():
    assert merge_value("title", "一", "二", "一").resolve({}) == ["二"]
    assert merge_value("title", "一", "一", "三").resolve({}) == ["三"]
    merged = merge_value("title", "一", "二", "三")
    assert merged.resolve({"title": "theirs"}) == ["三"]
    assert merged.resolve({"title": "both"}) == ["二"]  # a title has no room for both


def test_names_are_added_and_removed_by_both():
    merged = merge_names("tags", ["港", "船"], ["港", "灯台"], ["船", "霧"])
    assert merged.resolve({}) == ["灯台", "霧"]
    assert sorted(change.side for change in merged.changes) == ["mine", "theirs"]
    assert merge_names("tags", None, ["港"], ["船"]).resolve({}) == ["港", "船"]


@pytest.mark.parametrize(
    ("mine", "theirs", "merged"),
    [
        ([1, 2, 3, 4], [1, 2, 3], [1, 2, 3, 4]),
        ([1, 2, 3, 4], [2, 3, 5], [2, 3, 5, 4]),
        ([3, 2, 1], [1, 2, 3, 4], [3, 2, 1, 4]),
        ([1, 2, 3], [3, 1, 2], [3, 1, 2]),
    ],
)
def test_rows_are_merged_with_their_order(mine, theirs, merged):
    result = merge_rows("related", [1, 2, 3], mine, theirs, key=lambda row: row)
    assert result.resolve({}) == merged
    assert result.conflicts == []
