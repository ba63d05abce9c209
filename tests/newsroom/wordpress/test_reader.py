"""The reader: every record of a good export, and what is left of a broken one."""

from datetime import UTC, datetime
from tempfile import NamedTemporaryFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.importing.broken_export import BrokenExport
from newsroom.wordpress.wxr import records as record_types
from newsroom.wordpress.wxr.reader import read_records
from newsroom.wordpress.wxr.scan import LIMIT, Scanner, map_export
from tests.newsroom.wordpress import wxr

TOKYO = ZoneInfo("Asia/Tokyo")


def stream(data, *, limit=LIMIT, **options):
    """Yield the records of an export."""
    with NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        with map_export(file.name) as text:
            yield from read_records(Scanner(text, limit=limit), timezone=TOKYO, **options)


def read(data, **options):
    return list(stream(data, **options))


def of(kind, found):
    return [record for record in found if isinstance(record, kind)]


def items(data, **options):
    return of(record_types.Item, read(data, **options))


def remarks(data, **options):
    return [(one.line, one.text) for one in of(record_types.Remark, read(data, **options))]


def test_the_site_comes_first_then_people_terms_and_items():
    found = read(
        wxr.export(
            wxr.author("writer", 3, "港 太郎"),
            wxr.category("news", "ニュース"),
            wxr.category("%e6%b8%af", "港", parent="news"),
            wxr.tag("boat", "船"),
            wxr.item(5),
        )
    )
    site, author, news, harbour, tag, item = found
    assert site.base_url == "https://old.example"
    assert (author.login, author.old_id, author.display_name) == ("writer", 3, "港 太郎")
    assert (news.slug, news.name, news.parent) == ("news", "ニュース", "")
    assert (harbour.slug, harbour.name, harbour.parent) == ("港", "港", "news")
    assert (tag.slug, tag.name) == ("boat", "船")
    assert item.old_id == 5


def test_an_item_brings_everything_that_hangs_on_it():
    data = wxr.export(
        wxr.item(
            9,
            wxr.term("category", "news", "ニュース"),
            wxr.term("post_tag", "%e6%b8%af", "港"),
            wxr.meta("_thumbnail_id", 12),
            wxr.meta("_wp_old_slug", "%e5%8f%a4"),
            wxr.comment(1, meta={"wpdiscuz_votes": 4, "note": "203.0.113.9"}),
            title="<b>題</b>",
            slug="%e6%96%b0",
            excerpt="要約",
            sticky=1,
            password="secret",
            comments="closed",
            parent=2,
        )
    )
    (item,) = items(data)
    assert item.title == "<b>題</b>"
    assert item.slug == "新"
    assert item.excerpt == "要約"
    assert item.sticky
    assert item.has_password
    assert not item.comments_open
    assert (item.parent, item.thumbnail, item.old_slugs) == (2, 12, ["古"])
    assert item.published_at == datetime(2020, 1, 2, 3, tzinfo=UTC)
    assert [(term.domain, term.slug, term.name) for term in item.terms] == [
        ("category", "news", "ニュース"),
        ("post_tag", "港", "港"),
    ]
    (comment,) = item.comments
    assert comment.meta == {"wpdiscuz_votes": 4}


def test_nothing_private_of_a_commenter_leaves_the_reader():
    data = wxr.export(wxr.item(1, wxr.comment(1), wxr.comment(2, type="pingback")))
    told = repr(read(data))
    for secret in ("reader@private", "203.0.113.77"):
        assert secret in data.decode()
        assert secret not in told
    comment, pingback = items(data)[0].comments
    assert comment.url == ""
    assert pingback.url == "https://private.example/?a=1&b=2"


def test_dates_without_gmt_are_local_and_zero_dates_are_none():
    local = {"date_gmt": "0000-00-00 00:00:00"}
    first, second = items(
        wxr.export(wxr.item(1, **local), wxr.item(2, date="0000-00-00 00:00:00", **local))
    )
    assert first.published_at == datetime(2020, 1, 2, 12, tzinfo=TOKYO)
    assert second.published_at is None


def test_the_end_of_an_item_inside_a_text_is_no_end():
    text = "書き方: <item><title>a</title></item> と </item>"
    first, second = items(wxr.export(wxr.item(1, content=text), wxr.item(2)))
    assert first.content == text
    assert second.old_id == 2


def test_a_section_end_in_a_text_split_over_two_sections_is_joined():
    (item,) = items(wxr.export(wxr.item(1, content="if (a[b[0]]>1) { }")))
    assert item.content == "if (a[b[0]]>1) { }"


BROKEN = {
    "unescaped &": (b"?a=1&amp;b=2", b"?a=1&b=2", "unescaped &"),
    "html entity": (b"post-2/", b"post-2/&nbsp;", "unescaped &"),
    "control character": ("本文".encode(), "本\x08文".encode(), "control characters"),
    "control reference": (b"<link>", b"<link>&#11;", "control characters"),
    "invalid UTF-8": ("本文".encode(), "本".encode() + b"\xe6\x96", "invalid UTF-8"),
    "early section end": ("本文".encode(), b"a ]]> <b>c</b>", "escaped text"),
    "bare < in a field": (b"post-2/", b"post-2/?a<b", "escaped text"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_item_is_mended_and_told(case):
    before, after, remark = BROKEN[case]
    broken = wxr.item(2, wxr.comment(1)).replace("&b=2", "&amp;b=2").encode()
    assert before in broken
    head, tail = wxr.export("SPLIT").split(b"SPLIT")
    data = head + wxr.item(1).encode() + broken.replace(before, after) + tail
    assert [item.old_id for item in items(data)] == [1, 2]
    assert items(data)[1].comments[0].old_id == 1
    ((line, text),) = remarks(data)
    assert text.startswith("repaired: ")
    assert remark in text
    assert line == data[: data.index(b"<item>", data.index(b"</item>"))].count(b"\n") + 1


def test_an_item_beyond_repair_is_left_out_with_its_line_and_the_rest_is_read():
    broken = wxr.item(2).replace("<wp:post_id>", "<wp:post_id").encode()
    data = wxr.export("SPLIT").replace(
        b"SPLIT", wxr.item(1).encode() + broken + wxr.item(3).encode()
    )
    assert [item.old_id for item in items(data)] == [1, 3]
    ((line, text),) = remarks(data)
    assert text.startswith("skipped, cannot be read")
    begin = data.index(b"<item>", data.index(b"</item>"))
    end = data.index(b"</item>", begin)
    assert data.count(b"\n", 0, begin) < line <= data.count(b"\n", 0, end) + 1


def test_an_unclosed_section_costs_its_own_item_only():
    broken = wxr.item(2).replace("本文。]]></content:encoded>", "本文。")
    data = wxr.export(wxr.item(1), broken, wxr.item(3), wxr.item(4))
    assert [item.old_id for item in items(data)] == [1, 3, 4]
    assert len(remarks(data)) == 1


def test_an_item_larger_than_the_limit_is_left_out():
    data = wxr.export(wxr.item(1), wxr.item(2, content="長" * 5_000), wxr.item(3))
    assert [item.old_id for item in items(data, limit=8_000)] == [1, 3]
    ((line, text),) = remarks(data, limit=8_000)
    assert "too large" in text
    assert data.split(b"\n")[line - 1].strip() == b"<item>"


@pytest.mark.parametrize(
    ("cut", "reason"),
    [("<wp:post_name>", "inside the <item>"), ("</channel>", "before the export")],
)
def test_a_truncated_file_gives_what_is_whole_and_names_the_line(cut, reason):
    data = wxr.export(wxr.item(1), wxr.item(2))
    data = data[: data.rindex(cut.encode())]
    whole = []
    with pytest.raises(BrokenExport) as error:
        for record in stream(data):
            whole.append(record)
    assert [item.old_id for item in of(record_types.Item, whole)] == (
        [1] if "item" in reason else [1, 2]
    )
    assert reason in error.value.reason
    expected = (
        data[: data.rindex(b"<item>")].count(b"\n") + 1
        if "item" in reason
        else data.count(b"\n") + 1
    )
    assert error.value.line == expected


@pytest.mark.parametrize("data", [b"", b"<html><body>no</body></html>", b"\x00\xff" * 3_000])
def test_what_is_no_export_is_refused(data):
    with pytest.raises(BrokenExport, match="In WordPress choose Tools"):
        read(data)


def test_entities_of_its_own_are_refused():
    data = wxr.export(wxr.item(1)).replace(
        b"<rss", b'<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<rss', 1
    )
    with pytest.raises(BrokenExport, match="entities") as error:
        read(data)
    assert error.value.line == 3


def test_an_entity_that_nobody_declared_stays_text():
    data = wxr.export(wxr.item(1)).replace(b"/post-1/</link>", b"/post-1/&bomb;</link>")
    assert items(data)[0].link.endswith("/post-1/&bomb;")


@pytest.mark.parametrize("encoding", ["euc-jp", "shift_jis"])
def test_old_japanese_encodings_are_read(encoding):
    text = wxr.export(wxr.item(1, content="表示ソ能")).decode()
    data = text.replace('encoding="UTF-8"', f'encoding="{encoding}"').encode(encoding)
    assert items(data)[0].content == "表示ソ能"


@given(
    cut=st.integers(0, 4_000),
    junk=st.binary(max_size=30),
    length=st.integers(0, 300),
)
def test_a_damaged_export_never_breaks_the_reader(cut, junk, length):
    data = wxr.export(wxr.category("a", "あ"), wxr.item(1, wxr.comment(1)), wxr.item(2))
    damaged = data[:cut] + junk + data[cut + length :]
    try:
        found = read(damaged)
    except BrokenExport as error:
        assert 1 <= error.line <= damaged.count(b"\n") + 1
    else:
        assert {item.old_id for item in of(record_types.Item, found)} <= {0, 1, 2, 12}


def test_reading_without_comments_finds_the_same_items():
    data = wxr.export(
        wxr.item(1, wxr.comment(5), wxr.comment(6, text="</wp:comment> と </item>")),
        wxr.item(2, wxr.comment(7)).replace("</wp:comment_content>", ""),
        wxr.item(3, wxr.comment(9)).replace("]]></wp:comment_content>", "</wp:comment_content>"),
        wxr.item(4, content="<wp:comment_id>99"),
    )
    whole = {one.old_id: one for one in items(data)}
    bare = {one.old_id: one for one in items(data, with_comments=False)}
    assert set(whole) == {1, 3, 4}
    assert set(bare) == {1, 2, 3, 4}  # the broken comment of 2 is not looked at
    for old_id, item in whole.items():
        assert (bare[old_id].title, bare[old_id].content) == (item.title, item.content)
        assert bare[old_id].highest_comment >= item.highest_comment
