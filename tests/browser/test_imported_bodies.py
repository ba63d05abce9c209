"""An imported article opened in the editor, changed by a word and saved: nothing else is lost."""

import re

import pytest
from playwright.sync_api import expect

from articles.body.stored import sanitize_body
from articles.web.html import parse_html
from newsroom.importing.kept_edits import list_contents
from newsroom.wordpress.markup.article_html import convert_content
from newsroom.wordpress.markup.conversion_context import ConversionContext
from tests import factories, staff
from tests.articles.admin_forms import address

NOTES = '[{"content":"脚注の<em>本文</em>","id":"aaa-1"},{"content":"二つ目","id":"b"}]'
CONTENT = """
<!-- wp:paragraph --><p>港の朝。<a href="#mokuji-1">第一章</a>、<a href="#para">段落</a>、
<a href="#item">項</a><sup data-fn="aaa-1" class="fn"><a href="#aaa-1" id="aaa-1-link">1</a></sup>
<sup data-fn="b" class="fn"><a href="#b" id="b-link">2</a></sup></p><!-- /wp:paragraph -->
<!-- wp:heading --><h2 id="mokuji-1">第一章</h2><!-- /wp:heading -->
<!-- wp:paragraph --><p id="para">これは<strong><em>強い</em></strong><em><strong>文</strong></em>
<a href="https://a.example/" title="題"><strong>先</strong></a><strong><a href="/x/">前</a></strong>
<cite>書</cite><s><b>線</b></s>H<sub>2</sub>O <code>x = 1</code><b><code>y</code></b>
<ruby>港<rt>みなと</rt>湾<rt>わん</rt></ruby>。<br>次の行。</p><!-- /wp:paragraph -->
<!-- wp:html --><p>式<math display="block"><mfrac><mi>x</mi><mn>2</mn></mfrac></math>と</p>
<ol start="5" type="A" reversed><li>五</li><li value="9">四
<ul><li>内<p>二段目</p></li></ul></li></ol>
<ul><li id="item">項目</li><li><b>太</b>字</li></ul>
<dl><dt>語</dt><dd>意味</dd><dd><p>一</p><p>二</p></dd></dl>
<table><caption>表の題</caption><thead><tr><th>年</th><th align="center">数</th></tr></thead>
<tbody><tr><td rowspan="2">一</td><td align="right">2,000</td></tr>
<tr><td><b>3</b></td></tr></tbody>
<tfoot><tr><td colspan="2">計</td></tr></tfoot></table>
<blockquote><p>引用</p><cite>誰か</cite></blockquote><hr>
<details><summary>問い</summary><p>答え</p></details>
<pre>一行
	二行  <b>
    三行</pre>
<pre><code>a &lt; b</code></pre>
<iframe src="https://www.youtube.com/embed/abcdefghijk"></iframe>
<audio src="https://a.example/a.mp3"></audio><!-- /wp:html -->
<!-- wp:footnotes /-->
"""


@pytest.fixture
def scripts():
    """The admin needs JavaScript."""
    return True


def list_attributes(html):
    """Return the elements of a body that have attributes: ids, numbers, alignments, links."""
    elements = (each for each in parse_html(html).iter() if each.tag != "a" and each.attrib)
    return [(each.tag, sorted(each.items())) for each in elements]


def test_a_changed_word_changes_nothing_else(page, let_in):
    body = sanitize_body(convert_content(CONTENT, ConversionContext(footnotes=NOTES)))
    article = factories.article(status="draft", published_at=None, body=body)
    let_in(page, staff.editor())
    page.goto(address(article))
    expect(page.locator(".tiptap math")).to_be_visible()
    page.locator(".tiptap > p").first.click()
    page.keyboard.press("Home")
    page.keyboard.type("新")
    expect(page.locator("#id_body")).to_have_value(re.compile("^<p>新"))
    sent = sanitize_body(page.locator("#id_body").input_value())
    assert list_attributes(sent) == list_attributes(body)
    assert list_contents(sent) == list_contents(body.replace("港の朝", "新港の朝", 1))
