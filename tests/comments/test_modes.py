"""The pages where measures are taken and ended, and the place to which every act leads back."""

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from articles.models import Article
from comments.models import Comment, Measure, ModerationAction, Thread
from comments.models.states import Verb
from comments.posting import post
from tests import factories, staff
from tests.reading import parsed, parts, read

pytestmark = [pytest.mark.django_db, pytest.mark.once]
MODES = "/moderation/modes/"


def press(browser, path, **fields):
    return browser.post(path, fields)


def at(comment, kind, suffix=""):
    return f"/moderation/comments/{comment.pk}/measures/{kind}/{suffix}"


def undo(browser, action, **fields):
    page = browser.get(f"/moderation/actions/{action.pk}/")
    seen = parsed(page).xpath("//form[contains(@action, 'undo')]//input[@name='seen']/@value")[0]
    return browser.post(f"/moderation/actions/{action.pk}/undo/", {"seen": seen, **fields})


class TestPlace:
    @pytest.fixture
    def last(self, article):
        """A comment on the second page of the moderators' thread."""
        return factories.long_thread(article, 230)[-1]

    def find(self, browser, response, comment):
        """Whether the response leads to the comment on a page that shows it."""
        path, _hash, fragment = response["Location"].partition("#")
        page = browser.get(path)
        if page.status_code == 302:
            return self.find(browser, page, comment)
        assert fragment == comment.anchor
        return f'id="{comment.anchor}"' in page.content.decode()

    def test_a_link_leads_to_a_comment_on_its_page(self, moderator, article):
        comments = factories.long_thread(article, 450)
        for comment in comments[::110]:
            response = moderator.get(f"/moderation/comments/{comment.pk}/")
            assert self.find(moderator, response, comment)

    def test_it_takes_a_constant_number_of_queries(self, moderator, last, article):
        first = article.thread.comments.get(number=1)
        with CaptureQueriesContext(connection) as few:
            moderator.get(f"/moderation/comments/{first.pk}/")
        with CaptureQueriesContext(connection) as many:
            moderator.get(f"/moderation/comments/{last.pk}/")
        assert len(many) == len(few) <= 6

    def test_a_decision_and_its_undo_lead_back_to_the_comment(self, moderator, last):
        seen = Comment.objects.get(pk=last.pk).stamp
        path = f"/moderation/comments/{last.pk}/hold/"
        assert self.find(moderator, moderator.post(path, {"seen": seen}), last)
        action = ModerationAction.objects.get()
        assert self.find(moderator, undo(moderator, action), last)

    def test_a_measure_and_its_undo_lead_back_to_the_comment(self, moderator, last):
        assert self.find(moderator, press(moderator, at(last, "lock"), hours=1), last)
        action = ModerationAction.objects.get()
        assert self.find(moderator, undo(moderator, action), last)

    def test_a_reader_hears_of_the_lock_at_the_reply_form(self, moderator, last, client):
        press(moderator, at(last, "lock"), hours=1)
        for path in ("reply/", "reply/form/"):
            answer = client.get(f"/comments/{last.pk}/{path}")
            page = answer.content.decode()
            assert answer.status_code == 409 and "もっと上のコメント" not in page
            assert "返信" in page and "まで" in page

    def test_the_page_a_form_came_from_keeps_its_fragment(self, moderator, last, article):
        wanted = f"{article.get_absolute_url()}?page=2#{last.anchor}"
        response = press(moderator, at(last, "lock"), hours=1, next=wanted)
        assert response["Location"] == wanted

    def test_every_link_of_the_ledger_leads_there(self, moderator, last, article):
        last.hold(by=moderator.user)
        page = moderator.get(f"/moderation/threads/{article.pk}/")
        [link] = parsed(page).xpath("//*[@id='ledger']//a[contains(., '>>')]/@href")
        assert self.find(moderator, moderator.get(link), last)


class TestModesPage:
    def test_the_site_is_held_and_opened_again(self, moderator, article):
        press(moderator, f"{MODES}mode/", value="held", hours=3)
        assert "すべて確認後に公開" in moderator.get(MODES).content.decode()
        assert Thread(article=article).regime.mode == "held"
        undo(moderator, ModerationAction.objects.get())
        assert Thread(article=article).regime.mode == "open"

    def test_raid_protection_is_on_every_page_of_the_desk(self, moderator, article):
        factories.comment(article)
        pages = [MODES, "/moderation/", f"/moderation/threads/{article.pk}/"]
        assert not any("raid-bar" in moderator.get(page).content.decode() for page in pages)
        press(moderator, f"{MODES}raid/", value="held", hours=2)
        assert all("raid-bar" in moderator.get(page).content.decode() for page in pages)
        press(moderator, f"{MODES}raid/", value="held", hours=6)
        response = press(moderator, "/moderation/raid/end/", next="/moderation/")
        assert response["Location"] == "/moderation/"
        assert not any("raid-bar" in moderator.get(page).content.decode() for page in pages)
        assert ModerationAction.objects.filter(undone_by=moderator.user).count() == 2

    def test_the_switch_of_the_queue_starts_and_ends_raid_protection(self, moderator, article):
        def switch():
            [form, *_copy] = parts(read(moderator, "/moderation/"), "switch")
            checked = parts(form, "switch__button")[0].get("aria-checked")
            answer = moderator.post(form.get("action"), dict(form.fields))
            assert answer.headers["Location"] == "/moderation/"
            return checked, Measure.objects.raids().count()

        assert switch() == ("false", 1)
        assert switch() == ("true", 0)

    def test_an_article_has_a_mode_of_its_own(self, moderator, article):
        path = f"/moderation/threads/{article.pk}/"
        press(moderator, f"{path}mode/", value="closed", hours=2, note="落ち着くまで")
        page = moderator.get(path).content.decode()
        assert "落ち着くまで" in page
        assert not Thread.objects.get(article=article).accepts_comments
        press(moderator, f"{path}mode/", value="7")
        regime = Thread.objects.get(article=article).regime
        assert regime.closes_at == article.published_at + timedelta(days=7)

    @pytest.mark.parametrize(
        ("path", "fields", "status"),
        [
            ("mode/", {"value": "ajar"}, 400),
            ("raid/", {"value": "held"}, 400),
            ("raid/", {"value": "held", "hours": "-1"}, 400),
            ("lock/", {}, 404),
        ],
    )
    def test_what_does_not_fit_is_refused(self, moderator, path, fields, status):
        assert moderator.post(f"{MODES}{path}", fields).status_code == status
        assert not Measure.objects.exists()

    def test_the_list_costs_as_much_for_many_as_for_few(self, moderator):
        counts = []
        for _round in range(2):
            for _number in range(4):
                comment = factories.comment(factories.article())
                Measure.take(Verb.LOCK, by=moderator.user, comment=comment)
            with CaptureQueriesContext(connection) as queries:
                moderator.get(MODES)
            counts.append(len(queries))
        assert counts[0] == counts[1]


class TestMenu:
    def read(self, browser, comment):
        return browser.get(f"/moderation/comments/{comment.pk}/menu/").content.decode()

    def test_it_shows_reports_with_their_words(self, moderator, article):
        comment = factories.comment(article)
        assert "通報" not in self.read(moderator, comment)
        comment.reports.create(reason="abuse", text="名指しの中傷です", network_hash="x")
        assert "名指しの中傷です" in self.read(moderator, comment)

    def test_what_is_in_force_can_be_ended(self, moderator, article):
        comment = factories.comment(article)
        for kind, fields in (("lock", {}), ("slow", {"value": "5"}), ("feature", {})):
            assert (
                press(
                    moderator, at(comment, kind), hours=3, seen=comment.stamp, **fields
                ).status_code
                == 303
            )
        for action in ModerationAction.objects.all():
            assert f"/actions/{action.pk}/undo/" in self.read(moderator, comment)
        Measure.objects.update(until=timezone.now() - timedelta(minutes=1))
        assert "/undo/" not in self.read(moderator, comment)

    def test_staff_are_pinned_and_readers_featured(self, moderator, article):
        own = post(article, text="運営より", staff=moderator.user)
        other = factories.comment(article)
        assert "/measures/pin/" in self.read(moderator, own)
        assert "/measures/feature/" in self.read(moderator, other)
        assert press(moderator, at(other, "pin"), seen=other.stamp).status_code == 400
        assert press(moderator, at(own, "feature"), seen=own.stamp).status_code == 400

    def test_what_changed_since_it_was_read_is_not_shown_above_the_thread(
        self, moderator, reader, article
    ):
        reader.write(article, "港が好きです。")
        comment = Comment.objects.get()
        seen = comment.stamp
        reader.send(f"/comments/{comment.pk}/edit/", text="買ってください", before=comment.digest)
        assert press(moderator, at(comment, "feature")).status_code == 409
        assert press(moderator, at(comment, "feature"), seen=seen).status_code == 409
        assert not Measure.objects.exists()
        comment.refresh_from_db()
        answer = press(moderator, at(comment, "feature"), seen=comment.stamp)
        assert answer.status_code == 303

    def test_in_place_the_outcome_reloads_the_page(self, moderator, article):
        comment = factories.comment(article)
        answer = press(moderator, at(comment, "lock", "inline/"), hours=1)
        assert "data-reload" in answer.content.decode()
        assert press(moderator, at(comment, "ban", "inline/")).status_code == 404


class TestFeaturing:
    def test_an_editor_features_and_a_writer_does_not(self, client, article):
        comment = factories.comment(article)
        path = f"/comments/{comment.pk}/feature/"
        assert client.get(path).status_code == 302
        assert staff.browser_of(staff.writer()).post(path).status_code == 403
        editor = staff.browser_of(staff.editor())
        assert editor.get(path).status_code == 200
        answer = editor.post(path, {"value": "front", "seen": comment.stamp})
        assert answer["Location"].endswith(f"#{comment.anchor}")
        assert Measure.objects.in_force().get().value == "front"
        editor.post(path, {"undo": "1"})
        assert not Measure.objects.in_force().exists()

    def test_editors_who_are_no_moderators_see_no_page_of_theirs(self, article):
        editor = staff.browser_of(staff.editor())
        for path in (MODES, f"/moderation/threads/{article.pk}/"):
            assert editor.get(path).status_code == 403


DRAFTS = [
    {"status": Article.Status.DRAFT},
    {"status": Article.Status.REVIEW},
    {"published_at": timezone.now() + timedelta(days=30)},
]


@pytest.fixture
def hidden(moderator):
    """A comment with all that can be known of it, on an article that is a draft again."""
    article = factories.article(title="極秘の見出し")
    comment = factories.comment(article, reader=factories.reader())
    factories.comment(factories.article(), reader=factories.reader())
    comment.reports.create(reason="abuse", text="!", network_hash="x")
    comment.hold(by=moderator.user)
    for place in ({"comment": comment}, {"thread": comment.thread, "value": "held"}):
        kind = Verb.LOCK if "comment" in place else Verb.MODE
        Measure.take(kind, by=moderator.user, **place)
    return comment


def pages_about(comment):
    admin = "/admin/comments"
    thread = comment.thread
    action, report = ModerationAction.objects.first(), comment.reports.first()
    return [
        "/moderation/",
        f"/moderation/?entry={comment.pk}",
        f"/moderation/entries/{comment.pk}/",
        "/moderation/log/",
        MODES,
        f"/moderation/threads/{thread.article_id}/",
        f"/moderation/comments/{comment.pk}/",
        f"/moderation/comments/{comment.pk}/menu/",
        f"/moderation/comments/{comment.pk}/measures/",
        f"/moderation/actions/{action.pk}/",
        f"/moderation/branches/{comment.pk}/",
        f"/moderation/actions/{action.pk}/quoting/",
        f"/moderation/comments/{comment.pk}/writer/",
        f"/moderation/comments/{comment.pk}/same/",
        f"/moderation/comments/{comment.pk}/erase/",
        "/moderation/search/?q=それな",
        "/moderation/words/",
        f"{admin}/comment/",
        f"{admin}/comment/{comment.pk}/change/",
        f"{admin}/comment/?q=それな",
        f"{admin}/moderationaction/",
        f"{admin}/moderationaction/{action.pk}/change/",
        f"{admin}/thread/",
        f"{admin}/thread/{thread.pk}/change/",
        f"{admin}/thread/?q=極秘",
        f"{admin}/report/",
        f"{admin}/report/{report.pk}/change/",
        f"{admin}/vote/",
        f"{admin}/mention/",
        "/admin/",
    ]


@pytest.mark.parametrize("fields", DRAFTS)
def test_no_moderator_sees_the_headline_of_a_draft(hidden, fields):
    browser = staff.browser_of(staff.moderator("司会二"))
    Article.objects.filter(pk=hidden.thread.article_id).update(**fields)
    for path in pages_about(hidden):
        page = browser.get(path, follow=True)
        assert page.status_code in {200, 404}, path
        shown = page.content.decode().replace('value="極秘"', "")
        assert "極秘" not in shown, path


def test_a_get_writes_nothing(hidden):
    browser = staff.browser_of(staff.moderator("司会二"))
    empty = factories.article()
    writing = re.compile(r"^\s*(INSERT|UPDATE|DELETE)", re.IGNORECASE)
    for path in [*pages_about(hidden), f"/moderation/threads/{empty.pk}/"]:
        with CaptureQueriesContext(connection) as queries:
            browser.get(path)
        assert [query["sql"] for query in queries if writing.match(query["sql"])] == [], path
    assert not Thread.objects.filter(article=empty).exists()
