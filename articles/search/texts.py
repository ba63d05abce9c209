"""The indexed texts of an article: title, tags, bylines, lead and body."""

from articles.search.index import ARTICLE, Entry
from articles.web.html import parse_html

# Elements that separate words; others may be inside a word.
SEPARATORS = (
    *("address", "blockquote", "br", "caption", "dd", "div", "dl", "dt", "figcaption", "figure"),
    *("h1", "h2", "h3", "h4", "h5", "h6", "hr", "img", "li", "ol", "p", "pre", "table", "tbody"),
    *("td", "tfoot", "th", "thead", "tr", "ul"),
)


def extract_text(html):
    """Return the text of an HTML fragment, with a line for each block."""
    root = parse_html(html)
    for part in root.xpath(".//rt | .//rp | .//annotation"):
        part.drop_tree()  # a reading would divide its word; a formula has its text already
    for element in root.iter(*SEPARATORS):
        element.text = f"\n{element.text or ''}"
        element.tail = f"\n{element.tail or ''}"
    lines = (" ".join(line.split()) for line in root.text_content().split("\n"))
    return "\n".join(line for line in lines if line)


def extract_article_text(article):
    """Return the lead and the body of an article as plain text."""
    return "\n".join(part for part in (article.lead, extract_text(article.body)) if part)


def build_entry(article):
    """Return the entry of a saved article; reading its tags and bylines takes a query each unless
    prefetched."""
    tags = [tag.name for tag in article.tags.all()]
    serial = [article.series.title] if article.series else []
    signed = [each.name for each in (*article.signatures, *article.photographers)]
    return Entry(
        kind=ARTICLE,
        object_id=article.pk,
        title="\n".join([article.title, *tags, *dict.fromkeys(signed), *serial]),
        body=extract_article_text(article),
        date=article.published_at or article.created_at,
    )
