"""WordPress's content as an article's body: what each kind of markup becomes."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from articles import body
from newsroom.wordpress.markup import article_html, plain_text
from newsroom.wordpress.surroundings import Surroundings, Target

IMAGE = '<img src="https://old.example/a.jpg" class="wp-image-5" alt="海">'
FIGURE = '<figure><img data-file="50" alt="海"></figure>'


class Known(Surroundings):
    """A site with picture 5 (here 50), a gallery of 5 and 6, and one other article."""

    def picture(self, old_id, url):
        return {5: 50, 6: 60}.get(old_id, 0)

    def gallery(self):
        return [5, 6]

    def attachment_url(self, old_id):
        return f"https://old.example/{old_id}.mp3"

    def is_media_page(self, url):
        return url == "https://old.example/page-of-image/"

    def target(self, url):
        return Target("/articles/next/", "次の話") if url == "https://old.example/next/" else None

    def reusable(self, old_id):
        return {
            1: "<!-- wp:paragraph --><p>共通</p><!-- /wp:paragraph -->",
            2: '<!-- wp:block {"ref":2} /-->',
        }.get(old_id, "")


def convert(content, **fields):
    return article_html(content, Known(**fields))


CASES = {
    # The classic editor
    "blank lines part paragraphs": ("一\n\n二", "<p>一</p><p>二</p>"),
    "a newline breaks the line": ("一\n二", "<p>一<br>二</p>"),
    "windows newlines": ("一\r\n\r\n二\r\n三", "<p>一</p><p>二<br>三</p>"),
    "blank lines with spaces": ("一\n \t\n二", "<p>一</p><p>二</p>"),
    "a written break is not doubled": ("一<br />\n二", "<p>一<br>二</p>"),
    "bold over a blank line": (
        "<b>一\n\n二</b>",
        "<p><strong>一</strong></p><p><strong>二</strong></p>",
    ),
    "blocks need no paragraph": ("一\n<h2>題</h2>\n二", "<p>一</p><h2>題</h2><p>二</p>"),
    "text in a div": ("<div>一\n\n二</div>三", "<p>一</p><p>二</p><p>三</p>"),
    "quotes": ("<blockquote>一\n\n二</blockquote>", "<blockquote><p>一</p><p>二</p></blockquote>"),
    "code keeps its lines": ("<pre>a\n\n  b</pre>", "<pre>a\n\n  b</pre>"),
    "lists": ("<ul>\n<li>一</li>\n<li>二\n三</li>\n</ul>", "<ul><li>一</li><li>二<br>三</li></ul>"),
    "nothing": ("\n \n&nbsp;\n", ""),
    "more": ("一<!--more-->二", "<p>一</p><p>二</p>"),
    "more with words": ("一\n\n<!--more 続き-->\n\n二", "<p>一</p><p>二</p>"),
    "pages are joined": ("一\n<!--nextpage-->\n二", "<p>一</p><p>二</p>"),
    # Images, captions, galleries
    "an image": (IMAGE, FIGURE),
    "an image in a text": (f"前{IMAGE}後", f"<p>前</p>{FIGURE}<p>後</p>"),
    "an image that leads to itself": (
        f'<a href="https://old.example/a.jpg">{IMAGE}</a>',
        FIGURE,
    ),
    "an image that leads to its page": (
        f'<a href="https://old.example/page-of-image/">{IMAGE}</a>',
        FIGURE,
    ),
    "an image that leads elsewhere": (
        f'<a href="https://other.example/">{IMAGE}</a>',
        '<figure><img data-file="50" alt="海"><figcaption>'
        '<a href="https://other.example/">海</a></figcaption></figure>',
    ),
    "an unknown image is a link": (
        '<img src="https://other.example/b.jpg" alt="山">',
        '<p><a href="https://other.example/b.jpg">山</a></p>',
    ),
    "an unknown image without words": (
        '<img src="https://other.example/%E5%B1%B1.jpg">',
        '<p><a href="https://other.example/%E5%B1%B1.jpg">山.jpg</a></p>',
    ),
    "a smiley is its text": ('やあ<img class="wp-smiley" src="x.png" alt=":)">', "<p>やあ:)</p>"),
    "a counting pixel": ('<img src="https://t.example/p.gif" width="1" height="1">', ""),
    "an inline picture": ('<img src="data:image/gif;base64,AAAA" alt="">', ""),
    "caption": (
        f'[caption id="attachment_5" align="left" width="9"]{IMAGE} 海の<b>朝</b>[/caption]',
        '<figure><img data-file="50" alt="海">'
        "<figcaption>海の<strong>朝</strong></figcaption></figure>",
    ),
    "caption of old": (
        f'[caption id="a" caption="朝"]{IMAGE}[/caption]',
        '<figure><img data-file="50" alt="海"><figcaption>朝</figcaption></figure>',
    ),
    "gallery of all": (
        "[gallery columns=2]",
        '<figure><img data-file="50" alt=""></figure><figure><img data-file="60" alt=""></figure>',
    ),
    "gallery of some": ('[gallery ids="6"]', '<figure><img data-file="60" alt=""></figure>'),
    "gallery but one": ("[gallery exclude=5]", '<figure><img data-file="60" alt=""></figure>'),
    # Embeds
    "an address alone": (
        "前\nhttps://video.example/watch?v=1&t=2\n後",
        '<p>前</p><p><a href="https://video.example/watch?v=1&amp;t=2">'
        "https://video.example/watch?v=1&amp;t=2</a></p><p>後</p>",
    ),
    "an address in a sentence": ("見よ https://a.example/", "<p>見よ https://a.example/</p>"),
    "an own article embedded": (
        "https://old.example/next/",
        '<p><a href="/articles/next/">次の話</a></p>',
    ),
    "embed": (
        "[embed width=3]https://a.example/x[/embed]",
        '<p><a href="https://a.example/x">https://a.example/x</a></p>',
    ),
    "audio": (
        "[audio https://a.example/x.mp3]",
        '<p><a href="https://a.example/x.mp3">https://a.example/x.mp3</a></p>',
    ),
    "video": (
        '[video mp4="https://a.example/x.mp4" poster="p.jpg"][/video]',
        '<p><a href="https://a.example/x.mp4">https://a.example/x.mp4</a></p>',
    ),
    "playlist": (
        '[playlist ids="8"]',
        '<p><a href="https://old.example/8.mp3">https://old.example/8.mp3</a></p>',
    ),
    "iframe": (
        '<iframe src="//video.example/e/1" title="港"></iframe>',
        '<p><a href="https://video.example/e/1">港</a></p>',
    ),
    "object": (
        '<object><param name="movie" value="https://v.example/1"></object>',
        '<p><a href="https://v.example/1">https://v.example/1</a></p>',
    ),
    # Shortcodes nobody knows
    "unknown pair": ("[note color=red]大事[/note]", "<p>大事</p>"),
    "unknown inside unknown": ("[a x=1][b]中[/b][/a]", "<p>中</p>"),
    "unknown alone": ('前[contact-form id="3"]後', "<p>前後</p>"),
    "unknown card": (
        '[card url="https://a.example/x"]',
        '<p><a href="https://a.example/x">https://a.example/x</a></p>',
    ),
    "words in brackets": ("[追記] 直した [1] [PR] [sic]", "<p>[追記] 直した [1] [PR] [sic]</p>"),
    "a sentence in brackets": ("[St. Louis, by x=1]", "<p>[St. Louis, by x=1]</p>"),
    "escaped": ("[[gallery]]", "<p>[gallery]</p>"),
    "in code": ("<code>[gallery]</code>", "<p><code>[gallery]</code></p>"),
    "in an attribute": ('<a href="/?a=[b c=1]">い</a>', '<p><a href="/?a=[b c=1]">い</a></p>'),
    # Links
    "a link to an own article": (
        '<a href="https://old.example/next/" title="t" target="_blank">次</a>',
        '<p><a href="/articles/next/">次</a></p>',
    ),
    "a link elsewhere": (
        '<a href="https://a.example/?b=1&amp;c=2" title="題">あ</a>',
        '<p><a href="https://a.example/?b=1&amp;c=2" title="題">あ</a></p>',
    ),
    "a link inside the page": ('<a href="#top">上</a>', "<p>上</p>"),
    "a link that runs": ('<a href="javascript:alert(1)">x</a>', "<p>x</p>"),
    "a link around blocks": (
        '<a href="https://a.example/"><h2>題</h2><p>文</p></a>',
        '<h2>題</h2><p><a href="https://a.example/">文</a></p>',
    ),
    # Headings
    "h1 is the title's": ("<h1>一</h1><h2>二</h2>", "<h2>一</h2><h2>二</h2>"),
    "deep headings": ("<h2>一</h2><h6>二</h6>", "<h2>一</h2><h3>二</h3>"),
    "siblings stay siblings": ("<h4>一</h4><h4>二</h4>", "<h2>一</h2><h2>二</h2>"),
    "an image in a heading": (f"<h2>題{IMAGE}</h2>", f"<h2>題</h2>{FIGURE}"),
    "an empty heading": ("<h2> &nbsp;</h2>", ""),
    # Inline
    "old marks": (
        "<tt>a</tt><strike>b</strike><font color=red>c</font><u>d</u>",
        "<p><code>a</code><s>b</s>cd</p>",
    ),
    "doubled marks": ("<b><strong>一</strong></b>", "<p><strong>一</strong></p>"),
    "ruby": ("<ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby>", "<p>港（みなと）</p>"),
    "scripts and styles": ("<script>a</script><style>b</style>一", "<p>一</p>"),
    "two breaks part paragraphs": ("一<br><br><br>二", "<p>一</p><p>二</p>"),
    "angle brackets": ("1 &lt; 2 &amp;amp; 3", "<p>1 &lt; 2 &amp;amp; 3</p>"),
    "a paragraph in a paragraph": ("<p>一<p>二</p></p>", "<p>一</p><p>二</p>"),
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
        "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>",
    ),
    "a table's parts in order": (
        "<table><tbody><tr><td>b</td></tr></tbody><thead><tr><th>a</th></tr></thead></table>",
        "<table><thead><tr><th>a</th></tr></thead><tbody><tr><td>b</td></tr></tbody></table>",
    ),
    "a table's caption": (
        "<figure><table><tr><td>a</td></tr></table><figcaption>表</figcaption></figure>",
        "<table><caption>表</caption><tbody><tr><td>a</td></tr></tbody></table>",
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
def test_markup_becomes_clean_html(case):
    content, expected = CASES[case]
    assert convert(content) == expected


def test_footnotes_come_from_their_meta():
    html = convert(
        '<!-- wp:paragraph --><p>文<sup data-fn="a"><a href="#a">1</a></sup></p>'
        "<!-- /wp:paragraph --><!-- wp:footnotes /-->",
        footnotes='[{"id":"a","content":"出典は<em>港</em>"}]',
    )
    assert html == "<p>文<sup>1</sup></p><ol><li>出典は<em>港</em></li></ol>"


def test_what_is_left_out_is_told():
    surroundings = Known()
    article_html(
        "<!-- wp:calendar /--><!-- wp:query --><!-- wp:post-title /--><!-- /wp:query -->"
        '<!-- wp:html --><img src="https://x.example/a.jpg">[form id="1"][note]文[/note]'
        "<!-- /wp:html -->",
        surroundings,
    )
    assert surroundings.remarks == {
        "block “calendar” left out": 1,
        "block “query” left out": 1,
        "image not in the media library, a link in its place": 1,
        "shortcode [form] left out": 1,
        "shortcode [note]: only its text kept": 1,
    }


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("a <em>b</em> &amp; c", "a b & c"),
        ("<p>一</p>\n<p>二</p>", "一 二"),
        ("  空\n白  ", "空 白"),
        ("3 < 4", "3 < 4"),
    ],
)
def test_titles_and_names_are_plain_text(html, text):
    assert plain_text(html) == text


PIECES = st.sampled_from(
    [
        *("<p>", "</p>", "<div>", "</div>", "<b>", "</b>", '<a href="https://a.example/">', "</a>"),
        *("<ul>", "<li>", "</ul>", "<table>", "<tr>", '<td colspan="3" rowspan=2>', "</table>"),
        *("<blockquote>", "</blockquote>", "<h1>", "</h1>", "<h4>", "</h4>", "<pre>", "</pre>"),
        *("<figure>", "<figcaption>", "</figure>", "<dl>", "<dt>", "<dd>", "</dl>", "<ruby><rt>"),
        *("\n", "\n\n", "文", "&nbsp;", "&", "<", "<!--more-->", "[caption]", "[/caption]"),
        *(
            "[gallery]",
            "[x y=1]",
            "[/x]",
            "[[",
            "]]",
            IMAGE,
            "https://a.example/\n",
            "\0",
            "\u2029",
        ),
        *("<!-- wp:paragraph -->", "<!-- /wp:paragraph -->", "<!-- wp:calendar /-->", "<!-- "),
        *('<!-- wp:cover {"url":"https://a.example/"} -->', "<!-- /wp:cover -->", "<iframe>"),
        *('<a href="http://[">', '<img src="http://[">', '<!-- wp:cover {"url":"\\ud800"} -->a'),
        *("<script>", "<svg>", "<caption>", "<thead>", "<cite>", "<br>", "<hr>", "<textarea>"),
    ]
)
VOID = {"br", "hr", "img"}
PHRASING = {"p", "h2", "h3", "h4", "pre", "figcaption", "dt", "caption"}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "dl", "table", "blockquote", "figure", "pre", "hr"}


class Nesting(HTMLParser):
    """Fails where an element stands that may not stand there, or is not closed."""

    def __init__(self):
        super().__init__()
        self.path = []

    def handle_starttag(self, tag, attrs):
        if tag in BLOCKS:
            assert not PHRASING & set(self.path), (tag, self.path)
        if tag == "a":
            assert "a" not in self.path
        if tag == "li":
            assert self.path[-1] in {"ul", "ol"}
        if self.path and self.path[-1] in {"ul", "ol"}:
            assert tag == "li"
        if tag not in VOID:
            self.path.append(tag)

    def handle_endtag(self, tag):
        assert self.path.pop() == tag


@given(st.lists(PIECES | st.text(max_size=8), max_size=40).map("".join))
def test_any_content_becomes_rightly_nested_html_of_the_article(content):
    html = convert(content)
    nesting = Nesting()
    nesting.feed(html)
    nesting.close()
    assert nesting.path == []
    assert "\u2028" not in html
    assert "\0" not in html


@given(st.lists(PIECES.filter(lambda piece: piece != IMAGE), max_size=25).map("".join))
def test_the_article_body_keeps_all_of_it(content):
    """Nothing that the conversion writes is on no list of the body (images aside)."""
    html = article_html(content)
    assert as_seen(body.sanitised(html)) == as_seen(html)


def as_seen(html):
    """Return tags and text, however characters are escaped."""
    seen = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag, attrs):
            seen.append((tag, sorted(attrs)))

        def handle_endtag(self, tag):
            seen.append(tag)

        def handle_data(self, data):
            if seen and isinstance(seen[-1], str) and seen[-1].startswith(" "):
                data = seen.pop()[1:] + data
            seen.append(f" {data}")

    reader = Reader()
    reader.feed(html)
    reader.close()
    return [one.rstrip() if isinstance(one, str) else one for one in seen]


def test_very_deep_markup_is_survived():
    html = convert("<div><blockquote>" * 20_000 + "底")
    assert "底" in html
    assert html.count("<blockquote>") < 60
