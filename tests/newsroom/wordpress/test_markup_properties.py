"""Properties of the conversion: any content becomes well-nested HTML of an article."""

from html.parser import HTMLParser

from hypothesis import given
from hypothesis import strategies as st

from articles.body import stored
from newsroom.wordpress.markup.article_html import convert_content
from tests.newsroom.wordpress.known_site import IMAGE, convert

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
        *("<math>", "<mi>", "<mfrac>", "</math>", "</mi>", "</ruby>", '<td align="right">'),
        *("<script>", "<svg>", "<caption>", "<thead>", "<cite>", "<br>", "<hr>", "<textarea>"),
    ]
)
VOID = {"br", "hr", "img"}
PHRASING = {"p", "h2", "h3", "h4", "pre", "figcaption", "dt", "caption"}
BLOCKS = {"p", "h2", "h3", "h4", "ul", "ol", "dl", "table", "blockquote", "figure", "pre", "hr"}


class Nesting(HTMLParser):
    """Fails for an element in a wrong place and for one that is not closed."""

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
    """The body allows all that the conversion writes (images aside)."""
    html = convert_content(content)
    assert list_tags(stored.sanitize_body(html)) == list_tags(html)


def list_tags(html):
    """Return tags and texts, to compare HTML with other escapes."""
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
    html = convert("<div><blockquote>" * 5_000 + "底")
    assert "底" in html
    assert html.count("<blockquote>") < 60
