"""The history of moderation: its rows, filters and pages, and undoing with a reason."""

from datetime import datetime

import pytest
from django.utils import timezone

from articles.models import Article
from comments import chronicle
from comments.models import Comment, Measure, ModerationAction, Report
from comments.models.moderated import decide
from tests import factories
from tests.reading import parts, read, texts

LOG = "/moderation/log/"


def undo(moderator, page, action, **fields):
    [form] = [
        form for form in page.forms if form.action == f"/moderation/actions/{action.pk}/undo/"
    ]
    typed = {name: value for name, value in form.fields.items() if value}
    return moderator.send(form.action, **typed | fields)


def test_a_row_says_who_did_what_where_and_why(moderator, article):
    comment = factories.comment(article, text="落ちたら町を出て行け")
    Report.objects.create(comment=comment, reason="abuse", reporter="r")
    comment.remove(by=moderator.user, reason="abuse", note="名指し")
    [row] = texts(read(moderator, LOG), "logged")
    for part in ("司会", "削除", ">>1", "落ちたら町", "離島の診療所", "名指し", "1件", "通報 1"):
        assert part in row


def test_an_act_is_undone_with_a_reason_and_stays_in_sight(moderator, article):
    comment = factories.comment(article)
    action = comment.remove(by=moderator.user, reason="abuse")
    answer = undo(moderator, read(moderator, LOG), action, note="異議を認めて")
    assert answer.status_code == 303 and answer["Location"] == f"{LOG}#act-{action.pk}"
    comment.refresh_from_db()
    assert comment.is_published
    [row] = texts(read(moderator, LOG), "logged--undone")
    assert "異議を認めて" in row and "司会" in row


def test_what_another_act_keeps_is_said(moderator, article):
    top = factories.comment(article)
    reply = factories.comment(article, parent=top)
    top.refresh_from_db()
    first = top.prune(by=moderator.user, reason="spam")
    reply.refresh_from_db()
    reply.remove(by=factories.user("三澄"), reason="privacy")
    first.undo(by=moderator.user)
    [kept] = texts(read(moderator, LOG), "logged__kept")
    assert "1件" in kept and "三澄" in kept and "個人情報" in kept


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("kind=approve", ["承認"]),
        ("kind=hold", ["保留"]),
        ("kind=remove", ["スパム", "削除"]),
        ("kind=spam", ["スパム"]),
        ("kind=people", ["メモ"]),
        ("reason=privacy", ["削除"]),
        ("undone=1", ["承認"]),
        ("who=999999", []),
        ("kind=nonsense&reason=x&who=x&before=x", ["メモ", "スパム", "削除", "保留", "承認"]),
    ],
)
def test_the_history_is_filtered(moderator, article, query, expected):
    comment = factories.comment(article)
    approved = comment.approve(by=moderator.user)
    comment.hold(by=moderator.user)
    comment.remove(by=moderator.user, reason="privacy")
    comment.remove(by=moderator.user, reason="spam")
    comment.note(moderator.user, "見張る")
    approved.undo(by=moderator.user)
    assert texts(read(moderator, f"{LOG}?{query}"), "logged__verb") == expected


def test_acts_of_one_moderator(moderator, article):
    comment, other = factories.comment(article), factories.user("三澄")
    comment.hold(by=moderator.user)
    comment.approve(by=other)
    assert texts(read(moderator, f"{LOG}?who={other.pk}"), "logged__verb") == ["承認"]


def test_acts_about_one_article_also_those_about_several(moderator, article):
    here, there = factories.comment(article), factories.comment(factories.article())
    here.hold(by=moderator.user)
    there.approve(by=moderator.user)
    both = Comment.objects.filter(pk__in=[here.pk, there.pk])
    decide(both, "remove", by=moderator.user, reason="abuse")
    page = read(moderator, f"{LOG}?article={article.pk}")
    assert texts(page, "logged__verb") == ["削除", "保留"]
    assert "離島の診療所" in texts(page, "history__article")[0]
    assert "article" not in parts(page, "history__all")[0].get("href")


def test_a_measure_says_what_it_does_and_until_when(moderator):
    until = timezone.make_aware(datetime(2099, 11, 30, 16, 30))
    Measure.take("raid", by=moderator.user, value="held", until=until)
    [where] = texts(read(moderator, LOG), "logged__where")
    assert "確認後" in where and "11月30日 16:30まで" in where


def test_acts_of_one_month(moderator, article):
    comment = factories.comment(article)
    for day in ("2026-03-31 23:59", "2026-04-01 00:00", "2026-04-30 23:59", "2026-05-01 00:00"):
        action = comment.hold(by=moderator.user)
        at = timezone.make_aware(datetime.fromisoformat(day))
        ModerationAction.objects.filter(pk=action.pk).update(created_at=at)
    page = read(moderator, f"{LOG}?month=2026-04")
    days = texts(page, "history__date")
    assert [day.split()[0] for day in days] == ["4月30日", "4月1日"]
    [chosen] = [option for option in page.iter("option") if option.get("selected") is not None]
    assert chosen.get("value") == "2026-04"
    for month in ("2026-13", "0001-01", "9999-12"):
        assert len(texts(read(moderator, f"{LOG}?month={month}"), "logged")) == 4


def test_pages_follow_by_key(moderator, article, monkeypatch):
    monkeypatch.setattr(chronicle, "PAGE", 2)
    comment = factories.comment(article)
    for _number in range(3):
        comment.hold(by=moderator.user)
    page = read(moderator, LOG)
    assert len(texts(page, "logged")) == 2
    [older] = page.find_class("history__older")
    rest = read(moderator, LOG + older.get("href").removeprefix(LOG))
    assert len(texts(rest, "logged")) == 1
    assert not rest.find_class("history__older")


def test_many_threads_are_one_row(moderator):
    comments = [factories.comment(factories.article()) for _number in range(3)]
    decide(Comment.objects.filter(pk__in=[c.pk for c in comments]), "hold", by=moderator.user)
    [row] = texts(read(moderator, LOG), "logged")
    assert "3件" in row


def test_headlines_that_are_not_public_are_not_shown(moderator, article):
    factories.comment(article).hold(by=moderator.user)
    Article.objects.update(status="draft")
    assert "離島の診療所" not in moderator.get(LOG).content.decode()


def test_the_history_makes_a_constant_number_of_queries_and_counts_nothing(
    moderator, article, django_assert_max_num_queries
):
    def act(count):
        for number in range(count):
            comment = factories.comment(factories.article(), text=f"{number}")
            action = comment.remove(by=moderator.user, reason="spam")
            if number % 2:
                action.undo(by=moderator.user)

    act(4)
    with django_assert_max_num_queries(30) as few:
        moderator.get(LOG)
    act(12)
    with django_assert_max_num_queries(len(few)) as many:
        moderator.get(LOG)
    own = [query["sql"] for query in many if 'FROM "comments_moderationaction"' in query["sql"]]
    assert own and not any("COUNT(" in sql for sql in own)


def test_the_history_is_for_moderators_only(client, reader, db):
    assert reader.get(LOG).status_code == 302
    client.force_login(factories.user("記者", is_staff=True))
    assert client.get(LOG).status_code == 403
    assert ModerationAction.objects.count() == 0
