"""Headlines in phrases: found when they are saved, and shown wherever a headline stands."""

import json
import re
from io import StringIO

import pytest
from django.core.management import call_command

from articles.headline_phrases import split_phrases
from articles.models import Article, Category, Series
from articles.web.languages import PHRASE_MARK as MARK
from articles.web.languages import TextInLanguage, mark_phrases
from newsroom.models import Edition
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories
from tests.reading import read

TITLE = "修理船、二隻目が四月に就航へ 海底ケーブル断線"
BREAK_IN_ATTRIBUTE = re.compile(r'="[^"<>]*(?:<wbr|<span|&lt;wbr|&lt;span)')


def split(text):
    return split_phrases(text).split(MARK)


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        ("旧冷凍倉庫、解体か保存か", ["旧冷凍倉庫、", "解体か", "保存か"]),
        ("市議会が1,200万円の予算案", ["市議会が", "1,200万円の", "予算案"]),
        ("人口が12.5%減った町", ["人口が", "12.5%減った", "町"]),
        ("深さ一・二メートルの水路", ["深さ一・二メートルの", "水路"]),
        ("午前10時30分に始発", ["午前10時30分に", "始発"]),
        ("港 朝", ["港 朝"]),
        ("A second ship", [""]),
        ("", [""]),
    ],
)
def test_a_headline_is_split_between_phrases_and_in_no_number(text, phrases):
    found = split(text)
    assert "".join(found) in (text, "")
    numbers = r"[0-9,.]+(?:万円|%|時|分)|一・二メートル"
    for number in re.findall(numbers, text):
        assert any(number in phrase for phrase in found), found
    assert len(found) >= len(phrases) - 1
    if not re.search(numbers, text):
        assert found == phrases


def test_marks_of_the_writer_are_no_breaks():
    assert split(f"旧冷凍{MARK}倉庫の跡") == split("旧冷凍倉庫の跡")


def test_html_breaks_between_phrases_at_the_blanks_first():
    html = mark_phrases(split_phrases("港で<b>1・2号\u3000競りが再開"))
    assert html.startswith('<span class="headline"><span class="headline__part">港で')
    assert '<span class="headline__number">1・2</span>号' in html
    assert "&lt;b&gt;" in html
    assert "</span>\u3000<span" in html  # the blank itself stays, for those who copy
    assert "<wbr>" in html
    assert mark_phrases("港") == "港"


def test_a_part_of_a_headline_keeps_its_phrases():
    title = TextInLanguage("港で競り再開", "ja", f"港で{MARK}競り{MARK}再開")
    assert title.cut(0, 3).phrases == f"港で{MARK}競"
    assert title.cut(2, 6).phrases == f"競り{MARK}再開"
    stale = TextInLanguage("別の題", "ja", f"港で{MARK}競り")
    assert stale.__html__() == "別の題"


@pytest.mark.django_db
class TestSaving:
    def test_each_way_to_save_finds_them(self):
        article = factories.article(title=TITLE)
        assert article.phrases == split_phrases(TITLE)
        article.title = "旧冷凍倉庫の跡"
        article.save(update_fields=["title"])
        article.refresh_from_db()
        assert article.phrases == split_phrases("旧冷凍倉庫の跡")
        fresh = Article(title=TITLE, slug="bulk", language="")
        Article.objects.bulk_create([fresh])
        assert Article.objects.get(slug="bulk").phrases == split_phrases(TITLE)
        assert Series.objects.create(title="港の百年史", slug="port").phrases
        assert factories.category("暮らしと文化").phrases == f"暮らしと{MARK}文化"

    def test_english_has_none(self):
        assert factories.article(title="A ship 船", language="en").phrases == ""

    def test_a_command_fills_in_what_older_rows_lack(self):
        article = factories.article(title=TITLE)
        category = factories.category("暮らしと文化")
        Article.objects.update(phrases="")
        Category.objects.update(phrases="")
        version, (edition, _created) = article.version, Edition.objects.get_or_create(pk=1)
        out = StringIO()
        call_command("split_headlines", dry_run=True, stdout=out)
        assert Article.objects.get().phrases == ""
        call_command("split_headlines", stdout=out)
        assert out.getvalue().split("\n")[:2] == ["2 headlines.", "2 headlines."]
        article.refresh_from_db()
        category.refresh_from_db()
        assert MARK in article.phrases
        assert MARK in category.phrases
        assert article.version > version
        assert Edition.objects.get().number > edition.number
        call_command("split_headlines", stdout=out)
        assert out.getvalue().endswith("\n0 headlines.\n")


@pytest.mark.once
@pytest.mark.django_db
class TestPages:
    PATHS = ["/", "/articles/ship/", "/articles/other/", "/categories/life/", "/series/port/"]
    PATHS += ["/search/?q=修理船", "/articles/ship/withdrawn", "/comments/1/", "/feeds/", "/me/"]

    @pytest.fixture
    def answers(self, client):
        category = factories.category("暮らしと文化", slug="life")
        series = Series.objects.create(title="港で働く人の百年史", slug="port")
        article = factories.article(
            title=TITLE, slug="ship", category=category, series=series, featured=True
        )
        article.body = "<h2>旧冷凍倉庫の跡に残る音</h2><p>港の朝。</p><h2>次の船</h2>"
        article.save()
        comment = factories.comment(article, text="船が来る。")
        other = factories.article(title="岸壁で工事が続く", slug="other", category=category)
        other.related_links.create(related=article, position=1)
        renew_all_rankings()
        paths = [path.replace("/1/", f"/{comment.pk}/") for path in self.PATHS]
        paths.append(f"/threads/{article.pk}/search/")
        return {path: client.get(path, follow=True).content.decode() for path in paths}

    def test_no_headline_is_without_its_phrases(self, answers):
        for path, html in answers.items():
            visible = re.sub(r"(?s)<head>.*?</head>|<script.*?</script>|=\"[^\"]*\"", "", html)
            assert "修理船、二隻目" not in visible, path
        assert "暮らしと<wbr>文化" in answers["/categories/life/"]
        assert "<wbr>百年史" in answers["/series/port/"]

    def test_breaks_stand_in_no_attribute_title_or_data(self, answers):
        for path, html in answers.items():
            assert not BREAK_IN_ATTRIBUTE.search(html), path
            assert "<wbr" not in re.search("(?s)<title>(.*?)</title>", html)[1], path
            assert "wbr" not in "".join(re.findall("(?s)<script.*?</script>", html)), path
            assert MARK not in html, path
            assert "&lt;wbr" not in html, path

    def test_headings_of_the_text_have_theirs(self, answers):
        assert "旧冷凍倉庫の<wbr>" in answers["/articles/ship/"]
        contents = answers["/articles/ship/"].split('class="article__contents-list"')
        assert len(contents) == 1 or "旧冷凍倉庫の<wbr>" in contents[1]

    def test_feeds_and_data_hold_the_plain_text(self, client, answers):
        for path in ("/feed/", "/feed/atom/", "/sitemap-news.xml"):
            text = client.get(path).content.decode()
            assert TITLE in text, path
            assert "wbr" not in text
        page = read(client, "/articles/ship/")
        node = json.loads(page.xpath("//script[contains(., 'NewsArticle')]/text()")[0])
        assert (node["headline"], node["articleSection"]) == (TITLE, "暮らしと文化")
        assert page.xpath("string(//h1)").strip() == TITLE
