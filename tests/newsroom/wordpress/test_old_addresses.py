"""Old addresses of an imported site: each redirects to its page in one hop."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from articles.models import Article
from comments.models import Comment
from tests.benchmarks import statements
from tests.newsroom.wordpress import wxr
from tests.newsroom.wordpress.test_linked_files import picture

pytestmark = pytest.mark.django_db
NEWS = wxr.term("category", "jiken", "事件")
TAG = wxr.term("post_tag", "%e3%82%bf%e3%82%b0", "タグ")
SERIES = wxr.term("series", "s1", "連載")
POSTS = (
    wxr.author("hama taro", 3, "浜 太郎"),
    wxr.category("%e7%a4%be%e4%bc%9a", "社会", old_id=7),
    wxr.category("jiken", "事件", parent="%e7%a4%be%e4%bc%9a", old_id=8),
    wxr.item(
        123,
        NEWS,
        TAG,
        SERIES,
        wxr.comment(1001),
        slug="bangou",
        link="https://old.example/archives/123",
        author="hama taro",
    ),
    wxr.item(124, slug="hidzuke", link="https://old.example/2020/01/hidzuke/"),
    wxr.item(125, slug="idx", link="https://old.example/index.php/2020/01/idx/"),
    wxr.item(126, type="page", slug="staff", link="https://old.example/about/staff/"),
)
PAGES = {
    "/articles/bangou/": (
        *("/archives/123", "/archives/123/", "/archives/123?utm_source=x", "/archives/123/2/"),
        *("/archives/123/amp/", "/archives/123/embed/", "/archives/123/trackback/", "/?p=123"),
        *("/archives/123/comment-page-2/", "/index.php/archives/123", "/index.php?p=123"),
        *("/archives/?p=123", "/bangou/", "/2020/05/bangou/", "/archives/bangou", "/?name=bangou"),
        *("/bangou.html", "/?p=123&replytocom=1001", "/?post_type=post&p=123", "/2020/01/bang/"),
    ),
    "/articles/hidzuke/": (
        *("/2020/01/hidzuke/", "/hidzuke/", "/2020/02/15/hidzuke/", "/index.php/2020/01/hidzuke/"),
        *("/2020/01/hidzu/", "/hidz", "/?p=124"),
    ),
    "/articles/idx/": ("/index.php/2020/01/idx/", "/2020/01/idx/", "/idx"),
    "/articles/staff/": ("/about/staff/", "/staff/", "/?page_id=126", "/?pagename=about/staff"),
    "/categories/jiken/": (
        *("/category/%e7%a4%be%e4%bc%9a/jiken/", "/category/jiken/", "/archives/category/jiken/"),
        *("/archives/category/%E7%A4%BE%E4%BC%9A/jiken", "/index.php/category/jiken/", "/?cat=8"),
        *("/archives/category/jiken/page/3", "/index.php/archives/category/jiken/"),
        *("/?category_name=jiken", "/?cat=8&paged=2"),
    ),
    "/categories/jiken/feed/": ("/category/jiken/feed/", "/archives/category/jiken/feed/rss2/"),
    "/tags/%E3%82%BF%E3%82%B0/": (
        *("/tag/%e3%82%bf%e3%82%b0/", "/archives/tag/タグ/", "/?tag=タグ", "/tag/タグ/page/2/"),
    ),
    "/series/s1/": ("/archives/series/s1/", "/?series=s1"),
    "/authors/{author}/": (
        *("/author/hama-taro/", "/archives/author/hama-taro/", "/?author=3"),
        *("/archives/author/hama-taro/page/2/", "/?author_name=hama-taro"),
    ),
    "/archive/2020/01/": (
        *("/2020/01/", "/2020/01/02/", "/archives/2020/01/", "/archives/date/2020/01/02"),
        *(
            "/archives/date/2020/01/page/2/",
            "/?m=202001",
            "/?year=2020&monthnum=1",
            "/date/2020/01",
        ),
    ),
    "/archive/2020/": ("/2020/", "/archives/date/2020/", "/index.php/2020/", "/?year=2020"),
    "/search/?q=%E6%B8%AF": (
        "/search/港/",
        "/search/%E6%B8%AF/page/2/",
        "/?s=港",
        "/index.php?s=港",
    ),
    "/feed/": (
        *("/rss", "/rss/", "/rss2/", "/rdf/", "/wp-rss2.php", "/wp-rss.php", "/wp-rdf.php"),
        *("/wp-feed.php", "/feed/rss2/", "/?feed=rss2", "/index.php/feed/"),
    ),
    "/feed/atom/": ("/atom/", "/wp-atom.php", "/?feed=atom"),
    "/comments/feed/": ("/wp-commentsrss2.php", "/comments/feed/rss2/", "/?feed=comments-rss2"),
    "/sitemap.xml": (
        *("/wp-sitemap.xml", "/wp-sitemap-posts-post-1.xml", "/sitemap_index.xml"),
        *("/post-sitemap.xml", "/post-sitemap2.xml", "/sitemap.xml.gz", "/?sitemap=index"),
        *("/wp-sitemap-taxonomies-category-1.xml", "/sitemap-pt-post-2020-01.xml"),
    ),
    "/": ("/index.php",),
    "/admin/login/": ("/wp-login.php", "/wp-admin/", "/wp-admin/edit.php"),
}


def test_every_address_redirects_in_one_hop(bring, client):
    bring(*POSTS)
    author = Article.objects.get(slug="bangou").author_id
    wrong = {}
    for page, addresses in PAGES.items():
        target = page.format(author=author)
        assert client.get(target).status_code in {200, 302}, target
        for address in addresses:
            response = client.get(address)
            answer = response.get("Location") or response.status_code
            if (response.status_code, answer) != (301, target):
                wrong[address] = answer
    assert wrong == {}


NOTHING = (
    *("/unknown/", "/2020/01/unknown/", "/archives/999", "/category/unknown/", "/xyz.xml"),
    *("/articles/hidz/", "/categories/hidz/", "/1/", "/hid", "/archives/category/x/feed/"),
    "/" + "a/" * 40,
)


def test_an_address_of_nothing_is_no_guess(bring, client):
    bring(*POSTS)
    answers = {address: client.get(address).status_code for address in NOTHING}
    assert answers == dict.fromkeys(NOTHING, 404)


def test_nothing_is_guessed_that_is_not_public(bring, client):
    bring(wxr.item(1, slug="secret-plan", status="draft"), wxr.item(2, slug="secret-party"))
    assert client.get("/secret-plan/").status_code == 404
    assert client.get("/secret-p/")["Location"] == "/articles/secret-party/"


@pytest.mark.once
def test_a_guess_is_looked_up_by_indexes(bring):
    bring(*POSTS)
    slug = Article.objects.first().slug
    with statements.record_statements() as seen:
        assert Article.objects.published().with_slug_prefix(slug[:4])
    with connection.cursor() as cursor:
        for sql, values in seen:
            cursor.execute(f"EXPLAIN QUERY PLAN {sql}", values)
            plan = " ".join(row[-1] for row in cursor.fetchall())
            assert "slug>?" in plan or "rowid=?" in plan, plan


@pytest.mark.once
def test_sizes_of_pictures_lead_to_the_picture(bring, client, tmp_path):
    (tmp_path / "2019/05").mkdir(parents=True)
    (tmp_path / "2019/05/big-scaled.jpg").write_bytes(picture())
    bring(wxr.attachment(5, "2019/05/big-scaled.jpg"), wxr.item(1), media_folder=tmp_path)
    for name in ("big-scaled.jpg", "big.jpg", "big-300x200.jpg", "big-1024x683.jpg"):
        response = client.get(f"/wp-content/uploads/2019/05/{name}")
        assert response.get("Location", "").startswith("/media/"), name


def test_a_blog_in_a_folder_has_all_its_addresses(bring, client, monkeypatch):
    monkeypatch.setattr(
        wxr, "HEAD", wxr.HEAD.replace("https://old.example<", "https://old.example/blog<")
    )
    bring(
        wxr.category("jiken", "事件", old_id=8),
        wxr.item(1, NEWS, link="https://old.example/blog/2020/01/post-1/"),
    )
    addresses = {
        "/blog/2020/01/post-1/": "/articles/post-1/",
        "/blog/?p=1": "/articles/post-1/",
        "/blog/index.php?p=1": "/articles/post-1/",
        "/blog/post-1/": "/articles/post-1/",
        "/blog/category/jiken/": "/categories/jiken/",
        "/blog/archives/category/jiken/": "/categories/jiken/",
        "/blog/?cat=8": "/categories/jiken/",
        "/blog/2020/01/": "/archive/2020/01/",
        "/blog/feed/": "/feed/",
        "/blog/": "/",
        "/blog/page/2/": "/",
    }
    answers = {address: client.get(address).get("Location") for address in addresses}
    assert answers == addresses


LINE = '203.0.113.7 - - [01/Jan/2020:00:00:00 +0900] "{} HTTP/1.1" {} 5 "-" "Mozilla"\n'
REQUESTS = (
    *(("GET /archives/123", 200), ("GET /lost/", 200), ("GET /lost/", 304)),
    *(("GET /never/", 404), ("POST /form", 200)),
)
LOG = "".join(LINE.format(*request) for request in REQUESTS)
SITEMAP = (
    '<?xml version="1.0"?><urlset><url><loc>https://old.example/archives/123</loc></url>'
    "<url><loc>https://old.example/lost/?a=1&amp;b=2</loc></url></urlset>"
)


@pytest.mark.parametrize(
    ("text", "lost"),
    [
        (LOG, "404 /lost/ (2)"),
        (SITEMAP, "404 /lost/?a=1&b=2 (1)"),
        ("https://old.example/archives/123\n\n/lost/\n", "404 /lost/ (1)"),
    ],
    ids=["log", "sitemap", "list"],
)
def test_the_command_tells_what_would_not_be_found(bring, tmp_path, text, lost):
    bring(*POSTS)
    comments = Comment.objects.count()
    path, report, out = tmp_path / "addresses", tmp_path / "report.csv", StringIO()
    path.write_text(text)
    call_command("check_old_addresses", path, "--report", report, stdout=out)
    assert out.getvalue().splitlines() == [
        "redirected to their page: 1",
        "would be not found: 1",
        f"  {lost}",
    ]
    assert "/archives/123,301,/articles/bangou/,1" in report.read_text()
    assert Comment.objects.count() == comments


def test_malformed_addresses_stop_nothing_and_no_cell_is_a_formula(bring, tmp_path):
    path, report = tmp_path / "addresses", tmp_path / "report.csv"
    path.write_text("http://[::1/x\n=1+1\n/lost/\n")
    call_command("check_old_addresses", path, "--report", report, stdout=StringIO())
    cells = [line.split(",")[0] for line in report.read_text("utf-8-sig").splitlines()]
    assert cells[1:] == ["/", "'=1+1", "/lost/"]


def test_the_command_refuses_what_holds_no_address(tmp_path):
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "export").write_bytes(wxr.export(*POSTS))
    for name, words in (
        ("empty", "No address"),
        ("missing", "File not found"),
        (".", "A folder, not a file"),
        ("export", "Neither a sitemap"),
    ):
        with pytest.raises(CommandError, match=words):
            call_command("check_old_addresses", tmp_path / name)
