"""A draft change is autosaved and merged like an article: no words of it are lost or mixed up."""

import pytest

from articles.models import ArticleChange, WorkingCopy
from tests import factories, staff
from tests.articles.admin_forms import address, form_of
from tests.articles.test_autosave import form_in, leave, save_words
from tests.articles.test_two_editors import shown_form
from tests.reading import parsed, text

pytestmark = pytest.mark.django_db
BODY = "<p>一つ目の段落。</p><p>二つ目の段落。</p><p>三つ目の段落。</p>"
CHANGED = "一つ目を改めた段落。"


@pytest.fixture
def article():
    return factories.article(title="港の灯台", category=factories.category(), body=BODY)


@pytest.fixture
def colleague():
    return staff.browser_of(staff.member("colleague", "Editor", display_name="早瀬"))


@pytest.fixture
def change(editor, article):
    save_change(editor, article, seen="", body=BODY.replace("一つ目の段落。", CHANGED))
    return ArticleChange.objects.get()


def save_change(browser, article, *, seen, button="save", revision="", **fields):
    fields = {"_change": button, "_change_seen": seen, "seen": revision} | fields
    return browser.post(f"{address(article)}?change", form_of(article, **fields))


def read_seen(browser, article):
    """Return the version that a form of the change opened now starts from."""
    page = parsed(browser.get(f"{address(article)}?change&saved"))
    return page.xpath("//input[@name='_change_seen']/@value")[0]


# Autosave


@pytest.mark.once
def test_words_of_the_change_come_back_in_its_form_only(editor, article, change):
    save_words(editor, article, title="変更案の書きかけ", _change_form="1")
    leave(editor, article)
    assert form_in(editor.get(address(article)))["title"].value() == "港の灯台"
    assert form_in(editor.get(f"{address(article)}?change"))["title"].value() == "変更案の書きかけ"
    stored = form_in(editor.get(f"{address(article)}?change&saved"))
    assert CHANGED in stored["body"].value()


@pytest.mark.once
def test_words_of_the_article_do_not_come_into_the_change(editor, article, change):
    save_words(editor, article, title="公開文の書きかけ")
    leave(editor, article)
    assert form_in(editor.get(f"{address(article)}?change"))["title"].value() == "港の灯台"
    assert form_in(editor.get(address(article)))["title"].value() == "公開文の書きかけ"


@pytest.mark.once
def test_saving_the_change_settles_its_working_copy(editor, article, change):
    save_words(editor, article, title="変更案の書きかけ", _change_form="1")
    seen = read_seen(editor, article)
    page = WorkingCopy.objects.get().page
    answer = save_change(editor, article, seen=seen, title="変更案の題", _page=page)
    assert answer.status_code == 302
    assert not WorkingCopy.objects.exists()


@pytest.mark.once
def test_discarding_words_leads_back_to_the_change(editor, article, change):
    version = save_words(editor, article, title="書きかけ", _change_form="1")["version"]
    fields = {"_copy": version, "article": article.pk, "_change_form": "1"}
    answer = editor.post("/admin/articles/article/working-copy/discard/", fields)
    assert answer.url == f"{address(article)}?change"


@pytest.mark.once
def test_old_words_do_not_hide_a_newer_change(editor, article, change):
    save_words(editor, article, page="first-tab-1", title="書きかけ", _change_form="1")
    leave(editor, article, page="first-tab-1")
    save_change(editor, article, seen=read_seen(editor, article), title="保存した題")
    assert form_in(editor.get(f"{address(article)}?change"))["title"].value() == "保存した題"


@pytest.mark.once
def test_an_open_form_hears_of_a_newer_change(editor, colleague, article, change):
    seen = read_seen(editor, article)
    assert save_words(editor, article, _change_form="1")["revision"] == seen
    save_change(colleague, article, seen=seen, title="相手の題")
    answer = save_words(editor, article, _change_form="1")
    assert answer["revision"] != seen
    assert answer["revision_by"] == "早瀬"
    of_article = save_words(editor, article, page="second-page-1")
    assert of_article["revision"] == article.history.first().pk


# Two editors


def test_what_two_editors_changed_is_merged(editor, colleague, article, change):
    seen = read_seen(editor, article)
    theirs = change.content["fields"]["body"].replace("三つ目の段落。", "三つ目も改めた。")
    assert save_change(colleague, article, seen=seen, body=theirs).status_code == 302
    fields = {"title": "わたしの題", "body": change.content["fields"]["body"]}
    answer = save_change(editor, article, seen=seen, **fields)
    assert answer.status_code == 302
    change.refresh_from_db()
    assert change.content["fields"]["title"] == "わたしの題"
    assert change.content["fields"]["body"] == theirs
    assert any(
        "早瀬" in str(message) for message in editor.get(address(article)).context["messages"]
    )
    article.refresh_from_db()
    assert (article.title, article.body) == ("港の灯台", BODY)


def test_where_they_overlap_is_asked(editor, colleague, article, change):
    seen = read_seen(editor, article)
    save_change(colleague, article, seen=seen, title="相手の題")
    asked = save_change(editor, article, seen=seen, title="わたしの題", button="submit")
    fields, [title, *_others] = shown_form(asked)
    change.refresh_from_db()
    assert change.content["fields"]["title"] == "相手の題"
    place = f"{address(article)}?change"
    chosen = fields | dict.fromkeys(shown_form(asked)[1], "mine")
    assert editor.post(place, chosen).status_code == 302
    change.refresh_from_db()
    assert change.content["fields"]["title"] == "わたしの題"
    assert change.status == "review"


@pytest.mark.once
def test_what_one_removed_does_not_come_back(editor, colleague, article, change):
    seen = read_seen(editor, article)
    changed = change.content["fields"]["body"]
    save_change(colleague, article, seen=seen, body=changed, title="相手の題")
    mine = changed.replace(f"<p>{CHANGED}</p>", "")
    assert save_change(editor, article, seen=seen, body=mine).status_code == 302
    change.refresh_from_db()
    assert CHANGED not in change.content["fields"]["body"]
    assert change.content["fields"]["title"] == "相手の題"


@pytest.mark.once
def test_a_change_begun_twice_overwrites_none(colleague, article, change):
    asked = save_change(colleague, article, seen="", body=BODY.replace("一つ目の", "別の"))
    assert asked.status_code == 409
    change.refresh_from_db()
    assert CHANGED in change.content["fields"]["body"]


@pytest.mark.once
@pytest.mark.parametrize("button", ["discard", "keep"])
def test_newer_words_are_not_discarded_unseen(editor, colleague, article, change, button):
    seen = read_seen(editor, article)
    save_change(colleague, article, seen=seen, title="相手の題")
    answer = save_change(editor, article, seen=seen, button=button)
    assert "change" in answer.url
    assert ArticleChange.objects.get().content["fields"]["title"] == "相手の題"


@pytest.mark.slow
@pytest.mark.once
def test_a_version_that_nobody_knows_any_more_is_asked_about(editor, colleague, article, change):
    seen = read_seen(editor, article)
    for number in range(7):
        now = read_seen(colleague, article)
        save_change(colleague, article, seen=now, title=f"第{number}案")
    change.refresh_from_db()
    assert len(change.earlier) == 5
    assert save_change(editor, article, seen=seen, title="わたしの題").status_code == 409


@pytest.mark.once
def test_the_list_marks_articles_with_a_change(editor, article, change):
    row = text(parsed(editor.get("/admin/articles/article/")).xpath("//*[@class='rows__meta']")[0])
    assert "変更案" in row
    change.submit()
    page = text(parsed(editor.get("/admin/articles/article/")))
    assert str(change.get_status_display()) in page


@pytest.mark.once
def test_a_change_of_a_text_that_was_changed_meanwhile_is_saved(editor, article, change):
    seen, revision = read_seen(editor, article), article.history.first().pk
    article.title = "公開文の新しい題"
    article.save_whole(lambda: None)
    answer = save_change(editor, article, seen=seen, revision=revision, title="変更案の題")
    assert answer.status_code == 302
    change = ArticleChange.objects.get()
    assert change.content["fields"]["title"] == "変更案の題"
    assert change.is_stale


@pytest.mark.once
def test_a_change_begun_from_an_older_text_takes_the_newer_one_in(editor, article):
    article.save_whole(lambda: None)
    mine = form_of(article, body=BODY.replace("一つ目の段落。", CHANGED), _change="save")
    mine |= {"seen": article.history.first().pk, "_change_seen": ""}
    article.title = "公開文の新しい題"
    article.save_whole(lambda: None)
    assert editor.post(address(article), mine).status_code == 302
    change = ArticleChange.objects.get()
    assert change.content["fields"]["title"] == "公開文の新しい題"
    assert CHANGED in change.content["fields"]["body"]
    assert not change.is_stale


@pytest.mark.parametrize("button", ["discard", "keep", "return"])
def test_words_of_a_change_that_a_colleague_discarded_are_not_published(
    editor, colleague, article, change, button
):
    seen, newest = read_seen(editor, article), article.history.first().pk
    save_change(colleague, article, seen=seen, button="discard")
    fields = {"body": BODY.replace("一つ目の段落。", CHANGED), "_change_note": "直して"}
    save_change(editor, article, seen=seen, button=button, revision=str(newest), **fields)
    article.refresh_from_db()
    assert CHANGED not in article.body
    assert article.history.first().pk == newest
