"""What our import reads back from an export of ours is the site. What differs is in the docstring
of ``newsroom.wordpress.export``, and here."""

import io
from datetime import timedelta

import pytest
from cabinet.models import Folder
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone
from PIL import Image

from articles.models import Article, MediaFile, Redirect, Series
from articles.uploads import VerifiedFile
from articles.workflow import Status
from comments.models import Comment, Mention, Thread
from comments.models.states import Reason, State
from comments.network import hash_value
from newsroom.demo import loading
from newsroom.demo.loading import Demo
from newsroom.load_data import invention
from newsroom.load_data.filler import fill_site
from newsroom.wordpress.export.site_export import SiteExport
from newsroom.wordpress.importer import Importer
from tests import factories
from tests.newsroom.wordpress.described import describe_site, empty_site
from tests.pictures import in_library, picture


@pytest.fixture
def round_trip(tmp_path):
    """Export the site, empty it and import the export; return what it was, is, and the report."""

    def round_trip():
        path = tmp_path / "site.xml"
        SiteExport().write_file(path)
        before = describe_site()
        empty_site()
        report = Importer(path, media_folder=settings.MEDIA_ROOT).run()
        return before, describe_site(), report

    return round_trip


def compare(before, after):
    """Expect two descriptions to be the same, but for further redirects from the old addresses of
    files."""
    assert before["articles"].keys() == after["articles"].keys()
    for slug, article in before["articles"].items():
        for name, value in article.items():
            assert after["articles"][slug][name] == value, (slug, name)
    for what in ("categories", "tags", "series", "media"):
        assert after[what] == before[what], what
    further = set(after["redirects"]) - set(before["redirects"])
    assert all(path.startswith(settings.MEDIA_URL) for path in further)
    assert {path: after["redirects"][path] for path in before["redirects"]} == before["redirects"]


def build_site():
    """A site with something of every kind."""
    now = timezone.now()
    editor = factories.user("desk.editor", display_name="編集 & 長")
    moderator = factories.moderator()
    guest = factories.guest("客 & 友", slug="kyaku", kind="agency", role="通信社")
    above = factories.category("国内", slug="国内", description="内の話。")
    below = factories.category("港 & 船", slug="minato", parent=above)
    series = Series.objects.create(title="灯台 & 海", slug="toudai", description="連載。")
    file = in_library(
        "sea.jpg",
        upload=picture("sea.jpg", size=(64, 48)),
        image_alt_text="海 & 船",
        caption="朝の港",
        copyright="港湾新報",
        licence="own",
        image_ppoi="0.25x0.75",
    )
    whole = factories.article(
        title="題 & <印>　空き",
        slug="灯台",
        lead="前文 [gallery] & <b>。",
        author=editor,
        category=below,
        series=series,
        series_number=7,
        language="en",
        featured=True,
        featured_until=now + timedelta(days=1),
        lead_image=file,
        card_image=file,
        seo_title="短い題",
        seo_description="説明",
        updated_at=now,
        corrections=[
            {
                "kind": "correction",
                "text": "直した",
                "at": "2026-01-02T03:04:05+00:00",
                "by": editor.pk,
            }
        ],
        body=(
            f'<h2 id="at-top">頭</h2><p>文 <em>強</em> [b] &lt;c&gt; <a href="#at-top">上</a></p>'
            f'<figure><img data-file="{file.pk}"></figure>'
            f'<figure><img data-file="{file.pk}" alt="別"><figcaption>自分の</figcaption></figure>'
            '<ul><li>一<ul><li>二</li></ul></li></ul><ol start="3" type="a"><li>三</li></ol>'
            "<blockquote><p>言</p><p>— 人</p></blockquote><hr>"
            "<pre><code>if a &lt; b:\n    [x]</code></pre>"
            '<figure><table><thead><tr><th>a</th><th class="align-right">b</th></tr></thead>'
            '<tbody><tr><td>1</td><td class="align-right">2</td></tr></tbody></table>'
            "<figcaption>表</figcaption></figure><p><ruby>港<rp>（</rp><rt>みなと</rt>"
            "<rp>）</rp></ruby>の<math><mi>x</mi></math></p><dl><dt>語</dt><dd>義</dd></dl>"
            '<p><a href="https://youtu.be/abcdefghijk">https://youtu.be/abcdefghijk</a></p>'
            '<p><a href="/articles/draft/">下</a> <a href="/tags/x/">札</a></p>'
            '<p>注<sup><a href="#note-1">1</a></sup></p><ol><li id="note-1">注の文</li></ol>'
        ),
    )
    whole.tags.add("船", "港 & 海")
    whole.other_categories.add(factories.category("経済", slug="keizai"))
    whole.credits.create(byline=guest, position=1)
    whole.credits.create(byline=editor.byline, position=2)
    whole.credits.create(byline=guest, part="photo")
    whole.sources.create(title="港湾統計 & 表", publisher="国", url="https://stat.example/?a=1&b=2")
    drafts = {
        "draft": {"status": Status.DRAFT, "published_at": None, "return_note": "直して"},
        "review": {"status": Status.REVIEW, "published_at": None},
        "future": {"published_at": now + timedelta(days=1)},
        "withdrawn": {"status": Status.WITHDRAWN, "withdrawal_note": "誤報"},
        "trash": {"status": Status.TRASH},
        "expired": {"expires_at": now - timedelta(minutes=1)},
        "about": {"kind": Article.Kind.PAGE},
    }
    for slug, fields in drafts.items():
        whole.related_links.create(related=factories.article(slug=slug, **fields))
    Redirect.objects.remember("/articles/old/", article=whole)
    Redirect.objects.remember("/?p=6", article=whole)
    Redirect.objects.remember("/category/minato/", category=below)
    Redirect.objects.remember("/feed/", to_path="/feeds/rss/")
    Mention.objects.create(
        article=whole, kind="webmention", title="他紙 & 友", url="https://other.example/?a&b"
    )
    _write_thread(whole, editor, moderator)
    Thread.objects.create(article=Article.objects.get(slug="about"), first_open=False)


def _write_thread(article, editor, moderator):
    first = factories.comment(article, text="  字下げ <b> & &amp;\n\n\n三行\n>>2 を見よ")
    reply = factories.comment(article, parent=first, name="港", text=">>1\n「それな」")
    deep = factories.comment(article, parent=reply, text="[gallery] http://a.example/?b&c")
    removed = {
        reason: factories.comment(article, text=f"消す {reason}") for reason in Reason.values
    }
    for reason, comment in removed.items():
        Comment.objects.filter(pk=comment.pk).update(
            state=State.REMOVED, first_state=State.REMOVED, reason=reason, first_reason=reason
        )
    factories.comment(article, text="待つ").hold(by=moderator)
    Comment.objects.filter(pk=reply.pk).update(
        tripcode="AbCdEf1234", up_votes=3, down_votes=5, score=-2, edited_at=timezone.now()
    )
    Comment.objects.filter(pk=deep.pk).update(staff=editor, imported_score=9, score=9)


@pytest.mark.django_db
def test_a_site_with_something_of_every_kind_comes_back_once(tmp_path, round_trip):
    build_site()
    before, after, report = round_trip()
    compare(before, after)
    assert not report.remarks
    report = Importer(tmp_path / "site.xml", media_folder=settings.MEDIA_ROOT).run()
    assert report.changed_nothing


@pytest.mark.django_db
def test_what_differs_is_what_the_docstring_says(round_trip):
    article = factories.article(
        slug="Large-Letters",
        lead="一行目\n二行目",
        body="<h2>頭</h2><h4>飛ぶ</h4><p>文<br><a href='https://a.example/'>https://a.example/</a></p>",
    )
    comment = factories.comment(article, reader=factories.reader())
    _before, after, _report = round_trip()
    [(slug, found)] = after["articles"].items()
    assert slug == "large-letters"
    assert after["redirects"] == {"/articles/Large-Letters": "/articles/large-letters/"}
    assert found["lead"] == "一行目 二行目"
    assert found["body"] == (
        '<h2>頭</h2><h3>飛ぶ</h3><p>文</p><p><a href="https://a.example/">https://a.example/</a></p>'
    )
    restored = Comment.objects.get()
    assert (restored.pk, restored.reader_code, restored.reader_hash) == (comment.pk, "", "")


def add_small(entry):
    """Put a small picture of one colour into the place of one of the demo."""
    target = io.BytesIO()
    colour = hash_value("colour", entry.key)[:6]
    Image.new("RGB", (64, 40), f"#{colour}").save(target, "WEBP")
    texts = {"image_alt_text": entry.alt, "caption": entry.caption, "copyright": entry.credit}
    upload = VerifiedFile(entry.key, "webp", target.getvalue(), "image/webp")
    folder = Folder.objects.get_or_create(name="デモ", parent=None)[0]
    return MediaFile.objects.create(folder=folder, image_file=upload, **texts)


@pytest.mark.slow
@pytest.mark.django_db
def test_an_invented_site_comes_back(round_trip, monkeypatch):
    monkeypatch.setattr(invention, "OPENINGS", 300)
    monkeypatch.setattr(invention, "CLOSINGS", 300)
    fill_site(12, 600, pictures=1)
    before, after, _report = round_trip()
    compare(before, after)
    call_command("verify_comments")


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_comes_back(round_trip, monkeypatch):
    monkeypatch.setattr(loading, "add_to_library", add_small)
    Demo().load()
    before, after, _report = round_trip()
    compare(before, after)
    call_command("verify_comments")
