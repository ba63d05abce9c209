"""A page is rendered once for all readers, and again after each change."""

from datetime import timedelta
from time import time

import pytest
from django.core.cache import caches
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from articles.models import Article, MediaFile, Redirect
from comments.models import Mention
from newsroom import environment
from newsroom.models import Edition
from tests import factories, staff
from tests.comments.conftest import Browser
from tests.moderating import choose
from tests.pictures import in_library
from tests.site_client import set_clock

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.once]

SHIP = "/articles/ship/"
LISTS = ("/", "/categories/news/", "/tags/sea/", "/archive/")


@pytest.fixture(autouse=True)
def kept(settings):
    settings.PAGE_CACHE_SECONDS = 60


@pytest.fixture
def article():
    news = factories.category("国内", slug="news")
    made = factories.article(slug="ship", title="修理船", category=news, author=staff.editor())
    made.tags.add("sea")
    factories.comment(made, text="一番")
    return made


def queries(address, **headers):
    with CaptureQueriesContext(connection) as captured:
        answer = Client(headers=headers).get(address)
    assert answer.status_code in (200, 304)
    return len(captured)


def text(address):
    return Client().get(address).content.decode()


@pytest.mark.parametrize("address", [SHIP, *LISTS])
def test_the_second_reader_costs_one_query(article, address):
    first = Client().get(address)
    with CaptureQueriesContext(connection) as captured:
        second = Client().get(address)
    assert len(captured) == 1
    assert second.content == first.content
    assert dict(second.items()) == dict(first.items())


def test_compressed_and_plain_are_two_pages_of_one_text(article):
    plain, packed = Client().get(SHIP), Client(headers={"accept-encoding": "gzip"}).get(SHIP)
    assert queries(SHIP, **{"accept-encoding": "gzip, br"}) == 1
    assert (plain.get("Content-Encoding"), packed["Content-Encoding"]) == (None, "gzip")
    assert len(packed.content) < len(plain.content)
    assert packed["ETag"].removeprefix("W/") == plain["ETag"].removeprefix("W/")


def test_a_known_page_is_answered_304(article):
    mark = Client().get(SHIP)["ETag"]
    for _ in range(2):
        answer = Client(headers={"if-none-match": mark}).get(SHIP)
        assert (answer.status_code, answer.content) == (304, b"")
        caches["pages"].clear()
    assert Client().get(SHIP).status_code == 200


def rename_author(article):
    article.author.display_name = "港野 灯"
    article.author.save()


def tell_a_mention(article):
    Mention.objects.create(article=article, url="https://a.example/", title="よその話")


def hold_mention(article):
    mention = Mention.objects.get()
    moderator = staff.browser_of(factories.moderator())
    form = {"action": "hold", **choose(mention)}
    assert moderator.post("/admin/comments/mention/", form).status_code == 302


def close_thread(article):
    article.thread.first_open = False
    article.thread.save(update_fields=["first_open"])


def correct_picture(article):
    file = MediaFile.objects.get()
    file.caption = "岸壁の船。"
    file.save()


CHANGES = {
    "a comment": (lambda article: factories.comment(article, text="新しい意見"), [SHIP]),
    "a vote": (lambda article: Browser().vote(article.thread.comments.get(), 1), [SHIP]),
    "another article": (
        lambda article: factories.article(title="別", category=article.category),
        ["/", SHIP],
    ),
    "a withdrawal": (lambda article: article.withdraw(note="誤り。"), ["/", SHIP, *LISTS]),
    "a tag": (lambda article: article.tags.add("港"), [SHIP]),
    "a tag taken": (lambda article: article.tags.remove("sea"), [SHIP, "/tags/sea/"]),
    "an author's name": (rename_author, [SHIP]),
    "a mention": (tell_a_mention, [SHIP]),
    "a mention held": (hold_mention, [SHIP]),
    "a closed thread": (close_thread, [SHIP]),
    "a picture": (correct_picture, [SHIP]),
    "a source": (lambda article: article.sources.create(title="白書"), [SHIP]),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen_at_once(article, change):
    act, addresses = CHANGES[change]
    if act is hold_mention:
        tell_a_mention(article)
    if act is correct_picture:
        article.lead_image = in_library(image_alt_text="船", copyright="港湾局")
        article.save()
    before = {address: Client().get(address).content for address in addresses}
    act(article)
    for address, page in before.items():
        assert Client().get(address).content != page, address


def test_a_rolled_back_change_is_not_shown(article):
    text("/")
    number = Edition.objects.get().number
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        factories.article(title="なかったこと")
        raise ZeroDivisionError
    assert Edition.objects.get().number == number
    assert "なかったこと" not in text("/")


def test_neither_posts_nor_logins_raise_the_edition(article):
    first = factories.article()
    number = Edition.objects.get().number
    Browser().write(article, "意見")
    Browser().write(first, "最初の意見")
    Client().force_login(article.author)
    assert Edition.objects.get().number == number


def test_other_pages_count_a_comment_after_some_seconds(article, monkeypatch):
    assert "新しい意見" not in text("/")
    factories.comment(article, text="新しい意見")
    assert "新しい意見" not in text("/")
    later = time() + 61
    set_clock(monkeypatch, lambda: later)
    assert "新しい意見" in text("/")


def test_a_scheduled_article_appears_after_some_seconds(article, monkeypatch):
    factories.article(title="予定", published_at=timezone.now() + timedelta(minutes=1))
    text("/")
    Article.objects.filter(title="予定").update(published_at=timezone.now())
    later = time() + 61
    set_clock(monkeypatch, lambda: later)
    assert "予定" in text("/")


def test_a_new_release_shows_new_pages(article, settings):
    for address in (SHIP, "/"):
        old = text(address)
        Article.objects.filter(pk=article.pk).update(title="新しい題名")
        assert text(address) == old
        release = environment.parse_caches("locmem://", key_prefix=f"another-release:{address}")
        with override_settings(CACHES={**settings.CACHES, **release}):
            assert "新しい題名" in text(address)
        assert text(address) == old


@pytest.mark.parametrize("query", ["utm_source=mail", "fbclid=1&b=2", "order=nonsense", "page=x"])
def test_an_unknown_parameter_is_the_same_page(article, query):
    text(SHIP)
    assert queries(f"{SHIP}?{query}") == 1


@pytest.mark.parametrize("number", [2, 3, 10**17])
def test_a_page_past_the_end_of_a_thread_is_cached_as_the_last(article, number):
    text(SHIP)
    assert queries(f"{SHIP}?page={number}") == 1


def test_an_unknown_post_id_is_the_cached_front_page(article):
    text("/")
    assert queries("/?p=12345") <= 2


@pytest.mark.parametrize("name", ["if-match", "if-unmodified-since"])
def test_a_write_condition_does_not_change_the_cached_page(article, name):
    for _ in range(2):
        said = {"if-match": '"another"', "if-unmodified-since": "Sun, 06 Nov 1994 08:49:37 GMT"}
        assert Client(headers={name: said[name]}).get(SHIP).status_code == 200
    assert queries(SHIP) == 1


def test_each_page_and_order_has_its_own_entry(article):
    for number in range(30):
        factories.article(title=f"記事{number}")
    assert text("/articles/") != text("/articles/?page=2")
    assert text(f"{SHIP}?order=new") != text(SHIP)
    assert Client().get("/articles/?page=99").status_code == 404
    assert Client().get("/articles/?page=99").status_code == 404


def test_odd_parameters_do_not_share_an_entry(article):
    """The answer for the one is not that for the other, whoever asks first."""
    for _ in range(2):
        assert Client().get("/").status_code == 200
        assert Client().get("/?page=").status_code == 404
        assert Client().get("/?page=01").status_code == 200
        assert Client().get("/?other=%00").status_code == 400


@pytest.mark.parametrize("accepted", ["gzippy", "gzip;q=0"])
def test_clients_without_gzip_do_not_affect_others(article, accepted):
    Client(headers={"accept-encoding": accepted}).get(SHIP)
    assert Client(headers={"accept-encoding": "gzip"}).get(SHIP)["Content-Encoding"] == "gzip"


def test_a_head_is_answered_from_the_cache(article):
    page = Client().get(SHIP)
    with CaptureQueriesContext(connection) as captured:
        head = Client().head(SHIP)
    assert len(captured) == 1
    assert dict(head.items()) == dict(page.items())
    caches["pages"].clear()
    assert Client().head(SHIP).status_code == 200
    assert Client().get(SHIP).content == page.content


def test_old_addresses_redirect(article):
    Redirect.objects.create(path="/?p=7", article=article)
    text("/")
    answer = Client().get("/?p=7")
    assert (answer.status_code, answer["Location"]) == (301, SHIP)


def test_bad_input_is_refused(article):
    text("/")
    assert Client().get("/articles/%00/").status_code == 400
    assert Client().get("/articles/nothing/").status_code == 404
    too_many = "&".join(f"a{number}=1" for number in range(2_001))
    for answer in (
        Client(headers={"host": "evil.example"}).get("/"),
        Client().get(f"/?{too_many}"),
        Client().get(f"{SHIP}?{too_many}"),
    ):
        assert (answer.status_code, answer["Cache-Control"]) == (400, "private, no-store")


def test_no_error_and_nothing_personal_is_cached(article):
    moderator = staff.browser_of(staff.editor("other"))
    assert moderator.get(SHIP).content == Client().get(SHIP).content
    article.withdraw(note="誤り。")
    assert Client().get(SHIP).status_code == 410
    assert queries_of_failure(SHIP) > 1


def queries_of_failure(address):
    with CaptureQueriesContext(connection) as captured:
        assert Client().get(address).status_code == 410
    return len(captured)
