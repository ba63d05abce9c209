"""The moderators' page of the word rules: hits first, then on; precision afterwards."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from comments.models import Comment, ModerationAction, WordRule
from comments.models.rule_change import save_lines
from comments.word_rules.rule_text import parse_rules
from tests import factories
from tests.moderating import undo

pytestmark = pytest.mark.once

WORDS = "/moderation/words/"


@pytest.fixture
def rule(db):
    return WordRule.objects.create(text="馬鹿", allowed="馬鹿力")


def content(answer):
    return answer.content.decode()


@pytest.mark.parametrize("path", ["", "add/", "text/", "export.txt", "1/"])
def test_the_pages_are_for_moderators(client, moderator, rule, path):
    path = WORDS + path.replace("1/", f"{rule.pk}/")
    assert client.get(path).status_code == 302
    answer = moderator.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    client.force_login(factories.user("writer"))
    assert client.get(path).status_code == 403


def fill(moderator, rule, **fields):
    """Open the form of a rule and return its fields as they are sent."""
    seen = moderator.get(f"{WORDS}{rule.pk}/").context["seen"]
    return {"text": rule.text, "action": "hold", "seen": seen, **fields}


def test_a_rule_is_added_after_its_hits_were_shown(moderator, article):
    factories.comment(article, text="この馬鹿力はすごい")
    factories.comment(article, text="前置き。お前は馬 鹿だ。")
    old = factories.comment(article, text="昔の馬鹿")
    Comment.objects.filter(pk=old.pk).update(posted_at=timezone.now() - timedelta(days=91))
    fields = {"text": "馬鹿", "action": "hold", "allowed": "馬鹿力"}
    shown = moderator.post(f"{WORDS}add/", fields | {"step": "on"})
    assert not WordRule.objects.exists(), "switched on unseen"
    assert '>前置き。お前は<mark class="trial__match">馬 鹿</mark>だ。</p>' in content(shown)
    assert "2件中1件" in content(shown).replace("\n", "")
    assert "昔の馬鹿" not in content(shown)
    tried = shown.context["form"].digest
    moderator.post(f"{WORDS}add/", fields | {"step": "on", "tried": tried})
    rule = WordRule.objects.get()
    assert (rule.is_on, rule.allowed, rule.created_by) == (True, "馬鹿力", moderator.user)


def test_a_changed_rule_is_tried_again(moderator, rule):
    WordRule.objects.update(is_on=False)
    fields = fill(moderator, rule, allowed="馬鹿力", step="try")
    tried = moderator.post(f"{WORDS}{rule.pk}/", fields).context["form"].digest
    fields |= {"allowed": "", "step": "on", "tried": tried}
    moderator.post(f"{WORDS}{rule.pk}/", fields)
    rule.refresh_from_db()
    assert (rule.allowed, rule.is_on) == ("馬鹿力", False)


def test_a_rule_keeps_its_word(moderator, rule):
    fields = fill(moderator, rule, text="阿呆", action="nudge", step="off")
    moderator.post(f"{WORDS}{rule.pk}/", fields)
    rule = WordRule.objects.get()
    assert (rule.text, rule.action, rule.is_on) == ("馬鹿", "nudge", False)


def test_a_rule_is_switched_off_and_deleted(moderator, rule):
    assert moderator.post(f"{WORDS}{rule.pk}/delete/").status_code == 409
    assert WordRule.objects.listed().exists()
    moderator.post(f"{WORDS}{rule.pk}/off/")
    rule.refresh_from_db()
    assert not rule.is_on
    moderator.post(f"{WORDS}{rule.pk}/delete/")
    assert not WordRule.objects.listed().exists()
    assert moderator.get(f"{WORDS}{rule.pk}/").status_code == 404
    assert "馬鹿" not in content(moderator.get(WORDS)) + content(
        moderator.get(f"{WORDS}export.txt")
    )


def test_a_rule_that_a_colleague_changed_is_shown_again(moderator, rule):
    colleague = factories.user("三澄")
    fields = fill(moderator, rule, note="私の", step="try")
    shown = moderator.post(f"{WORDS}{rule.pk}/", fields)
    save_lines(parse_rules("hold 馬鹿 (馬鹿力, 馬鹿騒ぎ)"), by=colleague)
    fields |= {"step": "on", "tried": shown.context["form"].digest, "seen": shown.context["seen"]}
    refused = moderator.post(f"{WORDS}{rule.pk}/", fields)
    assert refused.status_code == 409
    assert "三澄" in content(refused) and 'value="私の"' in content(refused)
    rule.refresh_from_db()
    assert rule.allowed_words == ["馬鹿力", "馬鹿騒ぎ"] and rule.is_on
    fields["seen"] = refused.context["seen"]
    assert moderator.post(f"{WORDS}{rule.pk}/", fields).status_code == 303
    rule.refresh_from_db()
    assert rule.note == "私の"


def test_every_change_is_in_the_ledger_and_is_undone_in_any_order(moderator, rule):
    before = snap()
    add = {"text": "阿呆", "action": "hold", "step": "off"}
    moderator.post(f"{WORDS}add/", add)
    same = fill(moderator, rule, action="nudge", step="off")
    moderator.post(f"{WORDS}{rule.pk}/", same)
    moderator.post(f"{WORDS}{rule.pk}/delete/")
    moderator.post(f"{WORDS}add/", {"text": "馬鹿", "action": "refuse", "step": "off"})
    text = "hold 馬鹿\nhold 間抜け # 輸入\n"
    tried = moderator.post(f"{WORDS}text/", {"rules": text, "step": "try"}).context["form"].digest
    moderator.post(f"{WORDS}text/", {"rules": text, "step": "save", "tried": tried})
    moderator.post(f"{WORDS}{rule.pk}/off/")
    moderator.post(f"{WORDS}{rule.pk}/off/")  # is off already
    acts = list(ModerationAction.objects.order_by("pk"))
    assert {(act.verb, act.moderator) for act in acts} == {("rules", moderator.user)}
    changes = [[str(change) for change in act.rule_changes.all()] for act in acts]
    assert changes == [
        ["追加: - hold 阿呆"],
        ["停止: - nudge 馬鹿"],
        ["削除: - nudge 馬鹿"],
        ["追加: - refuse 馬鹿"],
        ["有効化: hold 馬鹿", "追加: hold 間抜け # 輸入"],
        ["停止: - hold 馬鹿"],
    ]
    page = content(moderator.get("/moderation/log/?kind=people"))
    assert "有効化: hold 馬鹿 （2件）" in page
    assert "追加: hold 間抜け # 輸入" in content(
        moderator.get(f"/moderation/actions/{acts[4].pk}/")
    )
    assert undo(moderator, acts[4])["Location"].endswith(WORDS)
    assert not WordRule.objects.listed().filter(text="間抜け").exists()
    for act in (acts[0], acts[5], acts[2], acts[3], acts[1]):
        undo(moderator, act)
    assert snap() == before


def snap():
    fields = [field.attname for field in WordRule._meta.concrete_fields]
    return list(WordRule.objects.listed().values_list(*fields))


def test_the_hits_of_an_import_are_seen_before_it_is_saved(moderator, article):
    factories.comment(article, text="お前は阿呆だ")
    fields = {"rules": "hold 阿呆", "step": "save"}
    shown = moderator.post(f"{WORDS}text/", fields)
    assert '<mark class="trial__match">阿呆</mark>' in content(shown)
    assert not WordRule.objects.exists(), "saved unseen"
    tried = shown.context["form"].digest
    moderator.post(f"{WORDS}text/", fields | {"rules": "hold 間抜け", "tried": tried})
    assert not WordRule.objects.exists(), "another text was saved"
    moderator.post(f"{WORDS}text/", fields | {"tried": tried})
    assert WordRule.objects.on().get().text == "阿呆"


def test_looking_changes_nothing(moderator, rule):
    for path in (f"{WORDS}{rule.pk}/off/", f"{WORDS}{rule.pk}/delete/"):
        assert moderator.get(path).status_code == 405
    moderator.get(f"{WORDS}{rule.pk}/")
    rule.refresh_from_db()
    assert rule.is_on


@pytest.mark.parametrize(
    ("text", "sentence"),
    [("", "語句がありません。"), ("あ", "一文字"), ("/fax/", "型はありません"), ("馬鹿", "すでに")],
)
def test_an_unfit_rule_is_refused_with_a_sentence(moderator, rule, text, sentence):
    fields = {"text": text, "action": "hold", "step": "off"}
    answer = moderator.post(f"{WORDS}add/", fields)
    assert answer.status_code == 422
    assert sentence in content(answer)
    assert WordRule.objects.count() == 1


def test_the_precision_counts_decided_comments_only(moderator, article, rule):
    def held(**fields):
        match = {"matched_rule_id": rule.pk, "matched_start": 0, "matched_end": 2}
        return factories.comment(article, state="held", match=match, **fields)

    for _ in range(3):
        held().remove(by=moderator.user, reason="abuse")
    held().approve(by=moderator.user)
    held()
    withdrawn = held()
    Comment.objects.filter(pk=withdrawn.pk).update(state="removed", reason="writer")
    answered = WordRule.objects.with_outcomes().get()
    assert (answered.upheld, answered.released, answered.waiting) == (3, 1, 1)
    assert answered.precision == 75
    assert "的中 75%" in content(moderator.get(WORDS))


def test_the_list_costs_the_same_for_many_rules(moderator, django_assert_max_num_queries):
    WordRule.objects.create(text="一つ目の語")
    with django_assert_max_num_queries(40) as few:
        moderator.get(WORDS)
    WordRule.objects.bulk_create(WordRule(text=f"語句{number}番") for number in range(200))
    with django_assert_max_num_queries(40) as many:
        page = moderator.get(f"{WORDS}?q=語句")
    assert len(many) == len(few)
    assert page.context["page"].paginator.count == 200


def test_rules_are_imported_after_their_hits_and_exported(moderator, article, rule):
    factories.comment(article, text="お前は阿呆だ")
    text = "hold 阿呆\n- nudge 馬鹿 (馬鹿力)\n"
    shown = moderator.post(f"{WORDS}text/", {"rules": text, "step": "try"})
    assert '<mark class="trial__match">阿呆</mark>' in content(shown)
    assert WordRule.objects.count() == 1
    tried = shown.context["form"].digest
    moderator.post(f"{WORDS}text/", {"rules": text, "step": "save", "tried": tried})
    exported = content(moderator.get(f"{WORDS}export.txt"))
    assert sorted(exported.splitlines()) == sorted(text.splitlines())
    assert len(parse_rules(exported)) == 2


def test_a_faulty_text_is_refused_with_its_lines(moderator):
    answer = moderator.post(f"{WORDS}text/", {"rules": "hold 阿呆\nhold あ", "step": "save"})
    assert answer.status_code == 422
    assert "2行目：「あ」は一文字なので" in content(answer)
    assert not WordRule.objects.exists()


def test_the_command_shows_the_hits_of_rules_that_are_off(article, rule, capsys):
    WordRule.objects.update(is_on=False)
    comment = factories.comment(article, text="お前は\n馬＊鹿だ")
    call_command("word_rules", "--dry-run")
    out = capsys.readouterr().out
    assert f"{comment.pk}: お前は [馬＊鹿]だ" in out
    assert "1 of 1 comments of 90 days." in out


@pytest.mark.once
@pytest.mark.django_db
def test_the_list_reads_the_index_of_the_rules_and_not_all_comments():
    plan = WordRule.objects.with_outcomes()[:50].explain()
    assert plan.count("comment_matched_rule") == 3
    assert "AUTOMATIC" not in plan and "SCAN comments_comment" not in plan
