"""What was changed on both sides since the last import: the edit here wins, the other is kept."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from taggit.models import Tag

from articles.models import Article, Category, MediaFile
from comments.models import Comment
from newsroom.importing.kept_edits import list_contents
from newsroom.wordpress.authors import AuthorImporter
from tests.newsroom.wordpress import wxr
from tests.newsroom.wordpress.test_import_again import edit_article, outcomes

pytestmark = pytest.mark.django_db
KEPT = "edited here too: kept, the version of the export is a revision"
REPLACED = "edited here too: replaced by the version of the export"
BOAT = wxr.term("post_tag", "boat", "船")


@pytest.fixture
def edited(bring):
    bring(wxr.item(1, wxr.comment(5), content="版一"))
    article = Article.objects.get()
    edit_article(article, body="<p>編集部の文</p>")
    return article


def test_the_edit_here_stays_and_the_other_version_is_a_revision(bring, edited):
    there = (wxr.item(1, BOAT, wxr.comment(5), wxr.comment(6, 5), content="版二"),)
    dry = bring(*there, dry_run=True)
    report = bring(*there)
    edited.refresh_from_db()
    assert edited.body == "<p>編集部の文</p>"
    newest, other, *_older = edited.history.all()
    assert (newest.body, other.body) == ("<p>編集部の文</p>", "<p>版二</p>")
    assert (newest.snapshot["tags"], other.snapshot["tags"]) == ([], ["船"])
    assert other.history_change_reason == "WordPress: version of the export, not used"
    assert outcomes(report, "post") == {"kept": 1}
    assert outcomes(report, "comment") == {"new": 1, "same": 1}
    assert dry.outcomes == report.outcomes
    assert dry.rows == report.rows
    assert report.remarks[KEPT] == 1


def test_later_runs_bring_new_comments_and_repeat_nothing(bring, edited):
    bring(wxr.item(1, wxr.comment(5), content="版二"))
    revisions = edited.history.count()
    assert bring(wxr.item(1, wxr.comment(5), content="版二")).changed_nothing
    report = bring(wxr.item(1, wxr.comment(5), wxr.comment(7), content="版二"))
    assert outcomes(report, "comment") == {"new": 1, "same": 1}
    assert Comment.objects.count() == 2
    assert edited.history.count() == revisions


def test_a_third_version_there_is_kept_too(bring, edited):
    for text in ("版二", "版三"):
        assert bring(wxr.item(1, content=text)).remarks == {KEPT: 1}
    edited.refresh_from_db()
    assert edited.body == "<p>編集部の文</p>"


@pytest.mark.parametrize("is_known", [False, True])
def test_theirs_takes_the_version_of_the_export(bring, edited, is_known):
    there = wxr.item(1, wxr.comment(5), content="版二")
    if is_known:
        bring(there)
    report = bring(there, theirs=True)
    edited.refresh_from_db()
    assert edited.body == "<p>版二</p>"
    assert report.remarks[REPLACED] == 1
    assert outcomes(report, "post") == {"changed": 1}
    assert bring(there, theirs=True).changed_nothing


def test_what_nobody_touched_here_is_updated(bring):
    bring(wxr.item(1, content="版一"))
    article = Article.objects.get()
    article.save()  # a revision that changes nothing
    bring(wxr.item(1, content="版二"))
    article.refresh_from_db()
    assert article.body == "<p>版二</p>"


def test_an_edit_taken_back_is_none(bring, edited):
    edit_article(edited, body="<p>版一</p>")
    assert not bring(wxr.item(1, content="版二")).remarks


@pytest.mark.parametrize("part", ["tags", "featured", "author"])
def test_parts_of_an_article_are_edits_too(bring, part):
    bring(wxr.author("writer", 3), wxr.item(1, content="版一"))
    article = Article.objects.get()
    if part == "tags":
        article.save_whole(lambda: article.tags.set(["海"]))
    else:
        edit_article(article, **{part: True if part == "featured" else None})
    assert bring(wxr.item(1, content="版二")).remarks == {KEPT: 1}


def test_names_changed_on_both_sides_stay_as_they_are_here(bring, tmp_path):
    (tmp_path / "a.csv").write_text("港,船\n1,2\n")
    before = (
        wxr.category("harbour", "港"),
        wxr.tag("boat", "船"),
        wxr.attachment(50, "a.csv", alt="表"),
    )
    bring(*before, media_folder=tmp_path)
    Category.objects.update(name="港湾")
    Tag.objects.update(name="船舶")
    MediaFile.objects.update(caption="編集部の説明")
    after = (
        wxr.category("harbour", "みなと"),
        wxr.tag("boat", "ふね"),
        wxr.attachment(50, "a.csv", alt="別の表"),
    )
    dry = bring(*after, media_folder=tmp_path, dry_run=True)
    report = bring(*after, media_folder=tmp_path)
    assert Category.objects.get().name == "港湾"
    assert Tag.objects.get().name == "船舶"
    assert MediaFile.objects.get().caption == "編集部の説明"
    assert {kind: outcomes(report, kind) for kind in ("category", "tag", "media")} == {
        kind: {"kept": 1} for kind in ("category", "tag", "media")
    }
    assert dry.rows == report.rows
    assert bring(*after, media_folder=tmp_path).changed_nothing
    bring(*after, media_folder=tmp_path, theirs=True)
    assert (Category.objects.get().name, Tag.objects.get().name) == ("みなと", "ふね")


def test_other_words_of_the_editor_for_the_same_text_are_no_edit():
    imported = (
        "<ul><li>一<b>二</b></li></ul><table><tr><td></td><td><i><b>三</b>四</i></td></tr></table>"
    )
    saved = (
        "<ul><li><p>一<strong>二</strong></p></li></ul><table><tbody><tr><td></td>"
        "<td><p><strong><em>三</em></strong><em>四</em></p></td></tr></tbody></table>"
    )
    assert list_contents(imported) == list_contents(saved)
    assert list_contents(imported) != list_contents(saved.replace("二", "弐"))
    assert list_contents(imported) != list_contents(saved.replace("<td></td>", ""))
    assert list_contents(imported) != list_contents(saved.replace("em>", "s>"))


@pytest.mark.postgresql
def test_nobody_saves_an_article_while_the_import_compares_it(bring):
    bring(wxr.item(1, content="版一"))
    with CaptureQueriesContext(connection) as queries:
        bring(wxr.item(1, content="版二"))
    locks = [query["sql"] for query in queries if "FOR UPDATE" in query["sql"]]
    assert any('FROM "articles_article"' in sql for sql in locks)


@pytest.mark.once
def test_an_article_that_is_deleted_during_the_import_stops_nothing(bring, monkeypatch):
    bring(wxr.item(1, content="版一"), wxr.item(2))
    find_account = AuthorImporter.find_account

    def delete_first(authors, login):
        Article.objects.filter(slug="post-1").delete()
        return find_account(authors, login)

    monkeypatch.setattr(AuthorImporter, "find_account", delete_first)
    report = bring(wxr.item(1, content="版二"), wxr.item(2, content="版二"))
    assert outcomes(report, "post") == {"left out": 1, "changed": 1}
    assert "版二" in Article.objects.get().body
