"""Runs of the import: again, changed, dry, broken, interrupted, in parts, from the command line."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from taggit.models import Tag

from articles.models import Article, Category, Redirect
from comments.models import Comment, Mention, Thread
from comments.verification import find_faults
from newsroom.models import ImportedItem
from newsroom.wordpress.importer import Importer
from newsroom.wordpress.item_comments import CommentImporter
from newsroom.wordpress.site_import import SiteImport
from tests import factories
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db


def outcomes(report, kind):
    return {name: number for name, number in report.outcomes[kind].items() if number}


def test_the_second_run_changes_nothing(bring):
    bring(*wxr.WHOLE)
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Article, Comment, Thread, Mention, Category, Tag, Redirect, ImportedItem)
    ]
    report = bring(*wxr.WHOLE)
    assert report.changed_nothing
    after = [
        list(model.objects.order_by("pk").values())
        for model in (Article, Comment, Thread, Mention, Category, Tag, Redirect, ImportedItem)
    ]
    assert after == before
    assert Article.history.count() == Article.objects.count()


def test_what_changed_is_updated_and_the_address_stays(bring):
    bring(wxr.item(1, wxr.comment(5, text="前", meta={"wpdiscuz_votes": 2})))
    article = Article.objects.get()
    Comment.objects.get().vote(reader=factories.reader(), value=1)
    report = bring(
        wxr.item(
            1,
            wxr.term("post_tag", "wave", "波"),
            wxr.comment(5, text="後 >>1", meta={"wpdiscuz_votes": 5}),
            title="新しい題",
            slug="another",
            content="新しい文",
        )
    )
    article.refresh_from_db()
    assert (article.title, article.slug, article.body) == (
        "新しい題",
        "post-1",
        "<p>新しい文</p>",
    )
    comment = Comment.objects.get()
    assert (comment.text, comment.imported_score, comment.score) == ("後 >>1", 5, 6)
    assert [one.snapshot["tags"] for one in article.history.all()] == [["波"], []]
    assert outcomes(report, "post") == {"changed": 1}
    assert outcomes(report, "comment") == {"changed": 1}
    assert find_faults(comment.thread) == []


def test_a_dry_run_counts_the_same_and_writes_nothing(bring):
    dry = bring(*wxr.WHOLE, dry_run=True)
    for model in (Article, Comment, Category, Tag, Redirect, ImportedItem, Thread):
        assert not model.objects.exists(), model
    wet = bring(*wxr.WHOLE)
    assert dry.outcomes == wet.outcomes
    assert dry.states == wet.states
    assert dry.remarks == wet.remarks


def test_a_truncated_file_imports_what_is_whole_and_names_the_line(tmp_path):
    data = wxr.export(wxr.item(1, wxr.comment(5)), wxr.item(2, wxr.comment(6)))
    path = tmp_path / "export.xml"
    path.write_bytes(data[: data.rindex(b"</wp:comment>")])
    line = data[: data.rindex(b"<item>")].count(b"\n") + 1
    with pytest.raises(CommandError, match=f"Line {line}: the file ends inside the <item>"):
        call_command("import_wordpress", path, stdout=StringIO())
    assert list(Article.objects.values_list("title", flat=True)) == ["記事 1"]
    assert list(Comment.objects.values_list("pk", flat=True)) == [5]
    path.write_bytes(data)
    call_command("import_wordpress", path, stdout=StringIO())
    assert Article.objects.count() == Comment.objects.count() == 2


def test_an_interrupted_import_leaves_whole_items_and_goes_on(tmp_path, monkeypatch):
    path = tmp_path / "export.xml"
    path.write_bytes(wxr.export(*(wxr.item(n, wxr.comment(100 + n)) for n in range(1, 6))))

    def stop_at_the_fourth(importer, item, write=SiteImport._save_item):
        write(importer, item)
        if item.old_id == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(SiteImport, "_save_item", stop_at_the_fourth)
        with pytest.raises(CommandError, match="Interrupted"):
            call_command("import_wordpress", path, stdout=StringIO())
    assert Article.objects.count() == Comment.objects.count() == 3
    report = Importer(path).run()
    assert outcomes(report, "post") == {"same": 3, "new": 2}
    assert outcomes(report, "comment") == {"same": 3, "new": 2}


def test_an_item_that_the_database_refuses_is_left_out_whole(bring, monkeypatch):
    def refuse_the_second(threads, item, article_id, write=CommentImporter.import_comments):
        write(threads, item, article_id)
        if item.old_id == 2:
            raise ValueError("no such thing")

    monkeypatch.setattr(CommentImporter, "import_comments", refuse_the_second)
    report = bring(*(wxr.item(n, wxr.comment(100 + n)) for n in range(1, 4)))
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["post-1", "post-3"]
    assert list(Comment.objects.order_by("pk").values_list("pk", flat=True)) == [101, 103]
    assert outcomes(report, "post") == {"new": 2, "left out": 1}
    assert report.remarks["skipped, rejected by the database: no such thing"] == 1


def test_what_is_no_export_says_so_and_writes_nothing(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html></html>")
    with pytest.raises(CommandError, match="Line 1: this is a web page"):
        call_command("import_wordpress", path, stdout=StringIO())


@pytest.mark.parametrize("arguments", [["missing.xml"], ["x", "--media", "nowhere"]])
def test_what_is_not_there_is_named(tmp_path, arguments):
    (tmp_path / "x").write_bytes(wxr.export())
    paths = [one if one.startswith("--") else str(tmp_path / one) for one in arguments]
    with pytest.raises(CommandError, match=r"(File|Folder) not found: .*"):
        call_command("import_wordpress", *paths)


def test_the_command_ends_with_a_table_and_says_when_nothing_changed(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(wxr.export(*wxr.WHOLE))
    first, second, dry = StringIO(), StringIO(), StringIO()
    call_command("import_wordpress", path, stdout=first)
    call_command("import_wordpress", path, stdout=second)
    call_command("import_wordpress", path, "--dry-run", stdout=dry)
    rows = {line.split("  ")[0]: line.split() for line in first.getvalue().splitlines()}
    assert rows["Posts"] == ["Posts", "7", "6", "0", "0", "0", "1"]
    assert rows["Comments"] == ["Comments", "4", "4", "0", "0", "0", "0"]
    assert "Posts: 2 published, 1 scheduled, 1 draft, 1 in review" in first.getvalue()
    assert "Nothing has changed" not in first.getvalue()
    assert "Nothing has changed since the last import." in second.getvalue()
    assert "Dry run: nothing was written." in dry.getvalue()


def test_an_export_in_parts_is_linked_across_them(bring):
    bring(wxr.item(1, title="前編"))
    bring(wxr.item(2, content="https://old.example/2020/01/post-1/"))
    article = Article.objects.get(slug="post-2")
    assert article.body == '<p><a href="/articles/post-1/">前編</a></p>'


def test_two_sites_can_move_in(bring, tmp_path):
    bring(wxr.item(1, wxr.comment(5, text="甲")))
    other = wxr.export(wxr.item(1, wxr.comment(5, text="乙"))).replace(
        b"old.example", b"second.example"
    )
    path = tmp_path / "other.xml"
    path.write_bytes(other)
    Importer(path).run()
    assert Article.objects.count() == 2
    assert {(one.text, one.alias) for one in Comment.objects.all()} == {("甲", None), ("乙", 5)}
