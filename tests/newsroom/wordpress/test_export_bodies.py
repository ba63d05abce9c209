"""The body of an article as blocks of WordPress's editor."""

from types import SimpleNamespace

import pytest

from newsroom.wordpress.export.body_blocks import build_content

ADDRESS = "https://paper.example/articles/a/"


def blocks(body, files=None):
    return build_content(body, files or {}, ADDRESS).html


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            '<p id="at-x">a <a href="#at-x">b</a></p>',
            '<!-- wp:paragraph -->\n<p id="x">a <a href="#x">b</a></p>\n<!-- /wp:paragraph -->',
        ),
        (
            "<h3>題</h3>",
            '<!-- wp:heading {"level":3} -->\n<h3 class="wp-block-heading">題</h3>\n'
            "<!-- /wp:heading -->",
        ),
        (
            '<ol start="3"><li><p>一</p><ul><li>二</li></ul></li></ol>',
            '<!-- wp:list {"ordered":true,"start":3} -->\n<ol start="3" class="wp-block-list">'
            "<!-- wp:list-item -->\n<li>一<!-- wp:list -->\n"
            '<ul class="wp-block-list"><!-- wp:list-item -->\n<li>二</li>\n<!-- /wp:list-item -->'
            "</ul>\n<!-- /wp:list --></li>\n<!-- /wp:list-item --></ol>\n<!-- /wp:list -->",
        ),
        (
            "<blockquote><p>言</p><p>— 人</p></blockquote>",
            '<!-- wp:quote -->\n<blockquote class="wp-block-quote"><!-- wp:paragraph -->\n<p>言</p>'
            "\n<!-- /wp:paragraph -->\n\n<!-- wp:paragraph -->\n<p>— 人</p>\n"
            "<!-- /wp:paragraph --></blockquote>\n<!-- /wp:quote -->",
        ),
        (
            '<figure><table><tbody><tr><td class="align-right"><p>1</p></td></tr></tbody></table>'
            "<figcaption>表</figcaption></figure>",
            '<!-- wp:table -->\n<figure class="wp-block-table"><table><tbody><tr>'
            '<td class="has-text-align-right" data-align="right">1</td></tr></tbody></table>'
            '<figcaption class="wp-element-caption">表</figcaption></figure>\n'
            "<!-- /wp:table -->",
        ),
        (
            "<p>a[gallery] [1] [/b]</p>",
            "<!-- wp:paragraph -->\n<p>a&#91;gallery] [1] &#91;/b]</p>\n<!-- /wp:paragraph -->",
        ),
        (
            "<pre><code>if a &lt; b\n  c</code></pre>",
            '<!-- wp:code -->\n<pre class="wp-block-code"><code>if a &lt; b\n  c</code></pre>\n'
            "<!-- /wp:code -->",
        ),
        (
            '<p><a href="https://youtu.be/abcdefghijk">youtu.be/abcdefghijk</a></p>',
            '<!-- wp:embed {"url":"https://youtu.be/abcdefghijk","providerNameSlug":"youtube",'
            '"responsive":true} -->\n'
            '<figure class="wp-block-embed is-provider-youtube wp-block-embed-youtube">'
            '<div class="wp-block-embed__wrapper">\nhttps://youtu.be/abcdefghijk\n</div></figure>\n'
            "<!-- /wp:embed -->",
        ),
        (
            "<dl><dt>語</dt><dd>義</dd></dl>",
            "<!-- wp:html -->\n<dl><dt>語</dt><dd>義</dd></dl>\n<!-- /wp:html -->",
        ),
        (
            "<p><ruby>港<rt>みなと</rt></ruby></p>",
            "<!-- wp:paragraph -->\n<p><ruby>港<rt>みなと</rt></ruby></p>\n<!-- /wp:paragraph -->",
        ),
    ],
)
def test_a_body_is_blocks_of_wordpress(body, expected):
    assert blocks(body) == expected


def test_pictures_that_follow_one_another_are_a_gallery():
    files = {
        pk: SimpleNamespace(
            pk=pk,
            image_alt_text="",
            caption="",
            copyright="",
            image_file=SimpleNamespace(url=f"/media/{pk}.webp"),
        )
        for pk in (1, 2)
    }
    html = blocks(
        '<figure><img data-file="1" alt="a"></figure><figure><img data-file="2"></figure>'
        '<figure><img data-file="9"></figure>',
        files,
    )
    assert html.startswith('<!-- wp:gallery {"linkTo":"none"} -->')
    assert html.count('<!-- wp:image {"id"') == html.count("<figure") - 1 == 2
    assert 'src="http' in html


def test_sound_and_links_lead_to_this_site(settings):
    html = blocks(
        '<p><a href="/media/a.mp3">音</a></p><p><a href="/articles/b/#at-x">b</a>'
        '<a href="/tags/t/">t</a></p>'
    )
    assert f'<audio controls src="{settings.SITE_URL}/media/a.mp3"></audio>' in html
    assert f'<a href="{settings.SITE_URL}/articles/b/#x">' in html
    assert '<a href="/tags/t/">' in html


def test_footnotes_are_those_of_wordpress():
    content = build_content(
        '<p>文<sup><a href="#note-1">1</a></sup></p><ol><li id="note-1"><p>注 "一"</p></li></ol>',
        {},
        ADDRESS,
    )
    [note] = content.footnotes
    assert note["content"] == '注 "一"'
    assert f'<sup data-fn="{note["id"]}" class="fn"><a href="#{note["id"]}"' in content.html
    assert content.html.endswith("<!-- wp:footnotes /-->")
