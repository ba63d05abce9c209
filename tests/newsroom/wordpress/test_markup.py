"""WordPress's content as an article's body: what each kind of markup becomes."""

import pytest

from newsroom.wordpress.markup.article_html import extract_text
from tests.newsroom.wordpress.known_site import FIGURE, IMAGE, convert

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
    "code keeps its lines": ("<pre>a\n\n  b</pre>", "<pre><code>a\n\n  b</code></pre>"),
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
    "what stands in an iframe": (
        '<iframe src="https://v.example/1"><img src="https://[">中</iframe>後',
        '<p><a href="https://v.example/1">https://v.example/1</a></p><p>後</p>',
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
    "ruby": (
        "一<b><ruby>港<rp>(</rp><rt>みなと</rt><rp>)</rp></ruby></b> 二",
        "<p>一<strong><ruby>港<rp>（</rp><rt>みなと</rt><rp>）</rp></ruby></strong> 二</p>",
    ),
    "a reading without its word": ("<rt>みなと</rt>", "<p>（みなと）</p>"),
    "scripts and styles": ("<script>a</script><style>b</style>一", "<p>一</p>"),
    "two breaks part paragraphs": ("一<br><br><br>二", "<p>一</p><p>二</p>"),
    "angle brackets": ("1 &lt; 2 &amp;amp; 3", "<p>1 &lt; 2 &amp;amp; 3</p>"),
    "a paragraph in a paragraph": ("<p>一<p>二</p></p>", "<p>一</p><p>二</p>"),
}


@pytest.mark.parametrize("case", CASES)
def test_markup_becomes_clean_html(case):
    content, expected = CASES[case]
    assert convert(content) == expected


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
    assert extract_text(html) == text


def test_style_attributes_emphasize_and_hide():
    content = (
        '<p>市は<span style="font-weight: bold">三月</span>に'
        '<span style="display:none">広告</span>、<b style="font-weight:400">四月</b>にも。</p>'
    )
    assert convert(content) == "<p>市は<strong>三月</strong>に、四月にも。</p>"
