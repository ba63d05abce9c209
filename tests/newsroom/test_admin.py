"""The admin: every page works, obeys the content security policy and is in Japanese."""

import logging
import re

import pytest
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from taggit.models import Tag

from articles.models import Redirect
from comments.models import Mention
from newsroom.models import ImportedItem
from tests import factories, staff
from tests.articles.admin_forms import address
from tests.pictures import in_library, picture
from tests.reading import parsed
from tests.shared import shared_rows

pytestmark = [pytest.mark.django_db, pytest.mark.once]
PASSIVE = {"application/json", "text/template"}  # scripts that hold something and do nothing
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)


def create_boss():
    return staff.browser_of(factories.user("boss", is_staff=True, is_superuser=True))


@pytest.fixture
def boss():
    return create_boss()


def place_of(model, page, *args):
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=args)


def inline_parts(answer):
    """Inline scripts, styles and handlers, which the policy forbids."""
    page = parsed(answer)
    scripts = page.xpath("//script[not(@src)][not(@nonce)]")
    return [
        *(script for script in scripts if script.get("type") not in PASSIVE),
        *page.xpath("//style[not(@nonce)] | //*[@style] | //*[@*[starts-with(name(), 'on')]]"),
    ]


class TestWithOneOfEverything:
    """Pages of a site with one object of each model; the tests only read."""

    @pytest.fixture(scope="class")
    @classmethod
    def boss(cls, django_db_setup, django_db_blocker):
        with shared_rows(django_db_blocker):
            yield create_boss()

    @pytest.fixture(scope="class", autouse=True)
    @classmethod
    def world(cls, boss):
        article = factories.article(category=factories.category(), author=boss.user)
        article.tags.add("港")
        comment = factories.comment(article)
        comment.hold(by=boss.user)
        comment.approve(by=boss.user)
        comment.vote(reader=factories.reader(), value=1)
        Mention.objects.create(article=article, title="外の頁")
        Redirect.objects.remember("/old/", article=article)
        ImportedItem.objects.create(source="x", kind="post", old_id="1", object_id=1, checksum="")
        in_library(upload=picture(size=(60, 40)))
        assert Tag.objects.exists()
        return article

    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
    def test_every_list_and_form_answers_without_inline_parts(self, boss, model):
        places = [place_of(model, "changelist")]
        instance = model._default_manager.first()
        if instance is not None:
            places.append(place_of(model, "change", instance.pk))
        if admin.site._registry[model].has_add_permission(boss.get("/admin/").wsgi_request):
            places.append(place_of(model, "add"))
        for place in places:
            answer = boss.get(place, follow=True)
            assert answer.status_code == 200, place
            assert inline_parts(answer) == [], place
            assert "unsafe" not in answer["Content-Security-Policy"]

    @pytest.mark.slow
    @pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
    def test_every_list_can_be_searched_and_survives_odd_words(self, boss, model):
        for words in ("港", "'\"%_\\", "あ" * 300):
            assert boss.get(place_of(model, "changelist"), {"q": words}).status_code == 200

    def test_the_editors_import_map_runs_under_a_nonce_of_its_own(self, boss, world):
        nonces = set()
        for _time in range(2):
            answer = boss.get(address(world))
            import_map = parsed(answer).xpath("//script[@type='importmap']")[0]
            nonces.add(import_map.get("nonce"))
            assert f"'nonce-{import_map.get('nonce')}'" in answer["Content-Security-Policy"]
        assert len(nonces) == 2

    def test_pages_without_the_editor_have_no_nonce(self, boss, client, world):
        for answer in (boss.get("/admin/"), client.get("/"), boss.get(address(world, "preview"))):
            assert "nonce" not in answer["Content-Security-Policy"]

    def test_no_response_of_the_admin_is_cached(self, boss, world):
        for place in ("/admin/", address(world), address(world, "preview")):
            assert "no-store" in boss.get(place)["Cache-Control"]

    def test_imported_items_are_read_only(self, boss):
        item = ImportedItem.objects.get()
        place = f"/admin/newsroom/importeditem/{item.pk}/"
        assert boss.post(f"{place}delete/", {"post": "yes"}).status_code == 403
        assert boss.post(f"{place}change/", {"old_id": "2"}).status_code == 403
        assert ImportedItem.objects.get().old_id == "1"


def test_the_login_names_the_site_in_japanese(client):
    page = client.get("/admin/login/", headers={"accept-language": "ja"}).content.decode()
    assert settings.SITE_NAME in page
    assert "ユーザー名" in page


def test_a_lockout_is_explained(client):
    form = {"username": "editor", "password": "a guess"}
    for _time in range(9):
        answer = client.post("/admin/login/", form, headers={"accept-language": "ja"})
    assert answer.status_code == 429
    assert settings.SITE_NAME in answer.content.decode()
    assert "<form" not in answer.content.decode()


def test_no_log_line_holds_an_address(client, caplog):
    caplog.set_level(logging.DEBUG)
    factories.user("editor", is_staff=True)
    for _time in range(9):
        form = {"username": "editor", "password": "a guess"}
        client.post("/admin/login/", form, REMOTE_ADDR="203.0.113.77")
    assert caplog.text.count("Lockout") == 1
    assert "203.0.113.77" not in caplog.text
    assert "editor" not in caplog.text


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        (staff.writer, {"article", "byline", "category", "mediafile", "series", "tag"}),
        (
            staff.editor,
            {
                *("article", "byline", "category", "mediafile", "redirect", "series"),
                *("tag", "thread"),
            },
        ),
        (
            staff.moderator,
            {"comment", "mention", "moderationaction", "report", "thread", "vote"},
        ),
    ],
)
def test_the_admin_index_shows_what_a_user_may_do(user, expected):
    page = staff.browser_of(user()).get("/admin/").content.decode()
    assert set(re.findall(r'data-model="(\w+)', page)) == expected


def test_an_editor_finds_authors_by_name_and_sees_no_more_of_them():
    editor = staff.browser_of(staff.editor())
    factories.user("hayase", display_name="早瀬", is_staff=True, email="hayase@example.org")
    query = {"app_label": "articles", "model_name": "article", "field_name": "author"}
    answer = editor.get("/admin/autocomplete/", query | {"term": "早瀬"})
    assert [entry["text"] for entry in answer.json()["results"]] == ["早瀬"]
    assert "hayase@" not in answer.content.decode()
    assert editor.get("/admin/newsroom/user/").status_code == 403
    writer = staff.browser_of(staff.writer())
    assert writer.get("/admin/autocomplete/", query | {"term": "早瀬"}).status_code == 403


def test_an_administrator_adds_a_member_of_the_staff(boss):
    group = Group.objects.get(name="Writer")
    fields = {"username": "kisha", "display_name": "記者", "usable_password": "true"}
    fields |= {"password1": "nagi-wo-matsu-73", "password2": "nagi-wo-matsu-73"}
    boss.post("/admin/newsroom/user/add/", fields | {"is_staff": "on", "groups": [group.pk]})
    member = type(boss.user).objects.get(username="kisha")
    assert member.has_perm("articles.add_article")
    assert member.is_staff


def test_no_list_says_yes_or_no(client):
    """Choices and columns of two values say what they mean."""
    client.force_login(factories.user("boss", is_staff=True, is_superuser=True))
    factories.article(featured=True)
    for place in ("newsroom/user", "articles/article", "comments/moderationaction"):
        text = client.get(f"/admin/{place}/").content.decode()
        for word in (">はい<", ">いいえ<", 'alt="True"', 'alt="False"', "icon-yes", "icon-no"):
            assert word not in text, (place, word)
