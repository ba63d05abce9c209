"""A site is written into a folder that others can read, and comes back as it was."""

import json
import stat
from io import StringIO

import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from jsonschema import Draft202012Validator

from articles.models import Article
from comments.models import Comment, Measure, Report, Thread, Vote
from comments.posting import post
from newsroom.models import User
from newsroom.ranking_renewal import renew_all_rankings
from newsroom.site_archive.archive_reading import import_site
from newsroom.site_archive.archive_writing import export_site
from newsroom.site_archive.archived_tables import EMPTIED, KEPT, TABLES
from newsroom.site_archive.line_formats import build_schema
from tests import factories
from tests.newsroom.site_archive.archived_site import (
    change_file,
    read_archive,
    read_rows,
)
from tests.newsroom.test_backups import manage

PAGES = (
    "/",
    "/articles/morning/",
    "/categories/port/",
    "/tags/霧/",
    "/search/?q=霧",
    "/articles/evening/",
)


@pytest.mark.once
def test_every_model_is_archived_or_said_to_be_left_out():
    archived = [table.model for table in TABLES]
    named = [*archived, *EMPTIED, *KEPT]
    assert len(named) == len(set(named))
    assert set(apps.get_models(include_auto_created=True)) == set(named)


@pytest.mark.usefixtures("db")
class TestRoundTrip:
    @pytest.mark.parametrize("kind", ["plain", "keyed"])
    def test_the_archive_of_an_imported_site_is_the_same(self, archive, tmp_path, kind):
        folder = archive.with_name(kind)
        import_site(folder, force=True)
        export_site(tmp_path / "again", with_keys=kind == "keyed")
        assert read_archive(tmp_path / "again") == read_archive(folder)

    def test_the_pages_are_the_same(self, archive, client):
        renew_all_rankings()
        path = f"/authors/{User.objects.get(username='editor').pk}/"
        before = {page: client.get(page) for page in (*PAGES, path)}
        import_site(archive, force=True)
        for page, response in before.items():
            assert response.status_code == 200, page
            assert client.get(page).content == response.content, page

    def test_the_site_goes_on(self, archive):
        highest = Comment.objects.order_by("-pk").first().pk
        import_site(archive, force=True)
        article = Article.objects.get(slug="morning")
        parent = article.thread.comments.get(number=2)
        reply = post(article, text="続き。", parent_id=parent.pk, reader=factories.reader("ann"))
        top = post(article, text="新しい話。", reader=factories.reader("cat"))
        assert reply.pk > highest
        assert top.number == 6
        call_command("verify_comments", stdout=(said := StringIO()))
        assert said.getvalue() == f"{Thread.objects.count()} threads checked, 0 repaired.\n"
        factories.article(title="次の記事")

    def test_every_table_has_a_line(self, archive):
        empty = [
            table.name for table in TABLES if not read_rows(archive.with_name("keyed"), table.name)
        ]
        assert empty == []


@pytest.mark.once
class TestSchema:
    def test_it_is_a_schema(self):
        schema = build_schema()
        Draft202012Validator.check_schema(schema)
        assert "の" not in json.dumps(schema, ensure_ascii=False)  # whatever the site's language
        assert schema["$defs"]["votes"]["description"] == (
            "A reader's vote on a comment: 1 or -1; a vote of 0 has no row."
        )

    @pytest.mark.parametrize("kind", ["plain", "keyed"])
    def test_every_line_holds_it(self, archive, kind):
        folder = archive.with_name(kind)
        schema = json.loads((folder / "schema.json").read_text())
        files = {path.stem for path in (folder / "data").iterdir()}
        assert files <= schema["$defs"].keys()
        for name in files:
            validator = Draft202012Validator(
                schema["$defs"][name], format_checker=Draft202012Validator.FORMAT_CHECKER
            )
            for row in read_rows(folder, name):
                validator.validate(row)

    def test_an_outsider_can_read_it(self, archive):
        [article] = [row for row in read_rows(archive, "articles") if row["slug"] == "morning"]
        assert article["title"] == "港の朝はとても早い"
        assert article["published_at"].endswith("Z")
        assert article["body"].startswith("<p>霧が晴れた。</p><figure>")
        assert article["author"] in {row["id"] for row in read_rows(archive, "users")}
        revisions = read_rows(archive, "article_revisions")
        assert [row["title"] for row in revisions if row["id"] == article["id"]] == [
            "港の朝は早い",
            "港の朝はとても早い",
        ]


@pytest.mark.once
@pytest.mark.usefixtures("db")
class TestReaders:
    def test_nothing_leads_to_a_reader(self, archive):
        secrets = set(Vote.objects.values_list("voter", flat=True))
        for model in (Comment, Measure):
            secrets |= set(model.objects.values_list("reader_hash", flat=True))
            secrets |= set(model.objects.values_list("network_hash", flat=True))
        secrets |= set(Report.objects.values_list("reporter", flat=True))
        secrets |= set(Vote.objects.values_list("bucket", flat=True))
        secrets |= set(User.objects.values_list("password", flat=True))
        secrets |= {"desk-secret-desk-secret", "feed-secret-feed-secret"}
        secrets = {str(secret).encode() for secret in secrets - {""}}
        assert len(secrets) > 10
        found = b"".join(read_archive(archive).values())
        assert [secret for secret in secrets if secret in found] == []
        keyed = b"".join(read_archive(archive.with_name("keyed")).values())
        lost = [secret for secret in secrets if secret not in keyed]
        assert {secret.partition(b"$")[0] for secret in lost} == {b"md5"}

    def test_who_is_who_within_a_thread(self, archive, site):
        rows = read_rows(archive, "comments")
        own = [row for row in rows if row["thread"] == site.thread.pk]
        ann, ben, ann_again, _gone = [row["reader_hash"] for row in own]
        assert ann == ann_again != ben
        assert [row["reader_code"] for row in own] == list(
            site.thread.comments.order_by("number").values_list("reader_code", flat=True)
        )
        assert own[0]["network_hash"] == own[1]["network_hash"]
        [elsewhere] = [row for row in rows if row["text"] == "別の記事。"]
        assert elsewhere["reader_hash"] != ann

    def test_scores_stay_and_passwords_do_not(self, archive, site):
        before = list(Comment.objects.order_by("pk").values_list("pk", "score", "up_votes"))
        import_site(archive, force=True)
        assert list(Comment.objects.order_by("pk").values_list("pk", "score", "up_votes")) == before
        assert before[0][1]
        assert not User.objects.get(username="editor").has_usable_password()


@pytest.mark.once
class TestFolder:
    def test_it_is_readable_to_its_owner_alone(self, archive):
        paths = [archive, *archive.rglob("*")]
        files = {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_file()}
        folders = {stat.S_IMODE(path.stat().st_mode) for path in paths if path.is_dir()}
        assert (files, folders) == ({0o600}, {0o700})

    def test_it_replaces_nothing(self, archive, db):
        with pytest.raises(CommandError, match="exists"):
            call_command("export_site", str(archive))


def drop_field(copy, table, name):
    """Make an archive one of a release that did not have a field yet."""

    def drop(content):
        schema = json.loads(content)
        del schema["$defs"][table]["properties"][name]
        return json.dumps(schema).encode()

    def drop_values(content):
        rows = [json.loads(each) for each in content.decode().splitlines()]
        kept = [{key: row[key] for key in row if key != name} for row in rows]
        return "".join(f"{json.dumps(row)}\n" for row in kept).encode()

    change_file(copy, "schema.json", drop)
    change_file(copy, f"data/{table}.jsonl", drop_values)


@pytest.mark.once
def test_a_field_that_an_older_release_did_not_have_gets_its_default(copy, db):
    drop_field(copy, "comments", "imported_score")
    import_site(copy, force=True)
    assert set(Comment.objects.values_list("imported_score", flat=True)) == {0}


@pytest.mark.once
def test_a_count_that_is_wrong_is_repaired_and_told(copy, db, capsys):
    def miscount(content):
        return content.replace(b'"published_count": 3', b'"published_count": 30')

    change_file(copy, "data/threads.jsonl", miscount)
    call_command("import_site", str(copy), force=True)
    said = capsys.readouterr().out
    assert "counts 30 published comments, has 3\n2 threads checked, 1 repaired.\n" in said
    assert set(Thread.objects.values_list("published_count", flat=True)) == {1, 3}


@pytest.mark.slow
@pytest.mark.postgresql
def test_sqlite_gives_the_same_archive(archive, db, tmp_path):
    place = {"address": f"sqlite:///{tmp_path / 'other.sqlite3'}", "media": tmp_path / "other"}
    for words in (
        ["migrate", "--verbosity=0"],
        ["import_site", archive],
        ["export_site", tmp_path / "second"],
    ):
        done = manage(*words, **place)
        assert done.returncode == 0, done.stderr
    assert read_archive(tmp_path / "second") == read_archive(archive)
    import_site(tmp_path / "second", force=True)
    export_site(tmp_path / "third")
    assert read_archive(tmp_path / "third") == read_archive(archive)
