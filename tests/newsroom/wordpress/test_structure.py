"""The structure of texts: jumps, footnotes, program text, lists, players, tables, boxes."""

from urllib.parse import unquote

import pytest

from articles.body.stored import sanitize_body
from articles.models import Article
from newsroom.wordpress.markup.article_html import convert_content
from newsroom.wordpress.markup.conversion_context import ConversionContext
from tests.newsroom.wordpress import wxr

NOTES = '[{"content":"脚注の<em>本文</em>","id":"aaa-1"},{"content":"二つ目","id":"b"}]'
MARK = '<sup data-fn="{0}" class="fn"><a href="#{0}" id="{0}-link">{1}</a></sup>'


@pytest.mark.django_db
def test_every_jump_lands(bring, client):
    contents = (
        '<ul><li><a href="#mokuji-1">第一章</a></li>'
        '<li><a href="https://old.example/2020/01/post-1/#%E7%AB%A0">第二章</a></li>'
        '<li><a href="#gone">無い章</a></li><li><a href="#para">段落</a></li></ul>'
    )
    body = (
        f'{contents}<h2 id="mokuji-1">第一章</h2><p>本文{MARK.format("aaa-1", 1)}続き'
        f'{MARK.format("b", 2)}。</p><h2 id="章">第二章</h2><p id="para">'
        'これは<a href="https://old.example/2020/01/post-2/#shiryo">資料</a>。</p>'
    )
    blocks = f"<!-- wp:html -->{body}<!-- /wp:html --><!-- wp:footnotes /-->"
    bring(
        wxr.item(1, wxr.meta("footnotes", NOTES), content=blocks),
        wxr.item(2, content='<h3 id="shiryo">資料</h3>表'),
    )
    body = unquote(Article.objects.get(slug="post-1").body)
    page = client.get("/articles/post-1/").content.decode()
    for target in ("at-mokuji-1", "at-章", "at-para", "note-1", "note-2"):
        assert f'href="#{target}"' in body
        assert f'id="{target}"' in page
    assert "#gone" not in body
    assert "無い章" in body
    assert '<li id="note-1">脚注の<em>本文</em></li>' in body
    assert 'href="/articles/post-2/#at-shiryo"' in body
    assert 'id="at-shiryo"' in client.get("/articles/post-2/").content.decode()


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a name="a"></a>文<p><a href="#a">上</a></p>', '<p id="at-a">文</p>'),
        ('<div id="b"><p>文</p></div><p><a href="#b">上</a></p>', '<p id="at-b">文</p>'),
        ('<h2><a name="c"></a>章</h2><a href="#c">上</a>', '<h2 id="at-c">章</h2>'),
        ('<a name="d"></a><h2>章</h2><a href="#d">上</a>', '<h2 id="at-d">章</h2>'),
        ('<ul><li id="e">項</li></ul><a href="#e">上</a>', '<li><p id="at-e">項</p></li>'),
    ],
)
def test_places_of_any_form_are_kept(before, after):
    html = convert_content(before)
    assert after in html
    assert 'href="#at-' in html


CODE = """[perl]
while (<IN>) {
\tif ($a[0] &lt; 2 && $x[i]) { print "[b]"; }   # <pre>

    exit;
}
[/perl]"""


def test_program_text_is_as_written_to_the_letter():
    html = convert_content(f'前\n\n{CODE}\n\n後 [code lang="c"]#include <stdio.h>[/code]')
    assert html == (
        "<p>前</p><pre><code>while (&lt;IN&gt;) {\n"
        '\tif ($a[0] &lt; 2 &amp;&amp; $x[i]) { print "[b]"; }   # &lt;pre&gt;\n\n'
        "    exit;\n}</code></pre><p>後</p>"
        "<pre><code>#include &lt;stdio.h&gt;</code></pre>"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<pre>[code]a[/code]\n  b</pre>", "<pre><code>[code]a[/code]\n  b</code></pre>"),
        ("[[code]a[/code]]", "<p>[code]a[/code]</p>"),
        ("[code]ここまで", "<p>[code]ここまで</p>"),
        ("[c] と [/c]", "<pre><code> と </code></pre>"),
        ("[CODE]a\n\n  b[/CODE]", "<pre><code>a\n\n  b</code></pre>"),
        ("<pre>  a\n\n\tb </pre>", "<pre><code>  a\n\n\tb </code></pre>"),
    ],
)
def test_only_whole_shortcodes_outside_of_pre_are_program_text(before, after):
    assert convert_content(before) == after


def test_program_text_in_blocks_is_kept():
    block = "<!-- wp:shortcode -->\n[python]\ndef f():\n    pass\n[/python]\n<!-- /wp:shortcode -->"
    context = ConversionContext()
    assert convert_content(block, context) == "<pre><code>def f():\n    pass</code></pre>"
    assert not context.remarks


VIDEO = "https://www.youtube.com/watch?v=abcdefghijk"
CARD = f'<p><a href="{VIDEO}">{VIDEO}</a></p>'
CASES = {
    "a list keeps its numbers": (
        '<ol reversed start="5" type="A"><li>五</li><li value="9">四</li></ol>',
        '<ol start="5" type="A" reversed><li>五</li><li value="9">四</li></ol>',
    ),
    "a player becomes the card of its page": (
        '<iframe src="//www.youtube-nocookie.com/embed/abcdefghijk?rel=0" title="動画"></iframe>',
        CARD,
    ),
    "a shortcode of a video": (f"[youtube {VIDEO}]", CARD),
    "one with an equals sign": (f"[youtube={VIDEO}]", CARD),
    "one around the address": (f"[embedyt]{VIDEO}[/embedyt]", CARD),
    "one with an id": ('[youtube id="abcdefghijk"]', CARD),
    "the caption of a sound": (
        '<figure><audio controls src="https://x.example/a.mp3"></audio>'
        "<figcaption>歌</figcaption></figure>",
        '<p><a href="https://x.example/a.mp3">歌</a></p>',
    ),
    "notes of a plugin": (
        "文[ref]出典[/ref]。",
        '<p>文<sup><a href="#note-1">1</a></sup>。</p><ol><li id="note-1">出典</li></ol>',
    ),
    "an accordion without its signs": (
        '<h3><button><span>問い</span><span aria-hidden="true">+</span></button></h3><p>答え</p>',
        "<h2>問い</h2><p>答え</p>",
    ),
    "a toggle with its title": (
        '[toggle title="問い"]答え[/toggle]',
        "<p><strong>問い</strong></p><p>答え</p>",
    ),
    "a button with its link": (
        '[button url="https://a.example/"]押す[/button]',
        '<p><a href="https://a.example/">押す</a></p>',
    ),
    "verse in its lines": (
        '<pre class="wp-block-verse">古池や\n  <em>蛙</em>飛びこむ\n\n水の音</pre>',
        "<p>古池や<br>\u00a0\u00a0<em>蛙</em>飛びこむ</p><p>水の音</p>",
    ),
    "preformatted text with links": (
        '<pre>前<a href="https://a.example/">先</a>\n後</pre>',
        '<p>前<a href="https://a.example/">先<br></a>後</p>',
    ),
    "program text with links": (
        '<pre class="brush: c"><a href="https://a.example/">f</a>();\n</pre>',
        "<pre><code>f();</code></pre>",
    ),
    "a file server": (
        '<a href="ftp://a.example/b">版</a>、<a href="ftp://a.example/b">ftp://a.example/b</a>',
        "<p>版 (ftp://a.example/b)、ftp://a.example/b</p>",
    ),
    "a formula of an article": (
        "式 <math display='block'><semantics><msup><mi>x</mi><mn>2</mn></msup><annotation"
        " encoding='application/x-tex'>x^2</annotation><annotation-xml><apply><ci>x</ci></apply>"
        "</annotation-xml></semantics></math> と",
        '<p>式 <math display="block"><semantics><msup><mi>x</mi><mn>2</mn></msup><annotation'
        ' encoding="application/x-tex">x^2</annotation></semantics></math> と</p>',
    ),
    "another formula as its source": (
        "式<math><semantics><apply><ci>x</ci></apply><annotation encoding='application/x-tex'>"
        "x^2</annotation></semantics></math>と<math><mfenced><mi>y</mi></mfenced></math>と"
        "[latex]b_2[/latex]",
        "<p>式<code>x^2</code>と<code>y</code>と<code>b_2</code></p>",
    ),
    "a formula that a script has drawn too": (
        '<span class="katex"><math><mi>y</mi></math><span class="katex-html" aria-hidden="true">'
        "<span>y</span></span></span>",
        "<p><math><mi>y</mi></math></p>",
    ),
    "how cells align": (
        '<table><tr align="right"><th>年</th><td class="has-text-align-center" data-align="center">'
        '中</td><td style="text-align:left">左</td><td style="text-align: justify">右</td></tr>'
        "</table>",
        '<table><tbody><tr><th class="align-right">年</th><td class="align-center">中</td>'
        '<td class="align-left">左</td><td class="align-right">右</td></tr></tbody></table>',
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_structures_are_kept(case):
    content, expected = CASES[case]
    assert convert_content(content) == expected


def test_what_a_text_loses_is_told():
    context = ConversionContext()
    content = '<form><input></form><script>a</script> <a href="#gone">x</a> [latex]a[/latex]'
    convert_content(content, context)
    assert context.remarks == {
        "element <form> left out": 1,
        "element <script> left out": 1,
        "link to a place that the text lacks: only its words remain": 1,
        "formula: its source remains as text": 1,
    }


@pytest.mark.django_db
def test_a_text_for_search_engines_that_is_a_pattern_is_told(bring):
    report = bring(wxr.item(1, wxr.meta("_yoast_wpseo_title", "%%title%% - 港")))
    assert report.remarks == {"text for search engines left out: it is a pattern of a plugin": 1}


@pytest.mark.parametrize(
    "html",
    [
        '<ol start="5" reversed=""><li>五</li><li value="9">四</li></ol>',
        '<h2 id="at-章">章</h2><p id="at-a.b">文</p>',
    ],
)
def test_a_stored_body_keeps_numbers_and_places(html):
    assert sanitize_body(html) == html


def test_a_stored_body_keeps_no_other_ids():
    html = '<h2 id="comments">章</h2><p id="at-a">文</p><p id="at-a">文</p>'
    assert sanitize_body(html) == '<h2>章</h2><p id="at-a">文</p><p>文</p>'
