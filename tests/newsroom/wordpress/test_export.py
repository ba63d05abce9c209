"""The export to WordPress: what a strict reader finds in it."""

import gzip
import io
import json
import stat
import threading
from datetime import timedelta
from unittest import mock

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from articles.models import Article, Redirect, Series, WorkingCopy
from articles.workflow import Status
from comments.models import Comment, Mention
from comments.models.states import Reason
from newsroom.one_moment import read_one_moment
from newsroom.wordpress.export import site_export
from newsroom.wordpress.export.site_export import SiteExport
from newsroom.wordpress.plugin_votes import list_votes, read_score
from tests import factories
from tests.newsroom.wordpress import wxr_reading
from tests.pictures import in_library, picture


def export():
    """Export the site; return what a strict reader finds."""
    stream = io.BytesIO()
    SiteExport().write_stream(stream)
    return wxr_reading.read(stream.getvalue())


@pytest.mark.django_db
def test_every_state_has_its_own_in_wordpress():
    now = timezone.now()
    states = {
        "draft": {"status": Status.DRAFT, "published_at": None},
        "pending": {"status": Status.REVIEW, "published_at": None},
        "future": {"published_at": now + timedelta(days=1)},
        "publish": {},
        "private": {"status": Status.WITHDRAWN},
        "trash": {"status": Status.TRASH},
    }
    for state, fields in states.items():
        factories.article(slug=state, **fields)
    factories.article(slug="expired", expires_at=now - timedelta(minutes=1))
    found = {post["link"].split("/")[-2]: post["status"] for post in export().of_type("post")}
    assert found == {state: state for state in states} | {"expired": "private"}


@pytest.mark.once
@pytest.mark.django_db
def test_the_site_its_authors_and_terms_stand_before_the_items(settings):
    writer = factories.user("writer", email="writer@paper.example", display_name="港 <太郎>")
    above = factories.category("国内", slug="国内")
    below = factories.category("港 & 船", slug="minato", parent=above)
    series = Series.objects.create(title="灯台", slug="toudai", description="連載。")
    article = factories.article(author=writer, category=below, series=series, language="en")
    article.tags.add("船")
    found = export()
    assert (found.version, found.base_url) == ("1.2", settings.SITE_URL)
    assert found.authors["writer"]["author_email"] == "writer@paper.example"
    assert found.authors["writer"]["author_display_name"] == "港 &lt;太郎&gt;"
    assert found.categories["minato"]["category_parent"] == "%e5%9b%bd%e5%86%85"
    assert found.categories["minato"]["cat_name"] == "港 &amp; 船"
    assert [tag["tag_name"] for tag in found.tags.values()] == ["船"]
    assert found.terms["toudai"]["term_taxonomy"] == "series"
    [post] = found.of_type("post")
    assert [(domain, name) for domain, _slug, name in post["terms"]] == [
        ("category", "港 &amp; 船"),
        ("post_tag", "船"),
        ("series", "灯台"),
        ("language", "English"),
    ]
    terms = [*found.categories.values(), *found.tags.values(), *found.terms.values()]
    assert len({term["term_id"] for term in terms}) == 4


@pytest.mark.django_db
def test_comments_have_parents_dates_states_and_votes_but_no_keys():
    article, moderator = factories.article(), factories.moderator()
    reader = factories.reader("secret")
    first = factories.comment(article, text="a < b & c\n>>1", reader=reader)
    reply = factories.comment(article, parent=first, name="港", text="返事")
    spam, abuse = (factories.comment(article, text=text) for text in ("広告", "罵倒"))
    held = factories.comment(article, text="待つ")
    spam.remove(by=moderator, reason=Reason.SPAM)
    abuse.remove(by=moderator, reason=Reason.ABUSE)
    held.hold(by=moderator)
    Comment.objects.filter(pk=reply.pk).update(up_votes=3, down_votes=5, imported_score=-1)
    stream = io.BytesIO()
    SiteExport().write_stream(stream)
    [post] = wxr_reading.read(stream.getvalue()).of_type("post")
    found = {comment["comment_id"]: comment for comment in post["comments"]}
    assert [found[each.pk]["comment_approved"] for each in (first, reply, spam, abuse, held)] == [
        *("1", "1", "spam", "trash", "0")
    ]
    assert found[first.pk]["comment_content"] == "a &lt; b &amp; c\n>>1"
    assert [found[first.pk]["comment_author"], found[reply.pk]["comment_author"]] == ["", "港"]
    assert found[reply.pk]["comment_parent"] == first.pk
    assert found[reply.pk]["comment_date_gmt"] == f"{reply.posted_at:%Y-%m-%d %H:%M:%S}"
    assert found[reply.pk]["comment_date"] == f"{timezone.localtime(reply.posted_at):%F %T}"
    assert read_score({key: int(value) for key, value in found[reply.pk]["meta"].items()}) == -3
    assert json.loads(found[abuse.pk]["meta"]["_newsroom_comment"]) == {"reason": "abuse"}
    first.refresh_from_db()
    keys = [first.reader_hash, first.network_hash, first.reader_code]
    assert all(keys[:1]) and not any(key and key.encode() in stream.getvalue() for key in keys)


@pytest.mark.once
@pytest.mark.django_db
def test_words_that_nobody_has_saved_and_links_that_share_stay_here():
    article, user = factories.article(), factories.user("writer")
    WorkingCopy.objects.save_words(
        {"title": ["秘密の題"]}, user=user, article=article, page="1", base=None
    )
    article.share_links.make(article, by=user, days=1)
    stream = io.BytesIO()
    SiteExport().write_stream(stream)
    assert "秘密".encode() not in stream.getvalue()
    assert b"share" not in stream.getvalue()


@pytest.mark.parametrize("imported", [0, 4, -4])
def test_votes_are_read_back_as_the_same_score(imported):
    assert read_score(dict(list_votes(2, 5, imported))) == imported - 3


@pytest.mark.once
@pytest.mark.django_db
def test_any_text_is_valid_xml():
    odd = "港\x0b]]>\x00 <b>&amp;\ufffe 🚢\x1b"
    article = factories.article(title="a]]>b & 🚢", slug="odd", lead="[gallery] <x>")
    Article.objects.filter(pk=article.pk).update(body=f"<p>{odd.replace(chr(0), '')}</p>")
    comment = factories.comment(article, text="普通")
    Comment.objects.filter(pk=comment.pk).update(text="]]><b>\x0b🚢]]")
    post = export().find("odd")
    assert post["title"] == "a]]&gt;b &amp; 🚢"
    assert post["excerpt"] == "&#91;gallery] &lt;x&gt;"
    assert "港]]&gt; <b>&amp; 🚢" in post["content"]
    assert post["comments"][0]["comment_content"] == "]]>&lt;b>🚢]]"


@pytest.mark.once
@pytest.mark.django_db
def test_pictures_are_attachments_and_captions_say_what_the_library_adds(settings):
    file = in_library(
        upload=picture("port.png", size=(64, 48), form="PNG"),
        image_alt_text="海 & 船",
        caption="朝の港",
        copyright="港湾新報",
    )
    article = factories.article(
        slug="pictures",
        lead_image=file,
        card_image=file,
        seo_title="短い題",
        seo_description="説明",
        body=f'<figure><img data-file="{file.pk}"></figure>',
    )
    found = export()
    [attachment] = found.of_type("attachment")
    meta = dict(attachment["meta"])
    url = settings.SITE_URL + file.image_file.url
    assert attachment["attachment_url"] == url
    assert meta["_wp_attached_file"] == file.image_file.name
    assert (meta["_wp_attachment_image_alt"], attachment["excerpt"]) == ("海 &amp; 船", "朝の港")
    assert meta["_media_credit"] == "港湾新報"
    assert json.loads(meta["_newsroom_media"])["image_ppoi"] == "0.5x0.5"
    post = found.find("pictures")
    meta = dict(post["meta"])
    assert int(meta["_thumbnail_id"]) == attachment["post_id"] != post["post_id"]
    assert meta["_yoast_wpseo_title"] == "短い題"
    assert meta["_yoast_wpseo_metadesc"] == "説明"
    assert int(meta["_yoast_wpseo_opengraph-image-id"]) == attachment["post_id"]
    assert f'src="{url}"' in post["content"]
    assert "data-" not in post["content"]
    assert '<span class="newsroom-library">朝の港 Credit: 港湾新報</span>' in post["content"]
    assert article.pk


@pytest.mark.once
@pytest.mark.django_db
def test_co_authors_photographers_corrections_sources_and_old_addresses_come_along():
    editor = factories.user("desk.editor", display_name="編集")
    guest = factories.guest("客 & 友", slug="kyaku")
    article = factories.article(
        slug="new",
        author=editor,
        corrections=[
            {
                "kind": "correction",
                "text": "直した",
                "at": "2026-01-02T03:04:05+00:00",
                "by": editor.pk,
            }
        ],
    )
    other = factories.article(slug="other")
    article.credits.create(byline=guest, position=1)
    article.credits.create(byline=editor.byline, position=2)
    article.credits.create(byline=guest, part="photo")
    article.sources.create(title="港湾統計", url="https://stat.example/")
    article.related_links.create(related=other)
    Redirect.objects.remember("/articles/old/", article=article)
    Redirect.objects.remember("/2020/01/new/", article=article)
    Mention.objects.create(article=article, title="他紙", url="https://other.example/")
    found = export()
    post = found.find("new")
    authors = [slug for domain, slug, _name in post["terms"] if domain == "author"]
    assert authors == ["cap-kyaku", "cap-desk-editor"]
    assert [item["title"] for item in found.of_type("guest-author")] == ["客 &amp; 友"]
    meta = dict(post["meta"])
    assert meta["_wp_old_slug"] == "old"
    assert json.loads(meta["_newsroom_corrections"])[0]["by"] == "desk.editor"
    assert json.loads(meta["_newsroom_sources"]) == [["港湾統計", "", "https://stat.example/"]]
    assert json.loads(meta["_newsroom_related"]) == ["other"]
    assert json.loads(meta["_newsroom_photographers"]) == ["kyaku"]
    rules = [dict(item["meta"]) for item in found.of_type("redirect_rule")]
    assert {rule["_redirect_rule_from"] for rule in rules} == {"/articles/old", "/2020/01/new"}
    assert {rule["_redirect_rule_to"] for rule in rules} == {"/articles/new/"}
    assert [each["comment_type"] for each in post["comments"]] == ["pingback"]
    ids = [each["post_id"] for each in found.posts]
    assert len(set(ids)) == len(ids)


@pytest.mark.once
@pytest.mark.django_db
class TestCommand:
    def run(self, *args):
        said = io.StringIO()
        call_command("export_wordpress", *map(str, args), stdout=said)
        return said.getvalue()

    def test_a_file_is_whole_private_and_packed_by_its_name(self, tmp_path):
        factories.article()
        said = self.run(tmp_path / "site.xml.gz")
        assert said.startswith("Written: 1 articles, 0 pages,")
        file = tmp_path / "site.xml.gz"
        assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert len(wxr_reading.read(gzip.decompress(file.read_bytes())).posts) == 1
        assert list(tmp_path.iterdir()) == [file]

    def test_parts_are_whole_exports_of_some_of_the_items(self, tmp_path, monkeypatch):
        monkeypatch.setattr(site_export, "MEGABYTE", 16_000)
        for number in range(3):
            factories.article(slug=f"large-{number}", body=f"<p>{'字' * 4_000}</p>")
        self.run(tmp_path / "site.xml", "--split", 1)
        files = sorted(tmp_path.iterdir())
        assert [file.name for file in files] == ["site.001.xml", "site.002.xml"]
        exports = [wxr_reading.read(file.read_bytes()) for file in files]
        assert [len(each.posts) for each in exports] == [2, 1]

    def test_the_standard_output_holds_the_export_alone(self, capsysbinary):
        factories.article()
        assert self.run("-") == ""
        assert len(wxr_reading.read(capsysbinary.readouterr().out).posts) == 1

    def test_an_export_that_fails_leaves_what_was_there(self, tmp_path):
        (tmp_path / "site.xml").write_text("before")
        factories.article()
        broken = mock.patch.object(SiteExport, "_write", side_effect=RuntimeError)
        with broken, pytest.raises(RuntimeError):
            self.run(tmp_path / "site.xml")
        assert [each.read_text() for each in tmp_path.iterdir()] == ["before"]

    def test_the_public_media_folder_is_refused(self, tmp_path, settings):
        settings.MEDIA_ROOT = tmp_path
        with pytest.raises(CommandError, match="public"):
            self.run(tmp_path / "site.xml")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("wrong", [("-", "--split", 1), (".",), ("none/site.xml",)])
    def test_a_target_that_cannot_be_written_is_named(self, wrong):
        with pytest.raises(CommandError):
            self.run(*wrong)


@pytest.mark.django_db(transaction=True)
def test_an_export_sees_one_moment_and_stops_no_writer():
    factories.article()
    with read_one_moment():
        assert Article.objects.count() == 1
        writer = threading.Thread(target=_write_article)
        writer.start()
        writer.join(20)
        assert Article.objects.count() == 1
    assert Article.objects.count() == 2


def _write_article():
    factories.article()
    connection.close()
