"""The import of a running WordPress by its REST API."""

import re
from contextlib import suppress

import pytest
from django.utils import translation

from articles.models import Article, Category, MediaFile
from comments.models import Comment
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.mapping import Mapping
from newsroom.wordpress.rest import rest_client, site_fetcher
from newsroom.wordpress.rest.rest_importer import RestImporter
from newsroom.wordpress.site_import import SiteImport
from tests.newsroom.wordpress import rest_site, wxr
from tests.newsroom.wordpress.threads import list_thread

pytestmark = pytest.mark.django_db
HOSTS = ("127.0.0.1",)
LOGIN = {"login": "editor", "password": "abcd efgh"}


def run(site, **options):
    return RestImporter(site.address, private_hosts=HOSTS, **options).run()


def test_an_editor_sees_everything_and_the_second_run_changes_nothing(site, tmp_path):
    rest_site.fill(site)
    dry = run(site, download_media=True, dry_run=True, **LOGIN)
    assert not Article.objects.exists()
    report = run(site, download_media=True, **LOGIN)
    assert (dry.rows, dry.outcomes) == (report.rows, report.outcomes)
    article = Article.objects.get(slug="post-10")
    assert (article.title, article.body) == ("灯台 & 船", "<p>共通</p>")
    assert str(article.category.get_root()) == "ニュース"
    assert article.category.name == "港"
    assert list(article.tags.names()) == ["船"]
    assert (article.author.username, article.featured) == ("writer", True)
    assert article.lead_image == MediaFile.objects.get()
    assert article.lead_image.image_alt_text == "青い海"
    assert article.lead == ""
    assert list_thread(article) == [
        (1, None, "最初"),
        (2, 1, "返事 >>1"),
        (3, 2, "それな"),
        (4, None, "それな"),
    ]
    assert article.mentions.count() == 1
    assert article.lead_image.caption == "港の海"
    states = dict(Article.objects.values_list("slug", "status"))
    assert states["post-20"] == states["post-25"] == Article.Status.DRAFT
    assert Article.objects.get(slug="post-26").kind == Article.Kind.PAGE
    assert "data-file" in Article.objects.get(slug="post-11").body
    assert {(row.reason, row.times) for row in report.rows} >= {
        ("skipped, items of this type are not imported: recipe", 2),
        ("comments skipped with their item", 1),
        ("skipped: in the trash", 1),
    }
    assert run(site, **LOGIN).changed_nothing
    assert list((tmp_path / "fetched").iterdir()) == []
    assert "private.example" not in str(site.asked)
    wanted = {name for _route, query in site.asked for name in query.get("_fields", "").split(",")}
    assert not {"author_email", "author_ip", "author_user_agent", "password"} & wanted


def test_a_site_and_its_export_are_the_same(site, bring):
    bring(
        wxr.author("writer", 3, "港 太郎"),
        wxr.item(10, wxr.comment(101, text="最初", meta={"likes": 4})),
    )
    account = {"name": "港 太郎", "slug": "minato", "username": "writer"}
    site.add("users", {"id": 3, "email": "writer@old.example", **account})
    site.add("posts", rest_site.post(10, modified_gmt=None))
    site.add("comments", rest_site.comment(101, 10, text="最初", date_gmt="2020-01-03T03:01:41"))
    report = run(site, **LOGIN)
    same = [report.outcomes[kind]["same"] for kind in ("author", "post", "comment")]
    assert same == [1, 1, 1]
    assert report.changed_nothing
    assert Comment.objects.get().imported_score == 4


def test_without_a_login_readers_texts_come(site):
    rest_site.fill(site)
    site.rows["posts"][1]["excerpt"] = rest_site.both("要約", "<p>要約。</p>")
    report = run(site)
    assert site.headers == [""] * len(site.headers)
    slugs = Article.objects.order_by("slug").values_list("slug", flat=True)
    assert list(slugs) == ["post-10", "post-11", "post-25", "post-26"]
    article = Article.objects.get(slug="post-11")
    assert (article.body, article.lead) == ("<p>一</p>", "要約。")
    assert Article.objects.get(slug="post-10").lead == ""
    assert article.author.username == "minato"
    assert Comment.objects.count() == 2
    assert report.remarks["read without a login: only what readers see"] == 1


def test_a_login_without_all_rights_sees_the_rest_as_readers_do(site):
    rest_site.fill(site)
    site.add("users", {"id": 4, "name": "沖", "slug": "oki-hana", "username": "oki hana"})
    site.rows["posts"][1]["author"] = 4
    run(site, **LOGIN)
    site.refused = {"users", "comments"}
    site.of_others = {11, 24}
    report = run(site, **LOGIN)
    assert report.outcomes["author"] == {"same": 2}
    assert report.outcomes["post"]["changed"] == 1  # its text is the one that readers see
    assert Article.objects.get(slug="post-11").author.username == "oki-hana"
    assert report.remarks["counted by the site, but not shown to this login"] == 1
    assert sum("only what readers see" in text for text in report.remarks) == 1


def fail(status=503, headers=(), body=b"<html>"):
    return status, dict(headers), body


@pytest.mark.once
def test_a_broken_run_goes_on_where_it_broke(site, monkeypatch):
    monkeypatch.setattr(site_fetcher, "SIZES", (2, 1))
    site.add("posts", *map(rest_site.post, range(1, 6)))
    site.failures["posts", 2] = [fail()] * 5
    site.failures["", 1] = [(200, {}, {"namespaces": ["wp/v2"], "home": rest_site.HOME}), fail()]
    with pytest.raises(BrokenExport, match=r"answered 503\. What was fetched is kept"):
        run(site)
    assert not Article.objects.exists()
    site.asked.clear()
    run(site)
    pages = [query["page"] for route, query in site.asked if route == "posts"]
    assert pages == ["2", "3"]
    assert Article.objects.count() == 5


def test_an_interrupted_import_fetches_nothing_again(site, settings, monkeypatch):
    site.add("posts", *map(rest_site.post, range(1, 4)))

    def stop(importer, item):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, suppress(KeyboardInterrupt):
        patch.setattr(SiteImport, "_save_item", stop)
        run(site)
    site.asked.clear()
    [store] = (settings.VAR_DIR / "fetched").glob("*.sqlite3")
    store.with_name(f"{store.name}-journal").touch()
    run(site)
    assert list(store.parent.iterdir()) == []
    assert [route for route, _query in site.asked] == ["types", "taxonomies"]
    assert Article.objects.count() == 3


@pytest.mark.once
def test_a_site_that_is_busy_is_asked_again_after_the_time_it_names(site, monkeypatch):
    waits = []
    monkeypatch.setattr(rest_client.time, "sleep", waits.append)
    monkeypatch.setattr(rest_client, "PAUSE", 2)
    site.add("posts", rest_site.post(1))
    site.failures["posts", 1] = [fail(429, {"Retry-After": "7"}), fail(500), fail(200)]
    run(site)
    assert waits == [7, 4, 8]
    assert Article.objects.count() == 1
    site.failures["posts", 1] = [fail(429, {"Retry-After": "7200"})]
    with pytest.raises(BrokenExport, match="wait 121 minutes"):
        run(site)


@pytest.mark.once
def test_an_entry_that_the_site_cannot_show_is_left_out_alone(site, monkeypatch):
    monkeypatch.setattr(site_fetcher, "SIZES", (4, 2, 1))
    site.add("posts", *map(rest_site.post, range(1, 10)))
    site.broken = {6}
    report = run(site)
    assert Article.objects.count() == 8
    [row] = [row for row in report.rows if "cannot show" in row.reason]
    assert (row.item, row.times) == ("posts 6", 1)
    assert "critical error" in row.reason


@pytest.mark.once
def test_where_entries_were_deleted_meanwhile_none_is_missed(site, monkeypatch):
    monkeypatch.setattr(site_fetcher, "SIZES", (2, 1))
    site.add("posts", *map(rest_site.post, range(1, 7)))
    answer = site.answer

    def delete_one(route, query, authorization):
        if route == "posts" and query["page"] == "2" and len(site.rows["posts"]) == 6:
            del site.rows["posts"][0]
        return answer(route, query, authorization)

    monkeypatch.setattr(site, "answer", delete_one)
    run(site)
    assert sorted(Article.objects.values_list("slug", flat=True)) == [
        f"post-{number}" for number in range(2, 7)
    ]


@pytest.mark.once
def test_a_site_without_posts_asks_for_a_login(site):
    with pytest.raises(BrokenExport, match="shows no post.*--user"):
        run(site)


@pytest.mark.once
def test_only_one_import_of_a_site_runs(site):
    site.add("posts", rest_site.post(1))
    answer, errors = site.answer, []

    def run_again(route, query, authorization):
        if route == "posts":
            try:
                with translation.override("en"):  # the server has a thread of its own
                    run(site)
            except BrokenExport as error:
                errors.append(str(error))
        return answer(route, query, authorization)

    site.answer = run_again
    run(site)
    assert re.match("another import of this site", errors[0])


def test_values_of_wrong_types_break_nothing(site):
    odd = rest_site.post(5) | dict.fromkeys(
        ("title", "content", "excerpt", "slug", "meta", "author", "categories", "link"), [{"\0": 1}]
    )
    site.add("posts", odd, rest_site.post(6, title={"rendered": "港\0\ud800"}))
    site.add("comments", rest_site.comment(7, 6, meta={"likes": [1]}, content=5, author_name={}))
    assert run(site).outcomes["post"]["new"] == 2
    assert Article.objects.get(slug="post-6").title == "港"
    assert Mapping(rest_site.HOME[8:], dry_run=True).load_all("comment")


@pytest.mark.once
def test_categories_come_with_their_addresses(site, client):
    rest_site.fill(site)
    run(site)
    assert (
        client.get("/category/news/harbour/").url
        == Category.objects.get(slug="harbour").get_absolute_url()
    )
    assert client.get("/?p=10").status_code in {301, 302}
