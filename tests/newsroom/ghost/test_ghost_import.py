"""The import of Ghost's exports: what comes, what is left out, and files that are none."""

import gzip
import io
import zipfile
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone, translation
from PIL import Image

from articles.models import Article, Category, MediaFile, Redirect
from newsroom.ghost.ghost_cards import simplify_cards
from newsroom.ghost.ghost_importer import GhostImporter
from newsroom.models import ImportedItem
from tests.newsroom.ghost import ghost_export as ghost

pytestmark = pytest.mark.django_db
SITE = "https://old.example"
SEA = "__GHOST_URL__/content/images/2021/01/sea.jpg"


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def bring(tmp_path):
    """Import an export of these posts; returns the report."""

    def bring(*posts, options=(), **tables):
        path = tmp_path / "export.json"
        path.write_bytes(ghost.export(*posts, **tables))
        return GhostImporter(path, site=SITE, **dict(options)).run()

    return bring


@pytest.fixture
def content(tmp_path):
    """A copy of Ghost's content folder with one picture."""
    folder = tmp_path / "content/images/2021/01"
    folder.mkdir(parents=True)
    target = io.BytesIO()
    Image.new("RGB", (600, 400), (20, 80, 120)).save(target, "JPEG")
    (folder / "sea.jpg").write_bytes(target.getvalue())
    return tmp_path / "content"


WHOLE = (
    ghost.post(
        "p1",
        title="5 < 6 & <海>",
        html=f'<p>文 <a href="__GHOST_URL__/post-p2/">次</a></p><img src="{SEA}">',
        feature_image=SEA,
        featured=1,
        custom_excerpt="要約 & <引用>",
        codeinjection_head="<script>1</script>",
        canonical_url="https://other.example/a",
    ),
    ghost.post("p2", status="scheduled", published_at="2090-01-01T00:00:00.000Z"),
    ghost.post("p3", status="draft", published_at=None),
    ghost.post("p4", type="page"),
    ghost.post("p5", visibility="paid"),
    ghost.post("p6", status="sent"),
    ghost.post("p7", html=None, plaintext="一。\n\n二 < 三。"),
    ghost.post("p8", html=None, plaintext=None),
)
TABLES = {
    "posts_authors": [*ghost.join("p1", "author_id", ["a2", "a1"])]
    + [row for key in "2345678" for row in ghost.join(f"p{key}", "author_id", ["a1"])],
    "posts_meta": [
        ghost.meta(
            "p1",
            feature_image_alt="青い海",
            feature_image_caption="<i>港</i>の海",
            meta_title="検索の題",
            meta_description="検索の文",
            og_title="別の題",
        )
    ],
    "posts_tags": ghost.join("p1", "tag_id", ["t0", "t1", "t2"]),
    "tags": [
        ghost.tag("t0", "hash-top", "#top", "internal"),
        ghost.tag("t1", "harbour", "港"),
        ghost.tag("t2", "boat", "船"),
    ],
    "settings": [{"key": "codeinjection_foot", "value": "<script>2</script>"}],
}


def test_everything_of_a_site_comes_and_what_does_not_is_told(bring, content):
    options = {"media_folder": content}
    dry = bring(*WHOLE, options={**options, "dry_run": True}, **TABLES)
    assert not Article.objects.exists()
    report = bring(*WHOLE, options=options, **TABLES)
    assert (dry.rows, dry.outcomes) == (report.rows, report.outcomes)
    article = Article.objects.get(slug="post-p1")
    assert (article.title, article.lead) == ("5 < 6 & <海>", "要約 & <引用>")
    assert (article.seo_title, article.seo_description) == ("検索の題", "検索の文")
    assert article.featured
    assert [str(credit.byline) for credit in article.credits.all()] == ["沖 花子", "港 太郎"]
    assert sorted(article.tags.names()) == ["港", "船"]
    assert 'href="/articles/post-p2/"' in article.body
    file = MediaFile.objects.get()
    assert f'data-file="{file.pk}"' in article.body
    assert article.lead_image == file
    assert (file.caption, file.image_alt_text) == ("港の海", "青い海")
    states = dict(Article.objects.values_list("slug", "status"))
    assert states["post-p2"] == Article.Status.PUBLISHED
    assert Article.objects.get(slug="post-p2").published_at > timezone.now()
    assert {states[f"post-{key}"] for key in ("p3", "p5", "p6")} == {Article.Status.DRAFT}
    assert Article.objects.get(slug="post-p4").kind == Article.Kind.PAGE
    assert Article.objects.get(slug="post-p7").body == "<p>一。</p><p>二 &lt; 三。</p>"
    told = {(row.item, row.reason) for row in report.rows}
    assert told >= {
        ("#top", "internal tag left out"),
        ("codeinjection_foot", "code injection left out"),
        ("5 < 6 & <海>", "code injection left out"),
        ("5 < 6 & <海>", "texts for social networks left out"),
        ("5 < 6 & <海>", "canonical address left out: https://other.example/a"),
        ("記事 p5", "for members only on the old site"),
        ("記事 p6", "sent as a newsletter only, never on the site"),
        ("記事 p7", "the text comes without its form: the export has no HTML of it"),
    }
    assert "no text" in str(report.remarks)
    assert report.outcomes["author"] == {"new": 2}


def test_the_second_run_changes_nothing_and_edits_here_win(bring, content):
    bring(*WHOLE, options={"media_folder": content}, **TABLES)
    before = list(ImportedItem.objects.order_by("pk").values())
    report = bring(*WHOLE, options={"media_folder": content}, **TABLES)
    assert report.changed_nothing
    assert list(ImportedItem.objects.order_by("pk").values()) == before
    article = Article.objects.get(slug="post-p1")
    article.title = "ここで直した題"
    article.save_whole(lambda: None)
    changed = {**WHOLE[0], "title": "元で直した題", "slug": "moved"}
    report = bring(changed, *WHOLE[1:], options={"media_folder": content}, **TABLES)
    article.refresh_from_db()
    assert article.title == "ここで直した題"
    assert article.history.filter(title="元で直した題").exists()
    assert report.outcomes["post"]["kept"] == 1


def test_a_new_order_of_authors_is_a_change(bring):
    tables = {"posts_authors": ghost.join("p1", "author_id", ["a1", "a2"])}
    bring(ghost.post("p1"), **tables)
    tables["posts_authors"] = ghost.join("p1", "author_id", ["a1"])
    bring(ghost.post("p1"), **tables)
    article = Article.objects.get()
    assert not article.credits.exists()
    assert article.author.username == "minato"


def test_old_addresses_lead_here(bring, client):
    options = {"permalink": "/{year}/{primary_tag}/{slug}/", "tag_as_category": True}
    bring(*WHOLE[:1], WHOLE[3], options=options, **TABLES)
    assert [str(each) for each in Category.objects.all()] == ["港"]
    article = Article.objects.get(slug="post-p1")
    assert str(article.category) == "港"
    assert list(article.tags.names()) == ["船"]
    targets = {
        "/2021/harbour/post-p1/": "/articles/post-p1/",
        "/post-p4/": "/articles/post-p4/",
        "/tag/harbour/": article.category.get_absolute_url(),
        "/ghost/": "/admin/login/",
        "/rss/": "/feed/",
    }
    assert {path: client.get(path).url for path in targets} == targets
    for path in ("/tag/boat/", "/tag/boat/rss/", "/tag/boat/page/2/", "/author/oki/rss/"):
        assert client.get(path).status_code == 301, path
    assert Redirect.objects.filter(path="/author/oki").exists()


@pytest.mark.once
@pytest.mark.parametrize(
    ("card", "plain"),
    [
        (
            '<figure class="kg-card kg-bookmark-card"><a class="kg-bookmark-container" '
            'href="https://a.example/"><div class="kg-bookmark-content"><div '
            'class="kg-bookmark-title">題</div><img class="kg-bookmark-icon" src="i.png"></div></a>'
            "<figcaption>説明</figcaption></figure>後",
            '<p><a href="https://a.example/">題</a></p><p>説明</p>後',
        ),
        (
            '<div class="kg-card kg-file-card"><a class="kg-file-card-container" href="/f.pdf">'
            '<div class="kg-file-card-title">資料</div><div class="kg-file-card-caption">三枚</div>'
            '<div class="kg-file-card-icon"><svg></svg></div></a></div>',
            '<p><a href="/f.pdf">資料</a></p><p>三枚</p>',
        ),
        (
            '<figure class="kg-card kg-video-card"><div class="kg-video-container"><video '
            'src="/v.mp4"></video><button class="kg-video-play-icon">x</button><span '
            'class="kg-video-current-time">0:00</span></div><figcaption>波</figcaption></figure>',
            '<figure><video src="/v.mp4"></video><figcaption>波</figcaption></figure>',
        ),
        (
            '<div class="kg-card kg-toggle-card"><div class="kg-toggle-heading"><h4 '
            'class="kg-toggle-heading-text">問</h4><button><svg></svg></button></div>'
            '<div class="kg-toggle-content"><p>答</p></div></div>',
            '<details><summary>問</summary><div class="kg-toggle-content"><p>答</p></div>'
            "</details>",
        ),
        (
            '<div class="kg-card kg-callout-card"><div class="kg-callout-emoji">💡</div>'
            '<div class="kg-callout-text">知る</div></div>',
            '<blockquote><p class="kg-callout-text">💡 知る</p></blockquote>',
        ),
    ],
)
def test_cards_become_plain_html(card, plain):
    assert simplify_cards(card)[0].replace("\n", "") == plain


def test_a_sign_up_form_is_left_out_and_told(bring):
    card = '<div class="kg-card kg-signup-card"><form><input></form></div><p>文</p>'
    report = bring(ghost.post("p1", html=card))
    assert Article.objects.get().body == "<p>文</p>"
    assert report.remarks == {"sign-up form left out": 1}


@pytest.mark.once
@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "empty.*Settings"),
        (b"<?xml version='1.0'?><rss >", "WordPress export.*Settings"),
        (b"PK\3\4", r"\.zip cannot be unpacked"),
        (b"[1, 2]", "not a Ghost export.*Settings"),
        (b'{"db": [{"data": {"posts": 5}}]}', "not a Ghost export.*Settings"),
        (b'{"db": [{"data": {"posts": []}}]}', "holds no item.*Settings"),
        (ghost.export(ghost.post("p1"))[:-40], "Line 1: .*cut off"),
        (b'{"a":' * 100_000, "not a Ghost export|cut off"),
        (b"\x1f\x8b not packed", r"\.gz cannot be unpacked"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_says_what_to_try(tmp_path, content, text):
    path = tmp_path / "file.json"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=text):
        call_command("import_ghost", path, "--site", SITE, stdout=StringIO())


@pytest.mark.once
@pytest.mark.parametrize(
    ("options", "text"),
    [
        ([], "address of the old site is missing"),
        (["--site", "old.example"], "Not an address: “old.example”"),
        (["--site", "https://[::1"], "Not an address"),
        (["--site", SITE, "--permalink", "/{secret}/{slug}/"], "Not understood"),
    ],
)
def test_options_that_mean_nothing_say_so(tmp_path, options, text):
    path = tmp_path / "file.json"
    path.write_bytes(b"{}")
    with pytest.raises(CommandError, match=text):
        call_command("import_ghost", path, *options, stdout=StringIO())


def test_values_of_wrong_types_break_nothing(tmp_path):
    nonsense = dict.fromkeys(ghost.post("p"), ["\ud800\0", {"a": 1}]) | {"id": "odd"}
    numbers = dict.fromkeys(ghost.post("p"), 10**30) | {"title": "港\0\ud800"}
    tables = {"posts_tags": [{"post_id": [], "tag_id": {}}, 5], "tags": 7, "users": [None]}
    path = tmp_path / "export.json.gz"
    text = ghost.export(nonsense, numbers, ghost.post("p1"), "post", **tables)
    path.write_bytes(gzip.compress(text))
    report = GhostImporter(path, site=SITE).run()
    assert Article.objects.get(slug="post-p1").status == Article.Status.PUBLISHED
    assert report.outcomes["post"]["new"] == 3
    assert GhostImporter(path, site=SITE).run().changed_nothing


def test_an_archive_holds_the_export_among_other_files(tmp_path):
    path = tmp_path / "backup.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("data/content.json", ghost.export(ghost.post("p1")))
        archive.writestr("data/redirects.json", b"[]")
        archive.writestr("content/images/2021/01/sea.jpg", b"")
    GhostImporter(path, site=SITE).run()
    assert Article.objects.get().slug == "post-p1"
