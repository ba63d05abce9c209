"""The page of a commenter: in the article for every moderator, everywhere only for a logged
reason, and one decision about all of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from comments.models import Comment, Measure, ModerationAction
from comments.models.states import State, Verb
from comments.selections import list_scope, write_chosen
from tests import factories
from tests.reading import parsed

pytestmark = pytest.mark.django_db

TEXTS = "はじめの意見です。", "つぎの意見です。", "さいごの意見です。"


@pytest.fixture
def comments(article):
    """Three comments of one reader, between those of another."""
    for number, text in enumerate(TEXTS):
        factories.comment(article, text=text, reader=factories.reader())
        other = factories.reader("other")
        factories.comment(article, text=f"別の人の意見 {number}", reader=other)
    return list(Comment.objects.filter(text__in=TEXTS).order_by("pk"))


@pytest.fixture
def elsewhere(comments):
    place = factories.article(title="別の記事")
    return factories.comment(place, text="別の記事での意見です。", reader=factories.reader())


def read(moderator, path):
    answer = moderator.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    return answer.content.decode()


def look_up(moderator, comment, note="荒らしの確認", kind="lookup"):
    path = f"/moderation/comments/{comment.pk}/lookup/"
    return moderator.send(path, note=note, kind=kind)


class TestInTheArticle:
    def test_all_of_the_reader_and_nothing_of_others(self, moderator, comments, elsewhere):
        comments[0].remove(by=moderator.user, reason="abuse")
        page = read(moderator, f"/moderation/comments/{comments[1].pk}/writer/")
        assert all(text in page for text in TEXTS)
        assert f"ID:{comments[0].reader_code}" in page
        assert "別の人の意見" not in page and "別の記事" not in page

    def test_the_record_counts(self, moderator, comments, reader, article):
        comments[0].remove(by=moderator.user, reason="abuse")
        comments[1].hold(by=moderator.user)
        reader.vote(comments[2], 1)
        report = {"reason": "spam", "text": ""}
        reader.send(f"/comments/{comments[2].pk}/report/", **report)
        record = moderator.get(f"/moderation/comments/{comments[0].pk}/writer/").context["record"]
        assert (record.published, record.held, record.removed) == (1, 1, 1)
        assert (record.votes, record.reported, record.reports_upheld) == (1, 1, 0)
        comments[2].remove(by=moderator.user, reason="spam")
        record = moderator.get(f"/moderation/comments/{comments[0].pk}/writer/").context["record"]
        assert (record.reported, record.reports_upheld) == (1, 1)

    def test_the_number_of_queries_is_constant(
        self, moderator, comments, article, django_assert_max_num_queries
    ):
        path = f"/moderation/comments/{comments[0].pk}/writer/"
        moderator.get(path)
        for number in range(45):
            factories.comment(article, text=f"なお {number}", reader=factories.reader())
        with django_assert_max_num_queries(26):
            page = read(moderator, path)
        assert "before=" in page

    def test_older_comments_are_on_the_next_page(self, moderator, comments, article):
        for number in range(45):
            factories.comment(article, text=f"なお {number}。", reader=factories.reader())
        path = f"/moderation/comments/{comments[0].pk}/writer/"
        older = read(moderator, f"{path}?{moderator.get(path).context['query_before']}")
        assert all(text in older for text in TEXTS) and "なお 44。" not in older

    def test_what_a_check_matched_is_marked(self, moderator, comments):
        Comment.objects.filter(pk=comments[0].pk).update(matched_start=4, matched_end=6)
        page = read(moderator, f"/moderation/comments/{comments[0].pk}/writer/")
        [mark] = re.findall(r"<mark[^>]*>(.*?)</mark\s*>", page)
        assert mark == TEXTS[0][4:6]

    def test_an_imported_comment_names_nobody(self, moderator, article):
        comment = factories.comment(article, text="移行したコメントです。")
        page = read(moderator, f"/moderation/comments/{comment.pk}/writer/")
        assert "見分けられません" in page and "移行したコメントです。" in page

    def test_a_get_writes_nothing(self, moderator, comments):
        for part in ("writer", "lookup", "ban", "same"):
            moderator.get(f"/moderation/comments/{comments[0].pk}/{part}/")
        moderator.get("/moderation/bulk/")
        assert not ModerationAction.objects.exists()

    @pytest.mark.parametrize("status", ["draft", "published"])
    def test_no_headline_before_publication(self, moderator, status):
        at = timezone.now() + timedelta(days=1)
        hidden = factories.article(title="秘密の見出し")
        comment = factories.comment(hidden, text="早い意見", reader=factories.reader())
        Article.objects.filter(pk=hidden.pk).update(status=status, published_at=at)
        look_up(moderator, comment)
        act = ModerationAction.objects.get()
        for path in (
            f"/moderation/comments/{comment.pk}/writer/",
            f"/moderation/comments/{comment.pk}/same/",
            f"/moderation/lookups/{act.pk}/",
            "/moderation/search/?q=早い意見",
        ):
            page = read(moderator, path)
            assert "早い意見" in page and "秘密の見出し" not in page

    def test_moderators_only(self, reader, comments):
        for part in ("writer", "same"):
            answer = reader.get(f"/moderation/comments/{comments[0].pk}/{part}/")
            assert answer.status_code == 302 and "/login/" in answer["Location"]
        for part in ("lookup", "ban"):
            answer = reader.send(f"/moderation/comments/{comments[0].pk}/{part}/", note="x")
            assert answer.status_code == 403
        assert not ModerationAction.objects.exists()


class TestEverywhere:
    def test_a_lookup_is_logged_and_shows_all_articles(self, moderator, comments, elsewhere):
        answer = look_up(moderator, comments[0])
        act = ModerationAction.objects.get()
        assert (act.verb, act.moderator, act.comment) == (Verb.LOOKUP, moderator.user, comments[0])
        assert act.note == "荒らしの確認"
        assert answer["Location"] == f"/moderation/lookups/{act.pk}/"
        page = read(moderator, answer["Location"])
        assert "別の記事での意見です。" in page and TEXTS[0] in page
        assert "別の人の意見" not in page

    def test_it_needs_a_reason(self, moderator, comments):
        assert look_up(moderator, comments[0], note=" ").status_code == 400
        assert not ModerationAction.objects.exists()

    def test_it_is_for_its_moderator_alone(self, moderator, comments, client):
        path = look_up(moderator, comments[0])["Location"]
        client.force_login(factories.moderator("colleague"))
        answer = client.get(path)
        assert answer.status_code == 404 and TEXTS[0] not in answer.content.decode()

    def test_it_is_over_after_an_hour(self, moderator, comments):
        path = look_up(moderator, comments[0])["Location"]
        before = timezone.now() - timedelta(minutes=61)
        ModerationAction.objects.update(created_at=before)
        assert moderator.get(path).status_code == 404
        answer = moderator.send(
            "/moderation/bulk/",
            all="remove",
            scope=path.replace("/moderation/lookups/", "lookup:").strip("/"),
        )
        assert answer.status_code == 400

    @pytest.mark.parametrize("kind", ["lookup", "network"])
    def test_it_opens_only_what_it_named(self, moderator, comments, elsewhere, kind):
        """A reader who left this network, and another reader of it."""
        keys = [comment.pk for comment in comments]
        Comment.objects.filter(pk__in=keys).update(network_hash="n1")
        Comment.objects.filter(pk=elsewhere.pk).update(network_hash="n2")
        Comment.objects.filter(text__startswith="別の人").update(network_hash="n1")
        path = look_up(moderator, comments[0], kind=kind)["Location"]
        act = ModerationAction.objects.get()
        assert act.verb == kind
        for query in ("", "?by=network", "?by=reader", "?kind=network", "?kind=lookup"):
            page = read(moderator, path + query)
            assert TEXTS[0] in page
            assert ("別の人の意見 0" in page) == (kind == "network")
            assert ("別の記事での意見です。" in page) == (kind == "lookup")
        for scope in (f"lookup:{act.pk}", f"lookup:{act.pk}:reader", f"lookup:{act.pk}:network"):
            found = list_scope(scope, moderator=moderator.user)
            assert (elsewhere in found) == (kind == "lookup" and scope.count(":") == 1)

    def test_what_is_unknown_cannot_be_looked_up(self, moderator, comments):
        Comment.objects.filter(pk=comments[0].pk).update(network_hash="")
        assert look_up(moderator, comments[0], kind="network").status_code == 409
        Comment.objects.filter(pk=comments[0].pk).update(network_hash="n", reader_hash="")
        assert look_up(moderator, comments[0]).status_code == 409
        assert look_up(moderator, comments[0], kind="remove").status_code == 404
        assert not ModerationAction.objects.exists()

    def test_no_address_holds_a_hash(self, moderator, comments):
        path = look_up(moderator, comments[0])["Location"]
        for address in (path, f"/moderation/comments/{comments[0].pk}/writer/"):
            page = read(moderator, address)
            assert comments[0].reader_hash not in page
            assert comments[0].network_hash not in page


class TestBulk:
    def press(self, moderator, **fields):
        return moderator.send("/moderation/bulk/", next="/moderation/search/?q=a", **fields)

    def test_the_chosen_are_one_entry_after_a_question(self, moderator, comments):
        chosen = write_chosen(comments[:2])
        asked = self.press(moderator, verb="spam", chosen=chosen)
        assert "2" in asked.context["size"].__str__() and not ModerationAction.objects.exists()
        answer = self.press(
            moderator, verb="spam", chosen=asked.context["chosen"], reason="spam", confirmed="1"
        )
        act = ModerationAction.objects.get()
        assert (act.verb, act.reason, act.size) == (Verb.REMOVE, "spam", 2)
        assert answer["Location"] == f"/moderation/search/?q=a&act={act.pk}"
        states = [Comment.objects.get(pk=comment.pk).state for comment in comments]
        assert states == [State.REMOVED, State.REMOVED, State.PUBLISHED]

    def test_holding_the_chosen_asks_nothing(self, moderator, comments):
        self.press(moderator, verb="hold", chosen=[write_chosen([each]) for each in comments])
        act = ModerationAction.objects.get()
        assert (act.verb, act.size) == (Verb.HOLD, 3)

    def test_all_of_a_lookup(self, moderator, comments, elsewhere):
        path = look_up(moderator, comments[0])["Location"]
        scope = moderator.get(path).context["scope"]
        asked = self.press(moderator, all="remove", scope=scope)
        assert (asked.context["size"], asked.context["article_count"]) == (4, 2)
        self.press(
            moderator, verb="remove", chosen=asked.context["chosen"], reason="abuse", confirmed="1"
        )
        act = ModerationAction.objects.first()
        assert act.size == 4
        act.undo(by=moderator.user)
        assert not Comment.objects.removed().exists()

    def test_all_of_a_page_are_asked_about_however_the_form_is_sent(self, moderator, comments):
        scope = f"writer:{comments[0].pk}"
        answer = self.press(moderator, all="approve", scope=scope, confirmed="1")
        assert answer.status_code == 200
        assert not ModerationAction.objects.exists()

    def test_another_moderators_lookup_is_no_scope(self, moderator, comments, client):
        path = look_up(moderator, comments[0])["Location"]
        scope = moderator.get(path).context["scope"]
        client.force_login(factories.moderator("colleague"))
        answer = client.post("/moderation/bulk/", {"all": "remove", "scope": scope})
        assert answer.status_code == 400

    def test_what_was_left_can_be_decided_about_as_it_is_now(self, moderator, comments):
        chosen = write_chosen(comments[:2])
        comments[0].hold(by=moderator.user, reason="check")
        fields = {"verb": "spam", "confirmed": "1", "reason": "abuse", "note": "三度目"}
        page = parsed(self.press(moderator, chosen=chosen, **fields))
        [form] = page.xpath("//form[@class='confirm']")
        again = dict(form.form_values())
        assert (again["reason"], again["note"]) == ("abuse", "三度目")
        assert moderator.send("/moderation/bulk/", **again).status_code == 303
        acts = ModerationAction.objects.filter(verb=Verb.REMOVE)
        assert sorted(acts.values_list("size", "reason", "note")) == [(1, "abuse", "三度目")] * 2

    def test_what_changed_since_is_left_and_named(self, moderator, comments):
        chosen = write_chosen(comments[:2])
        comments[0].hold(by=moderator.user, reason="check")
        answer = self.press(moderator, verb="remove", chosen=chosen, reason="spam", confirmed="1")
        assert answer.status_code == 409
        assert f">>{comments[0].number}" in answer.content.decode().replace("&gt;", ">").replace(
            "<b>", ""
        )
        assert Comment.objects.removed().get() == comments[1]

    @pytest.mark.parametrize(
        "fields",
        [{"verb": "prune"}, {"verb": "approve"}, {"all": "remove", "scope": "writer:x"}, {}],
    )
    def test_nothing_is_done_without_comments_or_verb(self, moderator, comments, fields):
        assert self.press(moderator, **fields).status_code in (400, 404)
        assert not ModerationAction.objects.exists()

    def test_a_removal_needs_a_reason(self, moderator, comments):
        chosen = write_chosen(comments)
        answer = self.press(moderator, verb="remove", chosen=chosen, confirmed="1")
        assert answer.status_code == 400 and not ModerationAction.objects.exists()

    def test_it_leads_to_no_other_site(self, moderator, comments):
        fields = {"verb": "hold", "chosen": write_chosen(comments)}
        answer = moderator.send("/moderation/bulk/", next="//example.com/", **fields)
        assert answer["Location"].startswith("/moderation/?act=")


class TestBan:
    def press(self, moderator, comment, **fields):
        defaults = {"whom": "reader", "days": "7", "reason": "abuse", "next": "/moderation/"}
        return moderator.send(f"/moderation/comments/{comment.pk}/ban/", **defaults | fields)

    def test_it_asks_first_and_says_until_when(self, moderator, comments):
        asked = self.press(moderator, comments[0])
        assert not Measure.objects.exists() and "7日" in asked.content.decode()
        answer = self.press(moderator, comments[0], note="三度目", confirmed="1")
        measure = Measure.objects.get()
        act = measure.action
        assert answer["Location"] == f"/moderation/?act={act.pk}"
        assert (act.verb, act.reason, act.note) == (Verb.BAN, "abuse", "三度目")
        assert measure.reader_hash == comments[0].reader_hash
        assert measure.until - act.created_at == timedelta(days=7)

    def test_the_page_shows_it_and_a_way_to_end_it(self, moderator, comments):
        self.press(moderator, comments[0], confirmed="1")
        page = read(moderator, f"/moderation/comments/{comments[1].pk}/writer/")
        assert f"/moderation/actions/{ModerationAction.objects.get().pk}/undo/" in page

    @pytest.mark.parametrize("fields", [{"days": "2"}, {"whom": "x"}, {"reason": "network"}])
    def test_other_terms_are_refused(self, moderator, comments, fields):
        assert self.press(moderator, comments[0], confirmed="1", **fields).status_code == 400
        assert not Measure.objects.exists()

    def test_an_imported_comment_has_no_reader(self, moderator, article):
        comment = factories.comment(article)
        assert self.press(moderator, comment, confirmed="1").status_code == 409
