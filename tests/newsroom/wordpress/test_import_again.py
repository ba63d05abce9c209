"""An import again: the work of editors since the last one is not lost."""

from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from taggit.models import Tag

from articles.models import Article, Category, Redirect
from comments.models import Comment, Thread
from newsroom.models import Edition, ImportedItem
from newsroom.wordpress.item_comments import CommentImporter
from newsroom.wordpress.posts import PostImporter
from tests import factories
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db
HARBOUR = wxr.category("harbour", "港", old_id=12)
IN_HARBOUR = wxr.term("category", "harbour", "港")
LINK = "<a href='https://old.example/2020/01/post-1/'>前</a>"


def outcomes(report, kind):
    return {name: number for name, number in report.outcomes[kind].items() if number}


def edit_article(article, **fields):
    """Let an editor change an article here."""
    article.refresh_from_db()
    for name, value in fields.items():
        setattr(article, name, value)
    article.save()


def test_a_new_address_here_leaves_the_articles_that_link_there_alone(bring):
    export = (wxr.item(1), wxr.item(2, content=LINK))
    bring(*export)
    edit_article(Article.objects.get(slug="post-1"), slug="elsewhere")
    linking = Article.objects.get(slug="post-2")
    edit_article(linking, body="<p>編集部の文</p>")
    linking.withdraw(note="誤報")
    report = bring(*export)
    linking.refresh_from_db()
    assert (linking.body, linking.status) == ("<p>編集部の文</p>", "withdrawn")
    assert report.changed_nothing


def test_a_target_deleted_here_leaves_the_articles_that_link_there_alone(bring):
    export = (wxr.item(1), wxr.item(2, content=LINK))
    bring(*export)
    Article.objects.get(slug="post-1").delete()
    edit_article(Article.objects.get(), title="編集部の題")
    assert bring(*export).changed_nothing
    assert Article.objects.get().title == "編集部の題"


@pytest.mark.parametrize("is_edited", [False, True])
def test_a_target_that_comes_later_completes_only_what_no_editor_changed(bring, is_edited):
    linking = wxr.item(2, content=LINK)
    bring(linking)
    article = Article.objects.get()
    before = article.body
    if is_edited:
        edit_article(article, title="編集部の題")
    bring(linking, wxr.item(1))
    article.refresh_from_db()
    completed = '<p><a href="/articles/post-1/">前</a></p>'
    assert article.body == (before if is_edited else completed)
    assert article.title == ("編集部の題" if is_edited else "記事 2")
    assert bring(linking, wxr.item(1)).changed_nothing


def test_a_change_there_does_not_publish_again_what_was_withdrawn_here(bring):
    bring(wxr.item(1))
    Article.objects.get().withdraw(note="誤報")
    bring(wxr.item(1, title="新しい題"))
    article = Article.objects.get()
    assert (article.title, article.status) == ("新しい題", "withdrawn")


def test_a_published_article_that_is_pending_there_again_becomes_a_draft(bring):
    """The workflow leads from published back to draft, not to the review."""
    bring(wxr.item(1))
    report = bring(wxr.item(1, status="pending"))
    article = Article.objects.get()
    assert (article.status, article.published_at) == ("draft", None)
    assert report.remarks == {
        "published here, but pending again at the source: saved as a draft": 1
    }


def test_a_date_that_contradicts_the_workflow_is_reported(bring):
    bring(wxr.item(1))
    article = Article.objects.get()
    edit_article(article, expires_at=article.published_at + timedelta(days=1))
    report = bring(wxr.item(1, title="新しい題", date_gmt="2090-01-01 00:00:00"))
    assert "cannot expire before it is published" in str(report.remarks)
    article.refresh_from_db()
    assert article.title != "新しい題"


def test_a_reusable_block_that_changed_there_changes_its_articles(bring):
    post = wxr.item(1, content='<!-- wp:block {"ref":9} /-->')
    for text in ("前", "後"):
        block = f"<!-- wp:paragraph --><p>{text}</p><!-- /wp:paragraph -->"
        bring(post, wxr.item(9, type="wp_block", content=block))
        assert Article.objects.get().body == f"<p>{text}</p>"


def test_an_article_deleted_here_is_not_made_again(bring):
    linking = wxr.item(2, wxr.comment(6), content=LINK)
    bring(wxr.item(1), linking)
    Article.objects.get(slug="post-1").delete()
    for _time in range(2):
        report = bring(wxr.item(1, wxr.comment(5)), linking)
        assert list(Article.objects.values_list("slug", flat=True)) == ["post-2"]
        assert list(Comment.objects.values_list("pk", flat=True)) == [6]
        assert outcomes(report, "post") == {"same": 1, "left out": 1}
        assert report.remarks["skipped: deleted on this site"] == 1


def test_a_category_deleted_here_is_made_again_for_a_new_post(bring):
    bring(HARBOUR)
    Category.objects.get().delete()
    report = bring(HARBOUR, wxr.item(1, IN_HARBOUR), wxr.item(2, IN_HARBOUR))
    assert outcomes(report, "post") == {"new": 2}
    assert set(Article.objects.values_list("category__slug", flat=True)) == {"harbour"}


def test_a_category_merged_here_stands_for_the_one_of_the_export(bring, client):
    bring(HARBOUR)
    Category.objects.get().delete()
    port = factories.category("港湾", slug="port")
    Redirect.objects.remember("/categories/harbour/", category=port)
    for number in (1, 2):
        bring(HARBOUR.replace("港", "みなと" * number), wxr.item(number, IN_HARBOUR))
        article = Article.objects.get(slug=f"post-{number}")
        assert article.category == port
    assert [category.name for category in Category.objects.all()] == ["港湾"]
    assert client.get("/categories/harbour/")["Location"] == "/categories/port/"


def test_a_category_put_below_its_own_part_here_stays_there(bring):
    bring(HARBOUR, wxr.category("pier", "桟橋", parent="harbour"))
    pier = Category.objects.get(slug="pier")
    pier.parent = None
    pier.save()
    harbour = Category.objects.get(slug="harbour")
    harbour.parent = Category.objects.get(slug="pier")
    harbour.save()
    bring(HARBOUR, wxr.category("pier", "新桟橋", parent="harbour"))
    pier.refresh_from_db()
    harbour.refresh_from_db()
    assert (pier.name, pier.parent, harbour.parent) == ("新桟橋", None, pier)


def test_people_and_tags_deleted_here_are_made_again(bring):
    export = (wxr.author("writer", 3, "港 太郎"), wxr.tag("boat", "船"))
    bring(*export)
    get_user_model().objects.get(username="writer").delete()
    Tag.objects.get().delete()
    report = bring(*export, wxr.item(1, wxr.term("post_tag", "boat", "船")))
    article = Article.objects.get()
    assert outcomes(report, "post") == {"new": 1}
    assert (str(article.author), [tag.name for tag in article.tags.all()]) == ("港 太郎", ["船"])


def test_what_a_refused_item_brought_is_made_again_for_the_next(bring, monkeypatch):
    def refuse_the_first(threads, item, article_id, write=CommentImporter.import_comments):
        if item.old_id == 1:
            raise ValueError("no such thing")
        write(threads, item, article_id)

    monkeypatch.setattr(CommentImporter, "import_comments", refuse_the_first)
    terms = (IN_HARBOUR, wxr.term("post_tag", "boat", "船"))
    same = {"link": "https://old.example/same/", "author": "ghost"}
    report = bring(*(wxr.item(number, *terms, **same) for number in (1, 2)))
    article = Article.objects.get()
    assert outcomes(report, "post") == {"new": 1, "left out": 1}
    assert (article.category.name, str(article.author)) == ("港", "ghost")
    assert [tag.name for tag in article.tags.all()] == ["船"]
    assert Redirect.objects.for_path("/same/").article == article
    assert {ImportedItem.objects.filter(kind=kind).count() for kind in ("tag", "author")} == {1}


def test_a_thread_closed_here_stays_closed_until_the_export_says_otherwise(bring):
    bring(wxr.item(1, wxr.comment(5)))
    Thread.objects.update(first_open=False)
    bring(wxr.item(1, wxr.comment(5), title="新しい題"))
    assert not Thread.objects.get().first_open
    Thread.objects.update(first_open=True)
    report = bring(wxr.item(1, wxr.comment(5), title="新しい題", comments="closed"))
    assert not Thread.objects.get().first_open
    assert outcomes(report, "post") == {"changed": 1}


def test_closing_comments_there_leaves_the_words_of_editors_here(bring):
    bring(wxr.item(1, wxr.comment(5)))
    edit_article(Article.objects.get(), title="編集部の題")
    bring(wxr.item(1, wxr.comment(5), comments="closed"))
    assert Article.objects.get().title == "編集部の題"
    assert not Thread.objects.get().first_open


def test_an_imported_anchor_links_to_a_comment_that_comes_later(bring):
    early = wxr.comment(6, text="＞＞２-3 はまだ")
    bring(wxr.item(1, early))
    assert "<a" not in Comment.objects.get().html
    second = wxr.comment(7)
    bring(wxr.item(1, early, second))
    third = factories.comment(Article.objects.get(), text="ここで書いた")
    html = Comment.objects.get(number=1).html
    assert html.count('class="reference"') == 2
    assert f"#comment-{third.pk}" in html
    targets = Comment.objects.get(number=1).references.values_list("target__number", flat=True)
    assert sorted(targets) == [2, 3]


def test_an_import_brings_nothing_back_from_the_trash(bring):
    bring(wxr.item(1))
    Article.objects.get().trash()
    bring(wxr.item(1, content="<p>書き直した文。</p>"))
    article = Article.objects.get()
    assert article.is_trashed
    assert "書き直した文。" in article.body


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (wxr.tag("boat", "船"), wxr.tag("boat", "連絡船")),
        (wxr.author("saeki", name="佐伯"), wxr.author("saeki", name="佐伯 潮")),
    ],
    ids=["tag", "author"],
)
def test_a_new_name_shows_although_the_import_is_killed(bring, monkeypatch, before, after):
    bring(before)
    chrome = Edition.objects.get().chrome
    monkeypatch.setattr(PostImporter, "import_item", _die)
    with pytest.raises(KeyboardInterrupt):
        bring(after, wxr.item(1))
    assert Edition.objects.get().chrome > chrome


def _die(*arguments):
    raise KeyboardInterrupt
