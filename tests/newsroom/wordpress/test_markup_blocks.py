"""Lists, tables and the block editor's blocks in an article's body."""

import pytest

from newsroom.wordpress.markup.article_html import convert_content
from tests.newsroom.wordpress.known_site import FIGURE, IMAGE, Known, convert

CASES = {
    # Lists and definitions
    "a list in a list": (
        "<ol start=3><li>一<ul><li>二</li></ul></li></ol>",
        '<ol start="3"><li>一<ul><li>二</li></ul></li></ol>',
    ),
    "a list wrongly in a list": (
        "<ul><li>一</li><ul><li>二</li></ul></ul>",
        "<ul><li>一<ul><li>二</li></ul></li></ul>",
    ),
    "an item without a list": ("<li>一</li>", "<ul><li>一</li></ul>"),
    "definitions": ("<dl><dt>語</dt><dd>意味</dd></dl>", "<dl><dt>語</dt><dd>意味</dd></dl>"),
    "a definition without a term": ("<dl><dd>意味</dd></dl>", "<p>意味</p>"),
    "details": (
        "<details><summary>題</summary><p>文</p></details>",
        "<p><strong>題</strong></p><p>文</p>",
    ),
    # Tables
    "a table": (
        '<table border="1" width="9"><tr><th>a</th><td align=right>b</td></tr></table>',
        '<table><tbody><tr><th>a</th><td class="align-right">b</td></tr></tbody></table>',
    ),
    "a table's parts in order": (
        "<table><tbody><tr><td>b</td></tr></tbody><thead><tr><th>a</th></tr></thead></table>",
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
    ),
    "a table's caption": (
        "<figure><table><tr><td>a</td></tr></table><figcaption>表</figcaption></figure>",
        "<figure><table><tbody><tr><td>a</td></tr></tbody></table><figcaption>表</figcaption></figure>",
    ),
    "spans that meet nothing": (
        "<table><tr><td colspan=5 rowspan=9>a</td></tr></table>",
        "<table><tbody><tr><td>a</td></tr></tbody></table>",
    ),
    "spans that overlap": (
        "<table><tr><td>a</td><td rowspan=2>b</td></tr><tr><td colspan=2>c</td></tr></table>",
        '<table><tbody><tr><td>a</td><td rowspan="2">b</td></tr>'
        "<tr><td>c</td></tr></tbody></table>",
    ),
    "a table without cells": ("<table><tr></tr></table>", ""),
    # The block editor
    "paragraph block": (
        '<!-- wp:paragraph {"align":"left"} -->\n<p class="x" style="color:red">一\n二</p>\n'
        "<!-- /wp:paragraph -->",
        "<p>一 二</p>",
    ),
    "image block": (
        f'<!-- wp:image {{"id":5}} --><figure class="wp-block-image">{IMAGE}'
        "<figcaption>朝</figcaption></figure><!-- /wp:image -->",
        '<figure><img data-file="50" alt="海"><figcaption>朝</figcaption></figure>',
    ),
    "gallery block of old": (
        '<!-- wp:gallery --><ul class="wp-block-gallery"><li class="blocks-gallery-item"><figure>'
        f"{IMAGE}</figure></li></ul><!-- /wp:gallery -->",
        FIGURE,
    ),
    "gallery block of today": (
        '<!-- wp:gallery --><figure class="wp-block-gallery"><!-- wp:image --><figure>'
        f"{IMAGE}<figcaption>一</figcaption></figure><!-- /wp:image --><!-- wp:image --><figure>"
        f"{IMAGE}</figure><!-- /wp:image --><figcaption>全部</figcaption></figure>"
        "<!-- /wp:gallery -->",
        '<figure><img data-file="50" alt="海"><figcaption>一</figcaption></figure>'
        f"{FIGURE}<p>全部</p>",
    ),
    "embed block": (
        '<!-- wp:embed {"url":"https://a.example/x"} --><figure class="wp-block-embed">'
        '<div class="wp-block-embed__wrapper">\nhttps://a.example/x\n</div>'
        "<figcaption>動画</figcaption></figure><!-- /wp:embed -->",
        '<p><a href="https://a.example/x">https://a.example/x</a></p><p>動画</p>',
    ),
    "quote block": (
        '<!-- wp:quote --><blockquote class="wp-block-quote"><!-- wp:paragraph --><p>一</p>'
        "<!-- /wp:paragraph --><cite>誰か</cite></blockquote><!-- /wp:quote -->",
        "<blockquote><p>一</p><p><cite>誰か</cite></p></blockquote>",
    ),
    "columns": (
        '<!-- wp:columns --><div class="wp-block-columns"><!-- wp:column --><div>'
        "<!-- wp:paragraph --><p>左</p><!-- /wp:paragraph --></div><!-- /wp:column -->"
        "<!-- wp:column --><div><!-- wp:paragraph --><p>右</p><!-- /wp:paragraph --></div>"
        "<!-- /wp:column --></div><!-- /wp:columns -->",
        "<p>左</p><p>右</p>",
    ),
    "button": (
        '<!-- wp:buttons --><div><!-- wp:button --><div class="wp-block-button">'
        '<a class="wp-block-button__link" href="https://a.example/">押す</a></div>'
        "<!-- /wp:button --></div><!-- /wp:buttons -->",
        '<p><a href="https://a.example/">押す</a></p>',
    ),
    "file block": (
        '<!-- wp:file --><div class="wp-block-file"><a href="https://a.example/a.pdf">資料</a>'
        '<a href="https://a.example/a.pdf" class="wp-block-file__button" download>受け取る</a>'
        "</div><!-- /wp:file -->",
        '<p><a href="https://a.example/a.pdf">資料</a></p>',
    ),
    "cover with its image in the style": (
        '<!-- wp:cover {"url":"https://old.example/a.jpg","id":5} --><div class="wp-block-cover">'
        "<p>表紙</p></div><!-- /wp:cover -->",
        '<figure><img data-file="50" alt=""></figure><p>表紙</p>',
    ),
    "latest posts": ("<!-- wp:latest-posts /--><p>一</p>", "<p>一</p>"),
    "a whole query": (
        "<!-- wp:query --><div><!-- wp:post-template --><!-- wp:post-title /-->"
        "<!-- /wp:post-template --><p>中</p></div><!-- /wp:query --><p>後</p>",
        "<p>後</p>",
    ),
    "separator and spacer": (
        '<!-- wp:separator --><hr class="x"/><!-- /wp:separator --><!-- wp:spacer -->'
        '<div style="height:9px"></div><!-- /wp:spacer -->',
        "<hr>",
    ),
    "a classic part between blocks": (
        "<!-- wp:paragraph --><p>一</p><!-- /wp:paragraph -->\n\n二\n三\n\n四",
        "<p>一</p><p>二<br>三</p><p>四</p>",
    ),
    "a reusable block": ('<!-- wp:block {"ref":1} /-->', "<p>共通</p>"),
    "a reusable block in itself": ('<!-- wp:block {"ref":2} /-->', ""),
    "an unclosed block": ("<!-- wp:paragraph --><p>一</p>", "<p>一</p>"),
    "a block closed twice": (
        "<!-- wp:paragraph --><p>一</p><!-- /wp:paragraph --><!-- /wp:paragraph -->",
        "<p>一</p>",
    ),
    "a block with broken attributes": (
        "<!-- wp:paragraph {broken -->\n<p>一</p>\n<!-- /wp:paragraph -->",
        "<p>一</p>",
    ),
    "a block of a plugin": (
        '<!-- wp:shop/box {"a":1} --><div class="box">中</div><!-- /wp:shop/box -->',
        "<p>中</p>",
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_structures_become_clean_html(case):
    content, expected = CASES[case]
    assert convert(content) == expected


def test_footnotes_come_from_their_meta():
    html = convert(
        '<!-- wp:paragraph --><p>文<sup data-fn="a"><a href="#a">1</a></sup></p>'
        "<!-- /wp:paragraph --><!-- wp:footnotes /-->",
        footnotes='[{"id":"a","content":"出典は<em>港</em>"}]',
    )
    note = '<ol><li id="note-1">出典は<em>港</em></li></ol>'
    assert html == f'<p>文<sup><a href="#note-1">1</a></sup></p>{note}'


def test_what_is_left_out_is_told():
    context = Known()
    convert_content(
        "<!-- wp:calendar /--><!-- wp:query --><!-- wp:post-title /--><!-- /wp:query -->"
        '<!-- wp:html --><table><tr><td><img src="https://x.example/a.jpg"></td></tr></table>'
        '[form id="1"][note]文[/note]'
        "<!-- /wp:html -->",
        context,
    )
    assert context.remarks == {
        "block “calendar” skipped": 1,
        "block “query” skipped": 1,
        "image not in the media library: replaced with a link": 1,
        "shortcode [form] skipped": 1,
        "shortcode [note] replaced with its text": 1,
    }
