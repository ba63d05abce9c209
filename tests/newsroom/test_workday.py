"""The start page of the desk, and the header that leads everywhere."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import ArticleChange, ReadCount
from newsroom.ranking_renewal import renew_all_rankings
from tests import factories, staff
from tests.reading import parsed, text

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def editor():
    return staff.browser_of(staff.editor())


def rows(browser):
    """Return (state, headline, verb) of the rows that say what is to be done."""
    page = parsed(browser.get("/admin/"))
    return [
        tuple(
            text(row.xpath(f".//*[contains(@class, '{name}')]")[0])
            for name in ("state__word", "rows__title", "rows__verb")
        )
        for row in page.xpath("//section[@aria-labelledby='tasks']//li")
    ]


def test_an_editor_sees_what_waits_in_its_order(editor):
    factories.article(title="自分の原稿", status="draft", author=editor.user)
    factories.article(title="他人の原稿", status="draft", author=staff.writer())
    later = timezone.localtime().replace(hour=23, minute=59, second=59)
    factories.article(title="今夜の予約", published_at=later)
    factories.article(title="来月の予約", published_at=later + timedelta(days=30))
    factories.article(title="読んでほしい", status="review", author=staff.writer("other"))
    assert rows(editor) == [
        ("確認中", "読んでほしい", "確認する"),
        ("予約", "今夜の予約", "見る"),
        ("下書き", "自分の原稿", "続ける"),
    ]


def test_a_moderator_sees_the_comments_that_wait_and_no_articles():
    moderator = staff.browser_of(staff.moderator())
    article = factories.article(title="港の記事")
    factories.comment(article, text="待つ声", state="held", reason="check")
    factories.comment(article, text="届いた声").reports.create(reason="spam")
    factories.article(title="読んでほしい", status="review")
    assert [row[:2] for row in rows(moderator)] == [
        ("確認待ち", "コメント1件が確認を待つ"),
        ("通報", "コメント1件に通報"),
    ]
    page = text(parsed(moderator.get("/admin/")))
    assert "待つ声" in page and "届いた声" in page
    assert "読んでほしい" not in page


def test_an_empty_desk_says_so_and_leads_to_a_new_article():
    writer = staff.browser_of(staff.writer())
    page = parsed(writer.get("/admin/"))
    assert "待っているものはありません" in text(page)
    assert page.xpath("//main//a[@href='/admin/articles/article/add/']")


def test_the_days_tell_what_was_published_and_what_is_scheduled(editor):
    noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
    factories.article(published_at=noon - timedelta(days=1))
    factories.article(published_at=noon + timedelta(days=2))
    page = parsed(editor.get("/admin/"))
    days = [text(day) for day in page.xpath("//li[contains(@class, 'strips__day')]")]
    assert len(days) == 7
    assert "公開1本、予約0本" in days[1] and "公開0本、予約1本" in days[4]
    [tick] = page.xpath("//*[@class='strips__scheduled']")
    assert tick.get("x1") == "50.0%"


def test_the_most_read_have_bars_as_long_as_their_numbers(editor):
    now = timezone.now().replace(minute=0, second=0, microsecond=0)
    for title, readers in (("よく読まれた", 40), ("少し読まれた", 10)):
        slots = "".join(f"{number:04x}" for number in range(readers))
        ReadCount.objects.create(article=factories.article(title=title), hour=now, slots=slots)
    renew_all_rankings()  # the desk only reads them
    page = parsed(editor.get("/admin/"))
    bars = page.xpath("//section[@aria-labelledby='read']//li")
    assert [text(bar).split() for bar in bars] == [["よく読まれた", "40"], ["少し読まれた", "10"]]
    widths = [float(bar.xpath(".//svg")[0].get("width").rstrip("%")) for bar in bars]
    assert widths[0] == 4 * widths[1]


def test_the_header_is_on_every_page_of_the_staff(editor):
    factories.article(status="review")
    for place, current in (
        ("/admin/", "机"),
        ("/admin/articles/article/", "記事"),
        ("/admin/articles/article/add/", "記事"),
        ("/admin/articles/mediafile/", "写真"),
        ("/admin/taggit/tag/", None),
    ):
        page = parsed(editor.get(place))
        tabs = page.xpath("//nav[contains(@class, 'desk-header__tabs')]/a")
        assert [text(tab).split()[0] for tab in tabs][:3] == ["机", "記事", "写真"]
        assert "1" in text(tabs[1])
        at = [text(tab).split()[0] for tab in tabs if tab.get("aria-current")]
        assert at == ([current] if current else [])
        search = page.xpath("//header//form[@role='search']")[0]
        assert search.get("action") == "/admin/articles/article/"


def test_japanese_pages_of_the_admin_have_no_blanks_around_names(editor):
    for place in ("/admin/taggit/tag/", "/admin/taggit/tag/add/", "/admin/articles/redirect/add/"):
        page = text(parsed(editor.get(place)))
        for blank in (" を", "する タグ", "された ", "個の "):
            assert blank not in page, (place, blank)


class TestOwnWork:
    def tomorrow(self, days=1):
        return timezone.localdate() + timedelta(days=days)

    def test_what_came_back_and_what_is_due_come_first(self, editor):
        user = editor.user
        own = {"status": "draft", "author": user, "published_at": None}
        factories.article(title="続きの原稿", **own)
        for title, days in {"来週": 7, "今日": 0, "遅れ": -2, "いつか": None}.items():
            article = factories.article(title=title, status="draft", published_at=None)
            article.assign(user, due_on=None if days is None else self.tomorrow(days))
        back = factories.article(title="戻った原稿", return_note="裏を取って。", **own)
        back.assign(user, due_on=self.tomorrow(-5))
        factories.article(title="読んでほしい", status="review", author=staff.writer("other"))
        assert [row[1] for row in rows(editor)] == [
            *("戻った原稿", "遅れ", "今日", "来週", "いつか", "読んでほしい", "続きの原稿"),
        ]
        page = text(parsed(editor.get("/admin/")))
        assert "裏を取って。" in page and "締切 今日" in page and "締切超過" in page

    def test_what_is_assigned_to_others_is_not_there(self, editor):
        article = factories.article(status="draft", published_at=None)
        article.assign(staff.editor("other"), due_on=self.tomorrow(0))
        assert rows(editor) == []

    def test_what_is_published_is_not_due(self, editor):
        article = factories.article(
            status="draft", published_at=None, category=factories.category()
        )
        article.assign(editor.user, due_on=self.tomorrow(0))
        article.publish()
        assert rows(editor) == []

    @pytest.mark.parametrize(
        ("fields", "row"),
        [
            ({"note": "もう一度。"}, ("変更差し戻し", "海の話", "直す")),
            ({"status": "review"}, ("変更の確認", "海の話", "確認する")),
            ({"status": "scheduled", "at": True}, ("変更の予約", "海の話", "見る")),
            ({}, None),
        ],
        ids=["returned", "review", "scheduled", "begun"],
    )
    def test_draft_changes_are_there(self, editor, fields, row):
        public = factories.article(title="海の話")
        end_of_day = timezone.localtime().replace(hour=23, minute=59, second=58)
        fields = fields | ({"at": end_of_day} if "at" in fields else {})
        ArticleChange.objects.create(article=public, saved_by=editor.user, **fields)
        assert rows(editor) == ([row] if row else [])
        if row:
            links = parsed(editor.get("/admin/")).xpath("//a[@class='rows__link']/@href")
            assert f"/admin/articles/article/{public.pk}/change/?change" in links

    def test_the_days_show_planned_changes_and_what_is_due(self, editor):
        noon = timezone.localtime().replace(hour=12, minute=0, second=0, microsecond=0)
        public = factories.article(published_at=noon - timedelta(days=30))
        ArticleChange.objects.create(
            article=public, status="scheduled", at=noon + timedelta(days=1)
        )
        for _time in range(2):
            article = factories.article(status="draft", published_at=None)
            article.assign(editor.user, due_on=self.tomorrow(2))
        page = parsed(editor.get("/admin/"))
        days = [text(day) for day in page.xpath("//li[contains(@class, 'strips__day')]")]
        assert "変更1件" in days[3] and "締切2件" in days[4]
        [ring] = page.xpath("//*[@class='strips__change']")
        assert ring.get("cx") == "50.0%"
        writer = staff.browser_of(staff.writer())
        assert not parsed(writer.get("/admin/")).xpath("//*[@class='strips__due']")

    def test_the_corrections_of_the_week_are_listed(self, editor, monkeypatch):
        article = factories.article(
            title="港の話", published_at=timezone.now() - timedelta(days=20)
        )
        old = timezone.now() - timedelta(days=9)
        with monkeypatch.context() as past:
            past.setattr(timezone, "now", lambda: old)
            article.correct(kind="correction", text="昔の訂正。")
        article.correct(kind="addition", text="続報を足した。")
        page = parsed(editor.get("/admin/"))
        [part] = page.xpath("//section[@aria-labelledby='corrections']")
        assert "続報を足した。" in text(part) and "追記" in text(part) and "昔" not in text(part)
        article.withdraw(note="誤り。")
        page = parsed(editor.get("/admin/"))
        assert not page.xpath("//section[@aria-labelledby='corrections']")

    def test_more_of_it_needs_no_more_queries(self, editor):
        counts = []
        editor.get("/admin/")
        for _time in range(2):
            for _more in range(2):
                article = factories.article(status="draft", published_at=None)
                article.assign(editor.user, due_on=self.tomorrow(0))
                public = factories.article()
                public.correct(kind="correction", text="直した。")
                ArticleChange.objects.create(article=public, status="review")
            with CaptureQueriesContext(connection) as queries:
                editor.get("/admin/")
            counts.append(len(queries))
        assert counts[0] == counts[1]
