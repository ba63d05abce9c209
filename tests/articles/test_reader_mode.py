"""What the reader mode of browsers takes from an article: headline, lead, picture, text, sources.

The rules are those of Mozilla's Readability 0.6, which Firefox has: it drops elements by their
role, by these words in their class and id, and all footers and asides.
"""

import re

import pytest

from tests import factories
from tests.pictures import stored_once
from tests.reading import read

pytestmark = [pytest.mark.django_db, pytest.mark.once]

UNLIKELY = re.compile(
    "-ad-|ai2html|banner|breadcrumbs|combx|comment|community|cover-wrap|disqus|extra|footer|gdpr"
    "|header|legends|menu|related|remark|replies|rss|shoutbox|sidebar|skyscraper|social|sponsor"
    "|supplemental|ad-break|agegate|pagination|pager|popup|yom-remote",
    re.I,
)
LIKELY = re.compile("and|article|body|column|content|main|mathjax|shadow", re.I)
ROLES = {
    *("menu", "menubar", "complementary", "navigation", "alert", "alertdialog", "dialog"),
}


def is_dropped(element):
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return (
        element.tag in {"footer", "aside", "script", "form", "button"}
        or element.get("role") in ROLES
        or (UNLIKELY.search(names) and not LIKELY.search(names))
    )


def collect(element):
    """Return the texts of an element that are not dropped, in order."""
    if is_dropped(element):
        return []
    texts = [element.text or ""]
    for child in element:
        texts += collect(child) if isinstance(child.tag, str) else []
        texts.append(child.tail or "")
    return [text.strip() for text in texts if text.strip()]


def test_it_takes_the_article_and_nothing_else(client):
    category = factories.category("国内")
    article = factories.article(
        title="修理船に二隻目",
        lead="港の一日を伝える。",
        slug="ship",
        category=category,
        author=factories.user("hayase", display_name="早瀬ちとせ"),
        lead_image=stored_once(image_alt_text="岸壁の船", caption="整備中。", copyright="写真部"),
        body="<p>本文の始まり。</p>" + "<h2>見出し</h2><p>続き。</p>" * 5,
    )
    article.sources.create(title="年次報告", publisher="協会", url="https://example.org/a")
    article.tags.add("通信")
    other = factories.article(title="別の記事", category=category)
    article.related_links.create(related=other, position=1)
    factories.comment(article, text="最初の一言")
    (main,) = read(client, "/articles/ship/").xpath("//main")
    texts = collect(main)
    assert texts[:5] == [
        "港の一日を伝える。",
        "整備中。",
        "出典: 写真部",
        "本文の始まり。",
        "見出し",
    ]
    assert texts[-4:] == ["続き。", "参考", "年次報告", "協会"]
    assert len(texts) == 4 + 2 * 5 + 3
    (headline,) = main.xpath(".//h1")
    assert headline.text_content() == "修理船に二隻目"  # the reader shows the title itself


def test_parts_are_apart_where_the_text_is_copied(client):
    image = stored_once(caption="整備中。", copyright="写真部")
    factories.article(
        slug="ship",
        lead_image=image,
        body=f'<figure><img data-file="{image.pk}"></figure>',
        author=factories.user("hayase", display_name="早瀬ちとせ"),
    )
    article = factories.article(category=factories.category("国内"))
    factories.comment(article, text="最初の一言", name="海鳥#鍵", reader=factories.reader())
    words = " ".join(read(client, "/articles/ship/").find(".//main").text_content().split())
    assert words.count("整備中。 出典: 写真部") == 2
    assert "早瀬ちとせ " in words
    words = read(client, article.get_absolute_url()).xpath(
        "string(//header[@class='comment__head'])"
    )
    assert re.fullmatch(r">>1 海鳥 ◆\w+ ID:\S+ \S+ \S+ \S+", " ".join(words.split()))
    row = " ".join(read(client, "/").xpath("string(//main)").split())
    assert re.search(r"国内 [^国]*\d+:\d\d 1 ?件?", row)
