"""Word rules at work: a comment is held, refused or questioned, and remembers why."""

import pytest

from comments.models import Comment, WordRule
from comments.models.rule_change import mark_deleted, switch_off

RULE_TEXT = "お前はバ＊カだ。"


@pytest.fixture
def rule(db):
    return WordRule.objects.create(text="馬鹿", allowed="馬鹿力")


def delete(rule):
    switch_off(rule, by=None)
    mark_deleted(rule, by=None)


def test_a_held_comment_remembers_the_rule_and_the_place(reader, article, rule):
    reader.write(article, RULE_TEXT)
    comment = Comment.objects.get()
    assert (comment.state, comment.reason) == ("held", "words")
    assert comment.matched_rule == rule
    assert comment.text[comment.matched_start : comment.matched_end] == "バ＊カ"


def test_the_place_is_that_in_the_stored_text(reader, article, rule):
    reader.write(article, "\r\n\u200e一行目  \r\nか\u3099バカ")
    comment = Comment.objects.get()
    assert comment.text[comment.matched_start : comment.matched_end] == "バカ"


def test_an_allowed_word_is_published(reader, article, rule):
    reader.write(article, "火事場の馬鹿力だった。")
    assert Comment.objects.get().is_published


def test_a_refusing_rule_keeps_the_text_and_names_the_wording(reader, article, rule):
    WordRule.objects.update(action="refuse")
    answer = reader.write(article, RULE_TEXT)
    assert answer.status_code == 422
    assert RULE_TEXT in answer.content.decode()
    assert "「バ＊カ」" in answer.content.decode()
    assert not Comment.objects.exists()


def test_a_nudging_rule_asks_once(reader, article, rule):
    WordRule.objects.update(action="nudge")
    assert reader.write(article, RULE_TEXT).status_code == 422
    reader.write(article, RULE_TEXT, confirmed="on")
    assert Comment.objects.get().is_published


def test_a_name_is_checked_too(reader, article, rule):
    reader.write(article, "それな", name="馬鹿野郎")
    comment = Comment.objects.get()
    assert (comment.state, comment.matched_rule) == ("held", rule)
    assert comment.matched_start is None


def test_a_rule_that_is_off_does_nothing(reader, article, rule):
    rule.is_on = False
    rule.save()
    reader.write(article, RULE_TEXT)
    assert Comment.objects.get().is_published


@pytest.mark.parametrize("change", ["create", "update", "delete", "bulk"])
def test_every_change_of_the_rules_counts_at_once(reader, article, rule, change):
    reader.write(article, "はじめに馬鹿")
    if change == "create":
        WordRule.objects.create(text="阿呆", action="refuse")
    elif change == "update":
        WordRule.objects.filter(pk=rule.pk).update(text="阿呆")
    elif change == "delete":
        delete(rule)
    else:
        WordRule.objects.bulk_create([WordRule(text="阿呆")])
    reader.write(article, "つぎは馬鹿" if change == "delete" else "つぎは阿呆")
    states = list(Comment.objects.order_by("pk").values_list("state", flat=True))
    expected = {"create": ["held"], "delete": ["held", "published"]}
    assert states == expected.get(change, ["held", "held"])


def test_an_edit_is_checked_too(reader, article, rule):
    reader.write(article, "穏やかな文")
    comment = Comment.objects.get()
    reader.send(f"/comments/{comment.pk}/edit/", text=RULE_TEXT, before=comment.digest)
    comment.refresh_from_db()
    assert (comment.state, comment.reason, comment.matched_rule) == ("held", "words", rule)
    assert comment.text[comment.matched_start : comment.matched_end] == "バ＊カ"


def test_a_deleted_rule_leaves_its_comments(reader, article, rule):
    reader.write(article, RULE_TEXT)
    delete(rule)
    comment = Comment.objects.get()
    assert comment.matched_rule == rule
    assert comment.is_held


def test_rules_cost_a_post_one_query(reader, article, rule, django_assert_max_num_queries):
    reader.write(article, "暖機")
    with django_assert_max_num_queries(200) as first:
        reader.write(article, "一つ目の穏やかな文")
    WordRule.objects.bulk_create(WordRule(text=f"語{number}の") for number in range(50))
    reader.write(article, "暖機その二")
    with django_assert_max_num_queries(200) as second:
        reader.write(article, "二つ目の穏やかな文")
    assert len(second) == len(first)
    rules = [query["sql"] for query in second if "wordrule" in query["sql"]]
    assert len(rules) == 1
