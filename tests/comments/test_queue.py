"""The moderators' queue: the page, one entry, and the decisions."""

from datetime import timedelta

import pytest
from django.utils import timezone

from articles.models import Article
from comments.entries import Entry
from comments.models import Claim, Comment, Mention, ModerationAction, Objection, Report, WordRule
from comments.waiting import find_waiting
from tests import factories
from tests.reading import parsed, parts, read, text, texts

QUEUE = "/moderation/"


def held(article, text="待つ", **fields):
    return factories.comment(article, text=text, state="held", **fields)


def stamps(*comments):
    return {f"seen-{comment.pk}": comment.stamp for comment in comments}


def press(moderator, verb, *comments, inline=False, **fields):
    chosen = [comment.pk for comment in comments]
    tail = "inline/" if inline else ""
    return moderator.send(
        f"/moderation/queue/{verb}/{tail}", chosen=chosen, **{**stamps(*comments), **fields}
    )


def test_an_entry_shows_what_a_verdict_needs(moderator, article):
    writer = factories.reader("writer")
    parent = factories.comment(article, text="港の話")
    factories.comment(article, text="先のもの", reader=writer)
    comment = factories.comment(article, text="ここで黙れと言う", parent=parent, reader=writer)
    factories.comment(article, text="下の返信", parent=comment)
    Comment.objects.filter(pk=comment.pk).update(
        state="held", reason="words", matched_start=3, matched_end=5
    )
    Report.objects.create(
        comment=comment, reason="abuse", text="怖い", reporter="r", about="前の文"
    )
    page = read(moderator, QUEUE)
    assert texts(page, "case__title") == ["離島の診療所"]
    assert texts(page, "case__above") == ["港の話"]
    assert texts(page, "case__text") == ["ここで黙れと言う"]
    assert texts(page, "case__match") == ["黙れ"]
    assert texts(page, "case__line") == ["下の返信"]
    assert "怖い" in texts(page, "case__words")[0]
    assert "前の文" in texts(page, "case__about")[0]
    cells = [text(cell) for cell in parts(page, "record")[0].iter("td")]
    assert cells[:4] == ["1", "1", "0", "0"]
    assert "2件" in texts(page, "verdict__reach")[0]


def test_an_entry_counts_the_replies_once(moderator, article, django_assert_num_queries):
    comment = factories.comment(article, parent=factories.comment(article))
    factories.comment(article, parent=comment)
    entry = Entry(find_waiting(str(comment.pk)), moderator=moderator.user)
    with django_assert_num_queries(1):
        assert entry.below == entry.below == 1


@pytest.mark.parametrize(
    "fields",
    [{"status": "draft"}, {"published_at": timezone.now() + timedelta(1)}],
)
def test_headlines_that_are_not_public_are_not_shown(moderator, article, fields):
    held(article)
    Article.objects.filter(pk=article.pk).update(**fields)
    page = moderator.get(QUEUE).content.decode()
    assert "離島の診療所" not in page
    assert "公開していない記事" in page


def test_a_decision_leads_to_the_next_entry_and_shows_its_undo(moderator, article):
    first, second = held(article, "一つ目"), held(article, "二つ目")
    answer = press(moderator, "approve", first, next=second.pk)
    assert answer.status_code == 303 and answer["Location"] == f"{QUEUE}?entry={second.pk}"
    page = read(moderator, answer["Location"])
    assert texts(page, "case__text") == ["二つ目"]
    assert "承認" in texts(page, "last")[0]
    action = ModerationAction.objects.get()
    [form] = [form for form in page.forms if form.get("data-undo") is not None]
    assert form.action == f"/moderation/queue/undo/{action.pk}/"
    answer = moderator.send(form.action, **form.fields)
    assert answer["Location"] == f"{QUEUE}?entry={first.pk}"
    first.refresh_from_db()
    assert first.is_held
    assert texts(read(moderator, answer["Location"]), "case__text") == ["一つ目"]


@pytest.mark.parametrize(
    ("verb", "fields", "state", "reason"),
    [
        ("approve", {}, "published", ""),
        ("hold", {}, "held", "check"),
        ("remove", {"reason": "abuse"}, "removed", "abuse"),
        ("spam", {"reason": "abuse"}, "removed", "spam"),
    ],
)
def test_each_verb_decides(moderator, article, verb, fields, state, reason):
    comment = held(article)
    assert press(moderator, verb, comment, note="見た", **fields).status_code == 303
    comment.refresh_from_db()
    assert (comment.state, comment.reason) == (state, reason)
    assert ModerationAction.objects.get().note == "見た"


def test_a_reported_comment_that_stays_is_no_longer_waiting(moderator, article):
    comment = factories.comment(article)
    Report.objects.create(comment=comment, reason="spam", reporter="r")
    assert "keep" in moderator.get(QUEUE).content.decode()
    press(moderator, "keep", comment)
    assert not Report.objects.open().exists()


def test_a_colleagues_decision_is_not_overwritten(moderator, article):
    comment, other = held(article, "港"), held(article, "次")
    seen = comment.stamp
    comment.remove(by=factories.user("三澄"), reason="privacy")
    answer = press(
        moderator, "approve", comment, next=other.pk, note="よい", **{f"seen-{comment.pk}": seen}
    )
    assert answer.status_code == 409
    page = parsed(answer)
    assert "三澄" in texts(page, "meanwhile")[0] and "個人情報" in texts(page, "meanwhile")[0]
    assert texts(page, "case__text") == ["港"]
    assert [note.get("value") for note in page.iter("input") if note.get("name") == "note"] == [
        "よい"
    ]
    verbs = parts(page, "verdict__verb")
    assert [verb.get("disabled") is not None for verb in verbs[:4]] == [True] * 4
    assert verbs[4].get("href")  # the next entry
    comment.refresh_from_db()
    assert comment.is_removed


def test_a_removal_needs_a_reason_and_keeps_the_note(moderator, article):
    comment = held(article)
    answer = press(moderator, "remove", comment, note="消す")
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "理由を選んでください" in page and "消す" in page


@pytest.mark.parametrize(
    ("verb", "fields", "status"),
    [("prune", {}, 404), ("dance", {}, 404), ("remove", {"reason": "x"}, 400)],
)
def test_unfit_decisions_are_refused(moderator, article, verb, fields, status):
    assert press(moderator, verb, held(article), **fields).status_code == status
    assert not ModerationAction.objects.exists()


@pytest.mark.parametrize("chosen", [[], ["x"], ["-1"], ["9" * 30], ["m"]])
def test_keys_of_nothing_decide_nothing(moderator, article, chosen):
    answer = moderator.send("/moderation/queue/approve/", chosen=chosen)
    assert answer.status_code in {303, 400}
    assert not ModerationAction.objects.exists()


def test_several_entries_are_one_act_with_one_undo(moderator, article):
    comments = [held(factories.article(), f"宣伝 {number}") for number in range(3)]
    answer = press(moderator, "spam", *comments, bulk="1")
    assert answer.status_code == 303
    action = ModerationAction.objects.get()
    assert action.size == 3
    page = read(moderator, QUEUE)
    assert "3件" in texts(page, "last")[0]
    [form] = [form for form in page.forms if form.get("data-undo") is not None]
    moderator.send(form.action, **form.fields)
    assert Comment.objects.held().count() == 3


def test_several_are_asked_about_first(moderator, article):
    comments = [held(article, f"宣伝 {number}") for number in range(2)]
    answer = press(moderator, "remove", *comments, bulk="1")
    assert answer.status_code == 422
    assert texts(parsed(answer), "button--confirm") == ["2件を削除"]
    press(moderator, "remove", *comments, bulk="1", reason="abuse")
    assert Comment.objects.removed().count() == 2


def test_what_changed_is_left_out_and_listed(moderator, article):
    first, second = held(article, "一つ目"), held(article, "二つ目")
    seen = stamps(first, second)
    first.remove(by=factories.user("三澄"), reason="privacy")
    answer = press(moderator, "approve", first, second, bulk="1", **seen)
    assert answer.status_code == 409
    assert "三澄" in texts(parsed(answer), "meanwhile")[0]
    first.refresh_from_db()
    second.refresh_from_db()
    assert first.is_removed and second.is_published


def test_a_mention_is_decided_about(moderator, article):
    mention = Mention.objects.create(
        article=article, title="ブログ", state="held", first_state="held"
    )
    page = read(moderator, QUEUE)
    assert texts(page, "case__title") == ["離島の診療所"]
    fields = {"chosen": f"m{mention.pk}", f"seen-m{mention.pk}": mention.stamp}
    assert moderator.send("/moderation/queue/approve/", **fields).status_code == 303
    mention.refresh_from_db()
    assert mention.state == "published"
    assert "ブログ" in texts(read(moderator, QUEUE), "last")[0]


def test_a_script_gets_parts(moderator, article):
    comment, other = held(article, "一つ目"), held(article, "二つ目")
    entry = moderator.get(f"/moderation/entries/{other.pk}/").content.decode()
    assert "二つ目" in entry and "<html" not in entry
    seen = comment.stamp
    answer = press(moderator, "approve", comment, inline=True)
    assert answer.status_code == 200 and 'data-part="last"' in answer.content.decode()
    answer = press(moderator, "hold", comment, inline=True, **{f"seen-{comment.pk}": seen})
    assert answer.status_code == 409 and "meanwhile" in answer.content.decode()


def test_the_rule_that_held_a_comment_shows_how_often_it_was_right(moderator, article):
    rule = WordRule.objects.create(text="money", kind="pattern")
    for verb, fields in (
        ("remove", {"reason": "spam"}),
        ("remove", {"reason": "spam"}),
        ("approve", {}),
    ):
        other = held(article)
        Comment.objects.filter(pk=other.pk).update(matched_rule=rule)
        getattr(other, verb)(by=moderator.user, **fields)
    comment = held(article)
    Comment.objects.filter(pk=comment.pk).update(reason="words", matched_rule=rule)
    page = read(moderator, QUEUE)
    assert "/money/" in texts(page, "case__cause")[0] and "即金" in texts(page, "case__cause")[0]
    assert "67" in texts(page, "rules__share")[0]


def test_two_grounds_that_agree_choose_the_reason(moderator, article):
    comment = factories.comment(article)
    Report.objects.create(comment=comment, reason="abuse", reporter="r")

    def chosen():
        page = read(moderator, f"{QUEUE}?entry={comment.pk}")
        return [r.get("value") for r in page.iter("input") if r.get("checked") is not None]

    assert chosen() == []
    Report.objects.create(comment=comment, reason="abuse", reporter="s")
    assert chosen() == ["abuse"]


def test_an_objection_is_answered_by_another_moderator(moderator, article):
    comment = factories.comment(article, text="消された")
    action = comment.remove(by=moderator.user, reason="spam")
    objection = Objection.objects.create(comment=comment, action=action, text="なぜ")
    colleague = type(moderator)()
    colleague.force_login(factories.moderator("早瀬"))
    page = read(moderator, QUEUE)
    assert "なぜ" in texts(page, "case__quote")[0]
    assert "ほかの審査担当者" in texts(page, "verdict__why")[0]
    assert press(moderator, "approve", comment).status_code == 403
    assert press(colleague, "keep", comment).status_code == 400  # the writer reads a sentence
    assert press(colleague, "approve", comment).status_code == 303
    objection.refresh_from_db()
    comment.refresh_from_db()
    assert objection.is_upheld and comment.is_published


def test_a_form_that_does_not_say_what_was_seen_decides_nothing(moderator, article):
    comment = held(article)
    answer = moderator.send("/moderation/queue/approve/", chosen=comment.pk)
    assert answer.status_code == 409
    assert not ModerationAction.objects.exists()


def test_a_claim_is_shown_to_the_other_and_ends_with_the_tab(moderator, article):
    comment = held(article)
    colleague = type(moderator)()
    colleague.force_login(factories.moderator("早瀬"))
    answer = moderator.send("/moderation/claims/", entry=comment.pk, tab="a", listed=comment.pk)
    assert answer.json() == {"claims": {}, "html": ""}
    assert "司会" in texts(read(colleague, QUEUE), "list__claim")[0]
    assert texts(read(moderator, QUEUE), "list__claim") == [""]
    moderator.send("/moderation/claims/release/", tab="a")
    assert not Claim.objects.exists()


def test_a_claim_ends_when_its_tab_falls_silent(moderator, article):
    comment = held(article)
    moderator.send("/moderation/claims/", entry=comment.pk, tab="a")
    Claim.objects.update(seen_at=timezone.now() - timedelta(seconds=46))
    assert not Claim.objects.alive().exists()


def test_a_claim_learns_what_happened_meanwhile(moderator, article):
    comment = held(article)
    seen = comment.stamp
    comment.remove(by=factories.user("三澄"), reason="privacy")
    answer = moderator.send("/moderation/claims/", entry=comment.pk, tab="a", seen=seen)
    assert "三澄" in answer.json()["html"]


def test_a_page_of_the_queue_makes_a_constant_number_of_queries(
    moderator, article, django_assert_max_num_queries
):
    for number in range(12):
        comment = held(factories.article(), f"待つ {number}", reader=factories.reader("w"))
        Report.objects.create(comment=comment, reason="spam", reporter="r")
    with django_assert_max_num_queries(40) as few:
        moderator.get(QUEUE)
    for number in range(12):
        held(factories.article(), f"もっと {number}")
    with django_assert_max_num_queries(len(few)):
        moderator.get(QUEUE)
    assert len(few) <= 40
