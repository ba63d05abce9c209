"""Autosave: working copies of open forms, and what the form shows of them."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from articles.models import Article, WorkingCopy
from tests import factories, staff
from tests.articles.admin_forms import ADD, address, filled_in, form_of, saved

pytestmark = pytest.mark.django_db
PAGE = "0123456789abcdef"
NEW = "/admin/articles/article/working-copy/"


@pytest.fixture
def article():
    article = factories.article(title="港の灯台", slug="lighthouse", body="<p>霧。</p>")
    article.sources.create(title="記録", position=1)
    return article


def copy_address(article):
    return f"/admin/articles/article/{article.pk}/working-copy/"


def presence_address(article):
    return f"/admin/articles/article/{article.pk}/presence/"


def newest(article):
    return article.history.first().pk


def save_words(client, article, page=PAGE, **fields):
    fields = {"seen": newest(article)} | fields | {"_page": page}
    answer = client.post(copy_address(article), form_of(article, **fields))
    assert answer.status_code == 200, answer.content
    return answer.json()


def leave(client, article, page=PAGE):
    client.post(presence_address(article), {"_page": page, "closed": ""})


def form_in(answer):
    return answer.context["adminform"].form


def test_words_are_saved_beside_the_article_and_come_back(editor, article):
    related = factories.article(title="関連の記事")
    before = newest(article)
    [source] = article.sources.all()
    stored = {"id": source.pk, "article": article.pk, "title": "記録を直した", "position": 2}
    added = {"title": "二つ目", "url": "https://example.jp/", "position": 1}
    answer = save_words(
        editor,
        article,
        title="",
        body="<p>霧が晴れた。</p>",
        tags=["港", "新しい"],
        sources=[stored, added],
        related=[{"related": related.pk}],
    )
    assert answer["saved"]
    article.refresh_from_db()
    assert (article.title, newest(article)) == ("港の灯台", before)
    leave(editor, article)

    opened = editor.get(address(article))
    form = form_in(opened)
    assert not form.errors
    assert form["title"].value() == ""
    assert "霧が晴れた。" in str(form["body"])
    assert "新しい" in str(form["tags"])
    assert int(form["seen"].value()) == before
    _signed, sources, links = (each.formset for each in opened.context["inline_admin_formsets"])
    assert [row["title"].value() for row in sources] == ["記録を直した", "二つ目"]
    assert "関連の記事" in str(links.forms[0]["related"])
    page = opened.content.decode()
    assert "書きかけ" in page
    assert "errornote" not in page.partition("<dialog")[0]

    assert form_in(editor.get(address(article), {"saved": ""}))["title"].value() == "港の灯台"


def test_words_of_vanished_rows_come_back_as_new_rows(editor, article):
    [source] = article.sources.all()
    entry = {"id": source.pk, "article": article.pk, "title": "わたしの記録"}
    save_words(editor, article, sources=[entry])
    leave(editor, article)
    article.sources.all().delete()
    opened = editor.get(address(article))
    formset = opened.context["inline_admin_formsets"][1].formset
    assert (formset.initial_form_count(), formset.total_form_count()) == (0, 1)
    assert formset.forms[0]["title"].value() == "わたしの記録"


def test_a_row_that_a_colleague_deleted_does_not_break_the_form(editor, article):
    [source] = article.sources.all()
    entry = {"id": source.pk, "article": article.pk, "title": "わたしの記録"}
    fields = form_of(article, sources=[entry])
    article.sources.all().delete()
    assert editor.post(address(article), fields).status_code == 302
    assert [source.title for source in article.sources.all()] == ["わたしの記録"]


def test_saving_the_article_deletes_its_working_copy(editor, article):
    save_words(editor, article, title="書きかけの題")
    save_words(editor, article, page="another-page-1", title="別の窓")
    leave(editor, article)
    opened = editor.get(address(article), {"copy": WorkingCopy.objects.get(page=PAGE).pk})
    taken = opened.context["saving"]["taken"]
    fields = form_of(article, title="保存した題", _page="third-page-12", _copy=taken)
    assert editor.post(address(article), fields | {"seen": newest(article)}).status_code == 302
    assert [copy.page for copy in WorkingCopy.objects.all()] == ["another-page-1"]


def test_words_that_were_saved_since_are_not_discarded(editor, article):
    old = save_words(editor, article, title="一")["version"]
    save_words(editor, article, title="二")
    discard = "/admin/articles/article/working-copy/discard/"
    assert editor.get(discard).status_code == 403
    editor.post(discard, {"_copy": old})
    editor.post(discard, {"_copy": "9:x"})
    assert WorkingCopy.objects.get().title == "二"
    version = WorkingCopy.objects.get().version
    staff.browser_of(staff.editor("other")).post(discard, {"_copy": version})
    assert WorkingCopy.objects.exists()
    answer = editor.post(discard, {"_copy": version, "article": article.pk})
    assert answer.url == address(article)
    assert not WorkingCopy.objects.exists()


def test_a_second_tab_is_told_and_shows_the_saved_version(editor, article):
    save_words(editor, article, title="一つ目の窓")
    opened = editor.get(address(article))
    assert form_in(opened)["title"].value() == "港の灯台"
    assert "一つ目の窓" in opened.content.decode()
    told = editor.post(presence_address(article), {"_page": "second-tab-1"}).json()
    [tab] = told["tabs"]
    assert save_words(editor, article, page="second-tab-1", title="二つ目の窓")["tabs"] == []
    taken = editor.get(address(article), {"copy": tab["pk"]})
    assert form_in(taken)["title"].value() == "一つ目の窓"


def test_a_new_article_is_saved_too_and_offered(writer):
    fields = filled_in(title="新しい原稿", _page=PAGE)
    assert writer.post(NEW, fields).status_code == 200
    assert not Article.objects.exists()
    opened = writer.get(ADD)
    assert not form_in(opened)["title"].value()
    [other] = opened.context["saving"]["others"]
    taken = writer.get(ADD, {"copy": other["copy"].pk})
    assert form_in(taken)["title"].value() == "新しい原稿"
    version = taken.context["saving"]["taken"]
    saved(writer.post(ADD, fields | {"_copy": version, "_page": "another-page-2"}))
    assert not WorkingCopy.objects.exists()


def test_only_the_writer_of_words_reads_them_and_colleagues_see_that_they_exist(editor, article):
    colleague = staff.browser_of(staff.editor("colleague"))
    save_words(editor, article, title="秘密の題")
    told = colleague.post(presence_address(article), {"_page": "their-page-1"}).json()
    [person] = told["people"]
    assert (person["name"], person["is_open"]) == ("編集", True)
    assert person["typed"]
    copy = WorkingCopy.objects.get(page=PAGE)
    opened = colleague.get(address(article), {"copy": copy.pk})
    assert "秘密" not in opened.content.decode()
    assert "編集さんが" in opened.content.decode()
    leave(editor, article)
    assert "秘密" not in colleague.get(address(article)).content.decode()


def test_an_open_form_is_seen_in_the_list_for_a_minute(editor, article):
    colleague = staff.browser_of(staff.editor("colleague"))
    assert "編集中" not in colleague.get("/admin/articles/article/").content.decode()
    editor.post(presence_address(article), {"_page": PAGE})
    assert "編集中" in colleague.get("/admin/articles/article/").content.decode()
    assert "編集中" not in editor.get("/admin/articles/article/").content.decode()
    WorkingCopy.objects.update(beat_at=timezone.now() - timedelta(seconds=61))
    assert "編集中" not in colleague.get("/admin/articles/article/").content.decode()
    told = colleague.post(presence_address(article), {"_page": "their-page-1"}).json()
    assert told["people"] == []


def test_who_may_not_change_an_article_saves_no_words(client, writer, article):
    fields = form_of(article, _page=PAGE)
    assert writer.post(copy_address(article), fields).status_code == 403
    assert client.post(copy_address(article), fields).status_code == 401
    assert client.post(NEW, fields).status_code == 401
    moderator = staff.browser_of(staff.moderator())
    assert moderator.post(NEW, fields).status_code == 403
    assert not WorkingCopy.objects.exists()


@pytest.mark.parametrize("page", ["", "short", "x" * 41, "0123456789abcde<", "0123456789ab\0def"])
def test_a_form_has_a_name(editor, article, page):
    assert editor.post(copy_address(article), {"_page": page}).status_code == 403


def test_unreadable_words_do_no_harm(editor, article):
    editor.post(copy_address(article), {"_page": PAGE, "sources-TOTAL_FORMS": "9" * 30})
    leave(editor, article)
    assert editor.get(address(article)).status_code == 200
    editor.post(copy_address(article), {"_page": PAGE, "category": "x", "sources-TOTAL_FORMS": "2"})
    leave(editor, article)
    assert editor.get(address(article)).status_code == 200


def test_characters_that_no_database_takes_are_left_out(editor, article):
    save_words(editor, article, title="港\0の灯台", **{"x\0y": "霧"})
    assert WorkingCopy.objects.get().title == "港の灯台"


def test_working_copies_are_bounded(editor, article, monkeypatch):
    monkeypatch.setattr("articles.models.working_copy.MOST", 3)
    monkeypatch.setattr("articles.models.working_copy.LONGEST", 3000)
    for index in range(5):
        save_words(editor, article, page=f"page-{index:08}")
    assert sorted(WorkingCopy.objects.values_list("page", flat=True))[0] == "page-00000002"
    fields = form_of(article, body="<p>霧</p>" * 1000, _page=PAGE)
    refused = editor.post(copy_address(article), fields)
    assert refused.status_code == 413
    assert "長" in refused.json()["refused"]
    editor.post(presence_address(article), {"_page": "only-open-1"})
    leave(editor, article, page="only-open-1")
    assert not WorkingCopy.objects.filter(page="only-open-1").exists()


def test_old_working_copies_are_purged(editor, article, capsys):
    save_words(editor, article)
    call_command("purge_working_copies")
    assert WorkingCopy.objects.exists()
    WorkingCopy.objects.update(changed_at=timezone.now() - timedelta(days=31))
    call_command("purge_working_copies", "--dry-run")
    assert WorkingCopy.objects.exists()
    call_command("purge_working_copies")
    assert not WorkingCopy.objects.exists()
    assert capsys.readouterr().out.splitlines() == ["0 working copies.", *["1 working copies."] * 2]
