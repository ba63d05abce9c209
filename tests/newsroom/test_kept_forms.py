"""A form of the admin outlives the end of its sender's login and a stale token."""

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client

from articles.models import Article, Category
from tests import factories, staff
from tests.articles.admin_forms import address, form_of
from tests.reading import parsed

pytestmark = pytest.mark.django_db
OURS = {"origin": "http://testserver", "accept-language": "ja"}
LOGIN, AGAIN = "//form[@id='login-form']", "//*[@id='content-main']/form"


@pytest.fixture
def sender():
    """A browser that sends what browsers send, and whose tokens are checked."""
    return Client(enforce_csrf_checks=True, headers=OURS)


@pytest.fixture
def article():
    return factories.article(title="港の灯台", slug="lighthouse")


def read_fields(answer, place):
    """Return where the form at a place of a page goes, and its fields as {name: [values]}."""
    page = parsed(answer)
    [form] = page.xpath(place)
    outside = page.xpath("//*[@name][@form=$name]", name=form.get("id", "-"))
    fields = {}
    for element in [*form.xpath(".//*[@name]"), *outside]:
        value = element.text or "" if element.tag == "textarea" else element.get("value", "")
        fields.setdefault(element.get("name"), []).append(value.removeprefix("\n"))
    return form.get("action"), fields


def log_in(sender, answer, user, password="a good password"):
    """Fill in the login page that came in answer to a form."""
    action, fields = read_fields(answer, LOGIN)
    return sender.post(action, fields | {"username": user.username, "password": password})


def send_again(sender, answer):
    """Press the button of the page that sends a form again."""
    action, fields = read_fields(answer, AGAIN)
    return action, sender.post(action, fields)


def test_a_form_without_a_login_is_sent_again_after_the_login(sender, article):
    editor = staff.editor()
    path = f"{address(article)}?_changelist_filters=kind%3Darticle"
    sender.get("/admin/login/")
    token = sender.cookies[settings.CSRF_COOKIE_NAME].value
    body = '<p>霧。</p>\r\n<p>「晴れ」&amp;"風"</p>'
    form = form_of(article, title="直した題", body=body, tags=["港", "船"])
    met = sender.post(path, form | {"csrfmiddlewaretoken": token})
    assert met.status_code == 403
    assert "入力した内容は残っています" in met.content.decode()

    wrong = log_in(sender, met, editor, password="wrong")
    assert wrong.status_code == 200
    right = log_in(sender, wrong, editor)
    assert right.url == "/admin/send-again/"
    page = sender.get(right.url)
    assert sender.get(right.url).status_code == 200  # also after a reload
    article.refresh_from_db()
    assert article.title == "港の灯台"
    action, answer = send_again(sender, page)
    assert (action, answer.status_code) == (path, 302)
    article.refresh_from_db()
    assert (article.title, set(article.tags.names())) == ("直した題", {"港", "船"})
    assert "「晴れ」" in article.body
    assert sender.get("/admin/send-again/").url == "/admin/"


def test_a_form_with_a_stale_token_is_sent_again_by_one_press(sender, article):
    sender.force_login(staff.editor())
    met = sender.post(address(article), form_of(article, title="直した題"))
    assert met.status_code == 403
    _action, answer = send_again(sender, met)
    assert answer.status_code == 302
    article.refresh_from_db()
    assert article.title == "直した題"


@pytest.mark.once
def test_a_form_without_login_and_cookie_is_kept_too(sender, article):
    met = sender.post(address(article), form_of(article, title="直した題"))
    sender.get("/admin/login/")
    right = log_in(sender, met, staff.editor())
    if right.status_code == 403:  # the cookie came after the page
        right = log_in(sender, right, staff.editor("another"))
    assert right.url == "/admin/send-again/"


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example"},
        {"origin": "null"},
        {"sec-fetch-site": "cross-site", "origin": "http://testserver"},
        {},
    ],
)
def test_a_form_of_another_site_is_never_carried(article, headers):
    form = form_of(article, title="乗っ取り")
    for signed_in in (True, False):
        sender = Client(enforce_csrf_checks=True, headers=headers)
        if signed_in:
            sender.force_login(staff.editor(f"editor-{signed_in}"))
        met = sender.post(address(article), form)
        assert met.status_code == 403
        assert "乗っ取り" not in met.content.decode()
        assert "kept_form" not in met.content.decode()
    unchecked = Client(headers=headers)
    assert unchecked.post(address(article), form).status_code == 302
    assert Article.objects.get().title == "港の灯台"


@pytest.mark.once
def test_only_what_this_site_has_signed_is_carried(sender, article):
    editor = staff.editor()
    met = sender.get("/admin/login/")
    _action, fields = read_fields(met, LOGIN)
    forged = fields | {"username": editor.username, "password": "a good password"}
    forged["kept_form"] = "eyJwYXRoIjoiLyJ9:1abc:forged"
    assert sender.post("/admin/login/", forged).url == "/admin/"
    assert sender.get("/admin/send-again/").url == "/admin/"


@pytest.mark.once
def test_passwords_and_files_are_not_carried(sender):
    boss = factories.user("boss", is_staff=True, is_superuser=True)
    form = {"username": "new", "password1": "a secret", "password2": "a secret"}
    sender.force_login(boss)
    assert "a secret" not in sender.post("/admin/newsroom/user/add/", form).content.decode()
    unchecked = Client(headers=OURS)
    assert unchecked.post("/admin/newsroom/user/add/", form).status_code == 302


@pytest.mark.once
def test_forms_of_other_kinds_are_carried(sender):
    sender.force_login(staff.editor())
    form = {"name": "国内", "slug": "domestic", "description": ""}
    met = sender.post("/admin/articles/category/add/", form)
    _action, answer = send_again(sender, met)
    assert answer.status_code == 302
    assert Category.objects.get().name == "国内"


@pytest.mark.once
def test_a_stale_login_page_says_so_and_works(sender):
    editor = staff.editor()
    stale = sender.post("/admin/login/", {"username": editor.username, "password": "x"})
    assert stale.status_code == 403
    assert "古く" in stale.content.decode()
    assert log_in(sender, stale, editor).url == "/admin/"


@pytest.mark.once
def test_a_script_gets_a_fresh_token(sender, article):
    sender.force_login(staff.editor())
    path = f"/admin/articles/article/{article.pk}/presence/"
    script = {"accept": "application/json"}
    stale = sender.post(path, {"_page": "0123456789"}, headers=script)
    assert stale.status_code == 403
    token = stale.json()["token"]
    fields = {"_page": "0123456789", "csrfmiddlewaretoken": token}
    assert sender.post(path, fields, headers=script).status_code == 200
    evil = script | {"origin": "https://evil.example"}
    assert "token" not in sender.post(path, {}, headers=evil).content.decode()


@pytest.mark.once
def test_a_form_that_met_an_error_of_ours_can_be_sent_again(article):
    """The table of the tags is gone, as after a migration that failed half-way."""
    sender = staff.browser_of(staff.editor())
    sender.raise_request_exception = False
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE articles_articlesource RENAME TO gone")
    form = form_of(article, title="直した題")
    failed = sender.post(address(article), form, headers=OURS)
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE gone RENAME TO articles_articlesource")
    assert failed.status_code in (500, 503)
    assert "直した題" in failed.content.decode()
    action, fields = read_fields(failed, "//form[@class='notice__kept']")
    assert action == address(article)
    assert sender.post(action, fields).status_code == 302
