"""The import as a whole: what an export becomes, run once, twice, dry, broken, interrupted."""

from datetime import UTC, datetime
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from taggit.models import Tag

from articles.models import Article, Category, Redirect
from comments.models import Comment, Mention, Thread
from comments.verification import faults
from newsroom.models import ImportedItem
from newsroom.wordpress.importer import Importer
from newsroom.wordpress.threads import Threads
from tests import factories
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db

WHOLE = (
    wxr.author("writer", 3, "港 太郎"),
    wxr.category("news", "ニュース", old_id=11),
    wxr.category("harbour", "港", parent="news", old_id=12),
    wxr.tag("boat", "船"),
    wxr.item(
        10,
        wxr.term("category", "news", "ニュース"),
        wxr.term("category", "harbour", "港"),
        wxr.term("post_tag", "boat", "船"),
        wxr.comment(101, text="最初"),
        wxr.comment(102, 101, text="返事 >>1"),
        wxr.comment(103, 102, approved="0"),
        wxr.comment(104, 999, approved="spam"),
        wxr.comment(105, type="pingback", author="他の新聞", text="引用"),
        title="<b>灯台</b> &amp; 船",
        slug="%e7%81%af%e5%8f%b0",
        link="https://old.example/2020/01/%e7%81%af%e5%8f%b0/",
        content="一\n\n<a href='https://old.example/2020/01/post-20/#comment-7'>次</a>",
        excerpt="要約。",
        sticky=1,
    ),
    wxr.item(20, status="future", date_gmt="2090-01-01 00:00:00"),
    wxr.item(21, status="draft", slug="", link="https://old.example/?p=21"),
    wxr.item(22, status="pending"),
    wxr.item(23, status="private"),
    wxr.item(24, status="trash"),
    wxr.item(25, password="secret"),
    wxr.item(26, type="page", comments="closed", link="https://old.example/about/us/"),
    wxr.item(27, type="nav_menu_item"),
    wxr.item(28, type="recipe"),
)


@pytest.fixture
def bring(tmp_path):
    """Import an export made of parts; returns the tally."""

    def bring(*parts, **options):
        path = tmp_path / "export.xml"
        path.write_bytes(wxr.export(*parts))
        return Importer(path, **options).run()

    return bring


def outcomes(tally, kind):
    return {name: number for name, number in tally.outcomes[kind].items() if number}


def numbered(article):
    """Return the thread as (number, number of the parent, text) in order."""
    comments = Comment.objects.filter(thread__article=article).order_by("number")
    return [(one.number, one.parent and one.parent.number, one.text) for one in comments]


def test_a_post_becomes_an_article(bring):
    bring(*WHOLE)
    article = Article.objects.get(title="灯台 & 船")
    assert article.slug == "灯台"
    assert article.kind == Article.Kind.ARTICLE
    assert article.status == Article.Status.PUBLISHED
    assert article.published_at == datetime(2020, 1, 2, 3, tzinfo=UTC)
    assert article.lead == "要約。"
    assert article.body == '<p>一</p><p><a href="/articles/post-20/#comment-7">次</a></p>'
    assert article.featured
    assert str(article.author) == "港 太郎"
    assert article.category.slug == "harbour"
    assert article.category.parent.name == "ニュース"
    assert not article.other_categories.exists()
    assert [tag.name for tag in article.tags.all()] == ["船"]


def test_states_are_those_of_the_old_site_and_nothing_hidden_is_published(bring):
    tally = bring(*WHOLE)
    states = {
        old_id: Article.objects.get(pk=pk)
        for old_id, pk in ImportedItem.objects.filter(kind="post").values_list(
            "old_id", "object_id"
        )
    }
    assert states["20"].is_scheduled
    assert {old_id: states[old_id].status for old_id in ("21", "22", "23", "25")} == {
        "21": "draft",
        "22": "review",
        "23": "draft",
        "25": "draft",
    }
    assert states["26"].kind == Article.Kind.PAGE
    assert not Thread.objects.get(article=states["26"]).is_open
    assert "24" not in states
    assert set(tally.remarks) >= {
        "left out: in the trash",
        "was private: now a draft",
        "was protected by a password: now a draft",
        "left out, items of this type are not taken: recipe",
    }
    assert set(Article.objects.published().values_list("title", flat=True)) == {
        "灯台 & 船",
        "記事 26",
    }


def test_comments_keep_nesting_states_and_ids(bring):
    bring(*WHOLE)
    article = Article.objects.get(slug="灯台")
    assert numbered(article) == [
        (1, None, "最初"),
        (2, 1, "返事 >>1"),
        (3, 2, "それな"),
        (4, None, "それな"),
    ]
    states = Comment.objects.order_by("pk").values_list("pk", "state", "reason", "alias")
    assert list(states) == [
        (101, "published", "", None),
        (102, "published", "", None),
        (103, "held", "check", None),
        (104, "removed", "spam", None),
    ]
    reply = Comment.objects.get(pk=102)
    assert 'href="#comment-101"' in reply.html
    assert [row.target_id for row in reply.references.all()] == [101]
    thread = Thread.objects.get(article=article)
    assert thread.published_count == 2
    assert faults(thread) == []


def test_a_pingback_becomes_a_mention(bring):
    bring(*WHOLE)
    mention = Mention.objects.get()
    assert (mention.kind, mention.title, mention.excerpt) == ("pingback", "他の新聞", "引用")
    assert mention.url == "https://private.example/?a=1&b=2"
    assert mention.state == "published"


def test_authors_cannot_sign_in(bring):
    bring(*WHOLE)
    user = get_user_model().objects.get(username="writer")
    assert not user.is_active
    assert not user.is_staff
    assert not user.has_usable_password()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/2020/01/%E7%81%AF%E5%8F%B0/", "/articles/%E7%81%AF%E5%8F%B0/"),
        ("/2020/01/%e7%81%af%e5%8f%b0", "/articles/%E7%81%AF%E5%8F%B0/"),
        ("/2020/01/%E7%81%AF%E5%8F%B0/comment-page-3/", "/articles/%E7%81%AF%E5%8F%B0/"),
        ("/?p=10", "/articles/%E7%81%AF%E5%8F%B0/"),
        ("/about/us/", "/articles/post-26/"),
        ("/?page_id=26", "/articles/post-26/"),
        ("/category/news/harbour/", "/categories/harbour/"),
        ("/category/harbour/", "/categories/harbour/"),
        ("/?cat=12", "/categories/harbour/"),
        ("/tag/boat/", "/tags/boat/"),
    ],
)
def test_old_addresses_lead_to_the_new_ones(bring, client, old, new):
    bring(*WHOLE)
    answer = client.get(old)
    assert (answer.status_code, answer.get("Location")) == (301, new)


def test_nothing_of_a_commenter_reaches_the_database(bring):
    bring(*WHOLE)
    for model in (Comment, ImportedItem, Article):
        for row in model.objects.values():
            assert "reader@private" not in str(row)
            assert "203.0.113" not in str(row)


def test_the_second_run_changes_nothing(bring):
    bring(*WHOLE)
    before = [
        list(model.objects.order_by("pk").values())
        for model in (Article, Comment, Thread, Mention, Category, Tag, Redirect, ImportedItem)
    ]
    tally = bring(*WHOLE)
    assert tally.changed_nothing
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
    tally = bring(
        wxr.item(
            1,
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
    assert outcomes(tally, "post") == {"changed": 1}
    assert outcomes(tally, "comment") == {"changed": 1}
    assert faults(comment.thread) == []


def test_a_decision_made_here_outlives_a_change_there(bring):
    bring(wxr.item(1, wxr.comment(5)))
    Comment.objects.get().remove(by=factories.moderator(), reason="abuse")
    bring(wxr.item(1, wxr.comment(5, text="変えた", approved="1")))
    comment = Comment.objects.get()
    assert (comment.text, comment.state, comment.reason) == ("変えた", "removed", "abuse")


def test_comments_that_came_later_find_their_parents(bring):
    bring(wxr.item(1, wxr.comment(5, text="根"), wxr.comment(6, 5, text="枝")))
    article = Article.objects.get()
    factories.comment(article, text="ここで", parent=Comment.objects.get(pk=6))
    tally = bring(
        wxr.item(
            1,
            wxr.comment(5, text="根"),
            wxr.comment(6, 5, text="枝"),
            wxr.comment(7, 6, text="葉"),
            wxr.comment(8, text="新しい根"),
        )
    )
    assert outcomes(tally, "comment") == {"new": 2, "same": 2}
    assert numbered(article) == [
        (1, None, "根"),
        (2, 1, "枝"),
        (3, 2, "ここで"),
        (4, 2, "葉"),
        (5, None, "新しい根"),
    ]
    assert faults(article.thread) == []


def test_numbers_count_by_date_but_never_before_the_parent(bring):
    bring(
        wxr.item(
            1,
            wxr.comment(9, text="三", date_gmt="2020-03-03 00:00:00"),
            wxr.comment(5, 7, text="二の返事", date_gmt="2019-01-01 00:00:00"),
            wxr.comment(7, text="二", date_gmt="2020-02-02 00:00:00"),
            wxr.comment(8, text="一", date_gmt="2020-01-01 00:00:00"),
        )
    )
    assert [text for _number, _parent, text in numbered(Article.objects.get())] == [
        "一",
        "二",
        "二の返事",
        "三",
    ]


def test_parents_in_a_circle_are_cut(bring):
    bring(
        wxr.item(1, wxr.comment(5, 6, text="甲"), wxr.comment(6, 5, text="乙"), wxr.comment(7, 7))
    )
    article = Article.objects.get()
    assert numbered(article) == [(1, None, "甲"), (2, 1, "乙"), (3, None, "それな")]
    assert faults(article.thread) == []


def test_deeper_than_the_depth_allowed_a_reply_stands_beside_its_parent(bring):
    chain = [wxr.comment(number, number - 1 if number > 1 else 0) for number in range(1, 110)]
    bring(wxr.item(1, *chain))
    article = Article.objects.get()
    assert max(Comment.objects.values_list("level", flat=True)) == 100
    assert Comment.objects.count() == 109
    assert faults(article.thread) == []


def test_an_id_that_is_taken_becomes_an_alias(bring):
    native = factories.comment(factories.article())
    bring(
        wxr.item(
            1,
            wxr.comment(native.pk, text="根"),
            wxr.comment(native.pk + 900, native.pk, text="枝 >>1"),
        )
    )
    root = Comment.objects.get(text="根")
    assert root.pk != native.pk
    assert root.alias == native.pk
    branch = Comment.objects.get(pk=native.pk + 900)
    assert branch.parent == root
    assert f'href="#comment-{root.pk}"' in branch.html
    assert faults(root.thread) == []


def test_a_new_comment_takes_an_id_above_all_imported_ones(bring):
    bring(wxr.item(1, wxr.comment(5_000)))
    assert factories.comment(Article.objects.get()).pk > 5_000


def test_votes_of_a_named_meta(bring):
    bring(wxr.item(1, wxr.comment(5, meta={"my_likes": 12})), votes_key="my_likes")
    comment = Comment.objects.get()
    assert (comment.imported_score, comment.score) == (12, 12)


def test_a_comment_of_the_staff_is_shown_as_such(bring):
    bring(wxr.author("writer", 3, "港 太郎"), wxr.item(1, wxr.comment(5, user_id=3)))
    assert str(Comment.objects.get().staff) == "港 太郎"


def test_slugs_of_posts_and_pages_may_be_the_same_there(bring):
    bring(
        wxr.item(1, slug="about", link="https://old.example/a/about/"),
        wxr.item(2, slug="about", type="page", link="https://old.example/about/"),
        wxr.item(3, slug="!!!", title="!!!"),
    )
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["about", "about-2", "post-3"]


def test_an_old_slug_still_leads_to_its_article(bring, client):
    bring(wxr.item(1, wxr.meta("_wp_old_slug", "first-try")))
    assert client.get("/2020/01/first-try/")["Location"] == "/articles/post-1/"


def test_terms_that_only_posts_name_are_made(bring):
    bring(
        wxr.item(
            1, wxr.term("category", "sea", "海"), wxr.term("post_tag", "x", "波"), author="ghost"
        )
    )
    article = Article.objects.get()
    assert (article.category.name, str(article.author)) == ("海", "ghost")
    assert [tag.name for tag in article.tags.all()] == ["波"]


def test_terms_that_are_here_already_are_taken(bring):
    category = factories.category("海", slug="sea")
    tag = Tag.objects.create(name="波", slug="wave")
    bring(wxr.category("sea", "Sea"), wxr.tag("nami", "波"), wxr.item(1))
    assert Category.objects.get() == category
    assert Tag.objects.get() == tag


def test_a_dry_run_counts_the_same_and_writes_nothing(bring):
    dry = bring(*WHOLE, dry_run=True)
    for model in (Article, Comment, Category, Tag, Redirect, ImportedItem, Thread):
        assert not model.objects.exists(), model
    wet = bring(*WHOLE)
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

    def stop_at_the_fourth(importer, item, write=Importer._write_item):
        write(importer, item)
        if item.old_id == 4:
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Importer, "_write_item", stop_at_the_fourth)
        with pytest.raises(CommandError, match="Interrupted"):
            call_command("import_wordpress", path, stdout=StringIO())
    assert Article.objects.count() == Comment.objects.count() == 3
    tally = Importer(path).run()
    assert outcomes(tally, "post") == {"same": 3, "new": 2}
    assert outcomes(tally, "comment") == {"same": 3, "new": 2}


def test_an_item_that_the_database_refuses_is_left_out_whole(bring, monkeypatch):
    def refuse_the_second(threads, item, article_id, write=Threads.import_comments):
        write(threads, item, article_id)
        if item.old_id == 2:
            raise ValueError("no such thing")

    monkeypatch.setattr(Threads, "import_comments", refuse_the_second)
    tally = bring(*(wxr.item(n, wxr.comment(100 + n)) for n in range(1, 4)))
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["post-1", "post-3"]
    assert list(Comment.objects.order_by("pk").values_list("pk", flat=True)) == [101, 103]
    assert outcomes(tally, "post") == {"new": 2, "left out": 1}
    assert tally.remarks["left out, the database refuses it: no such thing"] == 1


def test_what_is_no_export_says_so_and_writes_nothing(tmp_path):
    path = tmp_path / "page.html"
    path.write_text("<html></html>")
    with pytest.raises(CommandError, match="Line 1: this is no WordPress export"):
        call_command("import_wordpress", path, stdout=StringIO())


@pytest.mark.parametrize("arguments", [["missing.xml"], ["x", "--media", "nowhere"]])
def test_what_is_not_there_is_named(tmp_path, arguments):
    (tmp_path / "x").write_bytes(wxr.export())
    paths = [one if one.startswith("--") else str(tmp_path / one) for one in arguments]
    with pytest.raises(CommandError, match=r"There is no (file|folder) .*"):
        call_command("import_wordpress", *paths)


def test_the_command_ends_with_a_table_and_says_when_nothing_changed(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(wxr.export(*WHOLE))
    first, second, dry = StringIO(), StringIO(), StringIO()
    call_command("import_wordpress", path, stdout=first)
    call_command("import_wordpress", path, stdout=second)
    call_command("import_wordpress", path, "--dry-run", stdout=dry)
    rows = {line.split("  ")[0]: line.split() for line in first.getvalue().splitlines()}
    assert rows["Posts"] == ["Posts", "7", "6", "0", "0", "1"]
    assert rows["Comments"] == ["Comments", "4", "4", "0", "0", "0"]
    assert "Posts: 2 published, 1 scheduled, 1 draft, 1 in review" in first.getvalue()
    assert "Nothing has changed" not in first.getvalue()
    assert "Nothing has changed since the last import." in second.getvalue()
    assert "A dry run: nothing was written." in dry.getvalue()


def test_an_export_in_parts_is_linked_across_them(bring):
    bring(wxr.item(1, title="前編"))
    bring(wxr.item(2, content="https://old.example/2020/01/post-1/"))
    article = Article.objects.get(slug="post-2")
    assert article.body == '<p><a href="/articles/post-1/">前編</a></p>'


@pytest.mark.parametrize("url", ["http://[", "//", "https://old.example/?p=" + "9" * 5_000])
def test_addresses_that_are_none_stop_nothing(bring, url):
    bring(
        wxr.item(1, content=f'<a href="{url}"><img src="{url}" alt="絵"></a>', link=url),
        wxr.attachment(2, "a.jpg").replace("https://old.example/wp-content/uploads/a.jpg", url),
    )
    assert "絵" in Article.objects.get().body


def test_what_no_database_takes_is_left_out_of_slugs(bring):
    bring(
        wxr.category("a%00b", "甲"),
        wxr.item(
            1, wxr.term("category", "a%00b", "甲"), slug="c%00d", link="https://old.example/%00e/"
        ),
    )
    assert Article.objects.get().slug == "cd"
    assert Category.objects.get().slug == "ab"


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
