"""The search of the list of articles: any word, tag, author, slug or pasted address."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from articles.models import Article, Redirect
from tests import factories

pytestmark = pytest.mark.django_db
LIST = "/admin/articles/article/"


@pytest.fixture(autouse=True)
def articles():
    hayase = factories.user("hayase", display_name="早瀬 ちとせ", is_staff=True)
    ship = factories.article(
        title="海底ケーブルの修理船", slug="cable-ship", author=hayase, body="<p>NATOの港へ。</p>"
    )
    ship.tags.add("離島")
    ship.index()
    factories.article(title="灯台の百年", slug="toudai-灯台", body="<p>ﾘﾁｳﾑ電池を積む。</p>")
    factories.article(title="冬の燃料", status="draft", published_at=None, body="<p>温室の幕</p>")
    factories.article(title="水深の調べ", status="review", published_at=None, author=hayase)
    factories.article(title="取り消した話", status="withdrawn")


def find(browser, text, **query):
    answer = browser.get(LIST, {"q": text, **query})
    assert answer.status_code == 200
    return [article.title for article in answer.context["cl"].result_list]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("修理船", ["海底ケーブルの修理船"]),
        ("NATO", ["海底ケーブルの修理船"]),
        ("ｎａｔｏ", ["海底ケーブルの修理船"]),
        ("リチウム", ["灯台の百年"]),
        ("離島", ["海底ケーブルの修理船"]),
        ("温室の幕", ["冬の燃料"]),
        ("取り消した", ["取り消した話"]),
        ("早瀬", ["水深の調べ", "海底ケーブルの修理船"]),
        ("hayase", ["水深の調べ", "海底ケーブルの修理船"]),
        ("早瀬　ケーブル", ["海底ケーブルの修理船"]),
        ("早瀬 灯台", []),
        ("cable-sh", ["海底ケーブルの修理船"]),
        ("灯台", ["灯台の百年"]),
        ("幕 燃料", ["冬の燃料"]),
        ("鯨", []),
        ("☆", []),
        ("%", []),
    ],
)
def test_any_word_finds_articles_in_every_state(editor, text, expected):
    assert find(editor, text) == expected


@pytest.mark.parametrize(
    "address",
    [
        "/articles/cable-ship/",
        "https://news.example/articles/cable-ship/?utm_source=mail#comments",
        "http://127.0.0.1:8000/articles/cable-ship",
        "  https://news.example/articles/cable-ship/  ",
        "/2019/07/old-ship/",
        "https://old.example/2019/07/old-ship",
        "https://news.example/articles/old-ship/?utm_source=mail",
        "https://news.example/admin/articles/article/{pk}/change/",
        "/admin/articles/article/{pk}/preview/",
    ],
)
def test_a_pasted_address_finds_its_article(editor, address):
    ship = Article.objects.get(slug="cable-ship")
    for path in ("/2019/07/old-ship/", "/articles/old-ship/"):
        Redirect.objects.remember(path, article=ship)
    assert find(editor, address.format(pk=ship.pk)) == [ship.title]


def test_a_percent_encoded_address_finds_its_article(editor):
    address = "https://news.example/articles/toudai-%E7%81%AF%E5%8F%B0/"
    assert find(editor, address) == ["灯台の百年"]


@pytest.mark.parametrize(
    "address", ["https://[", "/nowhere/", "http://", "https://x.example/", "/categories/x/", "//"]
)
def test_other_addresses_find_nothing(editor, address):
    assert find(editor, address) == []


def test_a_search_stays_within_a_filter_and_the_rights(editor, writer):
    assert find(editor, "早瀬", state="review") == ["水深の調べ"]
    assert find(writer, "早瀬") == find(writer, "/articles/cable-ship/") == []


def test_an_editor_finds_nobody_by_their_mail(editor):
    factories.article(author=factories.user("kaji", email="kaji@example.org"), title="港の朝")
    assert find(editor, "kaji@example.org") == []


def test_suggestions_search_titles_in_the_index(editor):
    query = {"app_label": "articles", "model_name": "relatedarticle", "field_name": "related"}
    for term, expected in (("ケーブ", ["海底ケーブルの修理船"]), ("NATO", []), ("", 3)):
        answer = editor.get("/admin/autocomplete/", query | {"term": term}).json()["results"]
        titles = [result["text"] for result in answer]
        assert (titles == expected) if term else len(titles) >= expected


def test_a_search_reads_the_index_once_however_many_match(editor):
    def count_queries():
        with CaptureQueriesContext(connection) as queries:
            find(editor, "修理")
        return len(queries)

    count_queries()
    few = count_queries()
    for number in range(30):
        factories.article(title=f"修理の話 {number}")
    assert count_queries() == few
