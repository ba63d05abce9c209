"""Files of an import: packed, several in any order, of several blogs, or none that can be read."""

import gzip
import os
import tempfile
import zipfile
from io import BytesIO, StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from articles.models import Article, Category, Redirect, Series
from comments.models import Comment
from newsroom.importing.broken_export import BrokenExport
from newsroom.importing.packing import CHUNK, inflate_gzip
from newsroom.wordpress.importer import Importer
from tests.newsroom.wordpress import wxr

pytestmark = pytest.mark.django_db
LINK = "<a href='https://old.example/2020/01/post-1/'>前</a>"


def run(*paths, **options):
    return Importer(*paths, **options).run()


def test_packed_exports_are_imported(tmp_path):
    packed, archive = tmp_path / "a.xml.gz", tmp_path / "b.zip"
    packed.write_bytes(gzip.compress(wxr.export(wxr.item(1))))
    with zipfile.ZipFile(archive, "w") as file:
        file.writestr("part/2.xml", wxr.export(wxr.item(2)))
        file.writestr("part/3.xml", wxr.export(wxr.item(3)))
        file.writestr("__MACOSX/part/._2.xml", b"\0\5\26\7")
    run(packed, archive)
    assert sorted(Article.objects.values_list("slug", flat=True)) == ["post-1", "post-2", "post-3"]


def test_a_packed_export_that_is_cut_off_gives_what_is_whole(tmp_path):
    path = tmp_path / "a.xml.gz"
    path.write_bytes(gzip.compress(wxr.export(*map(wxr.item, range(1, 60))), 1)[:-400])
    with pytest.raises(BrokenExport, match="the file ends"):
        run(path)
    assert 0 < Article.objects.count() < 59


@pytest.mark.parametrize("content", [b"PK\3\4 nothing", None])
def test_a_zip_without_an_export_says_so(tmp_path, content):
    path = tmp_path / "a.zip"
    if content:
        path.write_bytes(content)
    else:
        with zipfile.ZipFile(path, "w") as file:
            file.writestr("photo.jpg", b"")
    with pytest.raises(CommandError, match=r"\.zip (cannot be unpacked|holds no \.xml)"):
        call_command("import_wordpress", path, stdout=StringIO())


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_parts_in_any_order_are_one_site(tmp_path, order):
    parts = [
        (wxr.item(2, wxr.comment(6), content=LINK),),
        (wxr.category("harbour", "港"), wxr.item(1, wxr.comment(5))),
    ]
    paths = []
    for number in order:
        paths.append(tmp_path / f"part-{number}.xml")
        paths[-1].write_bytes(wxr.export(*parts[number]))
    report = run(*paths)
    assert 'href="/articles/post-1/"' in Article.objects.get(slug="post-2").body
    assert Comment.objects.count() == 2
    assert report.outcomes["post"]["new"] == 2
    assert run(*paths).changed_nothing


def test_a_broken_part_stops_no_other_and_the_report_names_files(tmp_path):
    good, page = tmp_path / "good.xml", tmp_path / "page.html"
    good.write_bytes(wxr.export(wxr.item(1), wxr.item(2, status="trash")))
    page.write_text("<!DOCTYPE html><html></html>")
    with pytest.raises(CommandError, match=r"page\.html: Line 1: this is a web page"):
        call_command("import_wordpress", page, good, stdout=StringIO())
    assert Article.objects.count() == 1
    importer = Importer(good, page, dry_run=True)
    with pytest.raises(BrokenExport):
        importer.run()
    assert {row.place.split()[0] for row in importer.report.rows} == {"good.xml"}


def of_blog(number, *parts):
    text = wxr.export(*parts).decode()
    return text.replace("https://old.example", f"https://blog{number}.example").encode()


def test_several_blogs_come_into_sections_of_one_paper(tmp_path):
    paths = [tmp_path / f"{number}.xml" for number in (1, 2)]
    for number, path in enumerate(paths, 1):
        parts = (
            wxr.category("news", "ニュース"),
            wxr.item(1, wxr.term("category", "news", "ニュース")),
            wxr.item(2, link=f"https://blog{number}.example/only-{number}/", slug=f"only-{number}"),
        )
        path.write_bytes(of_blog(number, *parts))
    sections = {"blog1.example": "東版", "blog2.example": "西版"}
    dry = run(*paths, sections=sections, dry_run=True)
    report = run(*paths, sections=sections)
    assert dry.rows == report.rows
    places = [str(article.category.get_root()) for article in Article.objects.order_by("pk")]
    assert places == ["東版", "東版", "西版", "西版"]
    assert Category.objects.filter(name="ニュース").count() == 2
    assert report.remarks["old address leads elsewhere already: /2020/01/post-1, /?p=1"] == 1 or (
        report.remarks["old address leads elsewhere already: /?p=1, /2020/01/post-1"] == 1
    )
    assert run(*paths, sections=sections).outcomes["post"] == {"same": 4}


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"<!DOCTYPE html><html>", "web page.*Tools"),
        (b"-- MySQL dump 10.13\n", "dump of a database.*Tools"),
        (b'{"posts": []}', "JSON.*Tools"),
        (b'<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom">', "Atom.*Tools"),
        (b"\x89PNG\r\n", "picture.*Tools"),
        (b"7z\xbc\xaf\x27", "packed"),
        (b"", "empty.*Tools"),
        (b"something else", "not a WordPress export.*Tools"),
        (wxr.export(), "holds no item.*Tools"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_says_what_to_try(tmp_path, content, text):
    path = tmp_path / "file"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=text):
        call_command("import_wordpress", path, stdout=StringIO())


def test_a_feed_without_dates_of_wordpress_has_those_of_the_feed(bring):
    date = "<pubDate>Thu, 03 Jan 2013 09:30:00 +0900</pubDate>\n"
    nothing = {"date": "0000-00-00 00:00:00", "date_gmt": "0000-00-00 00:00:00"}
    bring(wxr.item(1, date, **nothing), wxr.item(2, "<pubDate>never</pubDate>", **nothing))
    first, second = Article.objects.order_by("slug")
    assert first.is_published
    assert first.published_at.isoformat() == "2013-01-03T00:30:00+00:00"
    assert second.status == "draft"


def test_logins_with_spaces_become_valid_usernames(bring):
    names = ("hama taro", "hama-taro", "漁師 !")
    bring(
        *(wxr.author(name, number) for number, name in enumerate(names, 1)),
        wxr.item(1, author="hama taro"),
    )
    users = get_user_model().objects.order_by("pk")
    assert [user.username for user in users] == ["hama-taro", "hama-taro-2", "漁師-"]
    for user in users:
        user.full_clean(exclude={"password"})
    assert Article.objects.get().author == users[0]


RECIPE = wxr.item(
    1,
    wxr.term("genre", "soup", "汁"),
    wxr.term("ingredient", "fish", "魚"),
    wxr.term("region", "north", "北"),
    wxr.term("series", "port", "港の連載"),
    wxr.meta("_series_part", 3),
    type="recipe",
)
OPTIONS = {
    "post_types": {"recipe": "article"},
    "taxonomies": {"genre": "category", "ingredient": "tag"},
}


def test_further_types_and_taxonomies_come_as_they_are_named(bring):
    dry = bring(RECIPE, **OPTIONS, dry_run=True)
    report = bring(RECIPE, **OPTIONS)
    article = Article.objects.get()
    assert article.category.name == "汁"
    assert [tag.name for tag in article.tags.all()] == ["魚"]
    assert (article.series.title, article.series_number) == ("港の連載", 3)
    assert report.remarks == {"terms left out, --taxonomy region=… imports them": 1}
    assert dry.rows == report.rows
    assert bring(RECIPE, **OPTIONS).changed_nothing


def test_a_series_has_its_description_and_its_old_address(bring, client):
    described = (
        "<wp:term><wp:term_id>4</wp:term_id><wp:term_taxonomy>series</wp:term_taxonomy>"
        "<wp:term_slug>port</wp:term_slug><wp:term_name>港の連載</wp:term_name>"
        "<wp:term_description>毎週。</wp:term_description></wp:term>\n"
    )
    bring(described, wxr.item(1, wxr.term("series", "port", "港の連載")))
    assert Series.objects.get().description == "毎週。"
    assert client.get("/series/port/").status_code == 200
    assert not Redirect.objects.filter(to_path="/").exists()


def test_the_command_takes_kinds_and_refuses_others(tmp_path):
    path = tmp_path / "export.xml"
    path.write_bytes(wxr.export(RECIPE))
    with pytest.raises(CommandError, match="recipe=article / recipe=page"):
        call_command("import_wordpress", path, "--post-type", "recipe=story", stdout=StringIO())
    options = ("--post-type", "recipe=page", "--taxonomy", "region=series", "--section", "台所")
    call_command("import_wordpress", path, *options, stdout=StringIO())
    article = Article.objects.get()
    assert (article.kind, article.series.title, article.category.name) == ("page", "北", "台所")


@pytest.mark.parametrize(
    ("key", "field"),
    [
        ("_aioseo_title", "seo_title"),
        ("_aioseop_description", "seo_description"),
        ("_seopress_titles_title", "seo_title"),
    ],
)
def test_texts_of_further_plugins_for_search_engines_come_along(bring, key, field):
    bring(wxr.item(1, wxr.meta(key, "港の題")))
    assert getattr(Article.objects.get(), field) == "港の題"
    bring(wxr.item(2, wxr.meta(key, "#post_title #separator_sa #site_title")))
    assert not getattr(Article.objects.get(slug="post-2"), field)


def test_the_language_of_an_item_is_that_of_the_article(bring):
    bring(wxr.item(1, wxr.term("language", "en", "English"), title="Harbour"), wxr.item(2))
    assert [each.language for each in Article.objects.order_by("slug")] == ["en", ""]


def test_a_dry_run_foresees_where_blogs_meet(tmp_path):
    news = wxr.category("news", "ニュース")
    parts = {
        1: (
            *(wxr.author("hama taro", 1), news, wxr.tag("boat", "船")),
            wxr.item(1, wxr.term("series", "port", "連載"), wxr.comment(5), author="hama taro"),
        ),
        2: (
            *(wxr.author("hama-taro", 1), wxr.author("hama taro", 2), wxr.tag("ship", "船")),
            *(news, wxr.category("東版", "東版")),
            wxr.item(1, wxr.term("series", "port", "連載"), wxr.comment(5)),
            wxr.item(2, slug="post-1", link="https://old.example/articles/post-1-2/"),
        ),
    }
    paths = [tmp_path / f"{number}.xml" for number in parts]
    for number, path in zip(parts, paths, strict=True):
        path.write_bytes(of_blog(number, *parts[number]))
    sections = {"blog1.example": "東版"}
    dry = run(*paths, sections=sections, dry_run=True)
    report = run(*paths, sections=sections)
    assert dry.rows == report.rows
    assert (dry.outcomes, dry.states) == (report.outcomes, report.states)
    assert report.remarks["category already existed"] == 2
    assert report.remarks["author already has an account"] == 1
    assert Comment.objects.count() == 2
    assert get_user_model().objects.filter(username__startswith="hama").count() == 2


@pytest.mark.once
@pytest.mark.parametrize("ending", ["gz", "zip"])
def test_what_a_small_archive_can_grow_to_has_a_limit(tmp_path, settings, monkeypatch, ending):
    settings.IMPORT_UNPACKED_MB = 1
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    path, bomb = tmp_path / f"a.{ending}", b" " * (3 << 19)
    if ending == "gz":
        path.write_bytes(gzip.compress(bomb))
    else:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("a.xml", bomb)
    with pytest.raises(BrokenExport, match="more than 1 MB unpacked"):
        run(path)
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.once
def test_a_gz_is_unpacked_in_pieces_of_bounded_size():
    content = b" " * (1 << 21) + b"end"
    pieces = list(inflate_gzip(BytesIO(gzip.compress(content) + gzip.compress(b"more"))))
    assert b"".join(pieces) == content + b"more"
    assert max(map(len, pieces)) <= CHUNK


@pytest.mark.once
def test_a_zip_of_very_many_files_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr("newsroom.importing.packing.MOST_FILES", 2)
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w") as file:
        for number in range(3):
            file.writestr(f"{number}.xml", wxr.export(wxr.item(number + 1)))
    with pytest.raises(BrokenExport, match="3 files, more than 2"):
        run(path)


@pytest.mark.once
def test_a_full_disk_ends_the_command_with_a_sentence(tmp_path, monkeypatch):
    def fail(folder):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("newsroom.importing.packing.shutil.disk_usage", fail)
    path = tmp_path / "a.xml"
    path.write_bytes(wxr.export(wxr.item(1)))
    with pytest.raises(CommandError, match="The import ended: No space left on device"):
        call_command("import_wordpress", path, stdout=StringIO())


@pytest.mark.once
def test_the_report_has_names_of_any_encoding(tmp_path):
    paths = [tmp_path / os.fsdecode(f"港{number}.xml".encode("shift_jis")) for number in (1, 2)]
    for number, path in enumerate(paths, 1):
        path.write_bytes(wxr.export(wxr.item(number), wxr.item(number + 2, status="trash")))
    report = tmp_path / "report.csv"
    call_command("import_wordpress", *paths, "--report", report, stdout=StringIO())
    assert "1.xml line" in report.read_text("utf-8-sig")
