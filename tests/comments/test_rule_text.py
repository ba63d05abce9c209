"""Word rules as text: what is written comes back, and faults are named with their lines."""

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from comments.models import WordRule
from comments.word_rules.rule_text import RuleLine, RuleTextError, parse_rules, write_rules

WORDS = st.text(alphabet="死ね馬鹿カス abcLINE#(),\\/*○-力", min_size=2, max_size=20).map(str.strip)
NOTES = st.text(alphabet="悪口 abc#()\\,", max_size=20).map(str.strip)
RULES = st.builds(
    RuleLine,
    text=WORDS.filter(lambda word: len(set(word) - set(" #(),\\/*○-")) > 1),
    action=st.sampled_from(["hold", "refuse", "nudge"]),
    allowed=st.lists(WORDS.filter(bool), max_size=3).map(tuple),
    is_on=st.booleans(),
    note=NOTES,
)


@given(st.lists(RULES, max_size=6, unique_by=lambda rule: rule.text))
def test_rules_come_back_from_their_text(rules):
    rules = [rule for rule in rules if not (rule.text[0] == rule.text[-1] == "/")]
    parsed = parse_rules(write_rules(rules))
    assert write_rules(parsed) == write_rules(rules)
    assert [(rule.text, rule.allowed, rule.is_on, rule.note) for rule in parsed] == [
        (rule.text, rule.allowed, rule.is_on, rule.note) for rule in rules
    ]


def test_a_text_is_read_line_by_line():
    text = """# 悪口
    hold 馬鹿 (馬鹿力, 馬鹿正直,
      馬鹿騒ぎ) # よくある
- refuse /line/

Nudge C\\#net # 小文字でも
"""
    assert parse_rules(text.replace("    hold", "hold")) == [
        RuleLine("馬鹿", "word", "hold", ("馬鹿力", "馬鹿正直", "馬鹿騒ぎ"), True, "よくある", 2),
        RuleLine("line", "pattern", "refuse", (), False, "", 4),
        RuleLine("C#net", "word", "nudge", (), True, "小文字でも", 6),
    ]


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("ban 馬鹿", "行の初めが「ban」です。hold、refuse、nudgeのどれかで始めてください。"),
        ("馬鹿", "行の初めが「馬鹿」です。hold、refuse、nudgeのどれかで始めてください。"),
        ("hold", "語句がありません。"),
        ("hold # メモ", "語句がありません。"),
        ("hold ＊＊", "「＊＊」には照合できる文字がありません。"),
        ("hold 、。", "「、。」には照合できる文字がありません。"),
        ("hold あ", "「あ」は一文字なので、ほとんどの投稿に当たります。"),
        ("hold " + "馬" * 101, "語句は100文字までです。"),
        ("hold 馬鹿 # " + "あ" * 201, "メモは200文字までです。"),
        (
            "hold 馬鹿 馬鹿力)",
            "除外する語は語句の後のかっこに入れてください。例：hold 語句 (除外一, 除外二)",
        ),
        (
            "hold /fax/",
            "「fax」という型はありません。"
            "使えるのは line, messenger, handle, mail, phone, money です。",
        ),
    ],
)
def test_a_fault_is_named_with_its_line(line, sentence):
    with pytest.raises(RuleTextError) as caught:
        parse_rules(f"hold 阿呆\n\n{line}\nhold 阿呆\n")
    assert caught.value.faults == [(3, sentence), (4, "「阿呆」の規則は1行目にもあります。")]


@pytest.mark.django_db
def test_the_command_imports_and_exports(tmp_path, capsys):
    source = tmp_path / "rules.txt"
    source.write_text("hold 馬鹿 (馬鹿力) # 悪口\n- refuse /money/\n")
    call_command("word_rules", "--import", str(source), "--as-written")
    assert "2 rules added, 0 changed." in capsys.readouterr().out
    call_command("word_rules", "--export", "-")
    assert capsys.readouterr().out == source.read_text()
    source.write_text("hold 馬鹿 (馬鹿力) # 悪口\nrefuse /money/\n")
    call_command("word_rules", "--import", str(source))
    assert "0 rules added, 0 changed." in capsys.readouterr().out
    assert [rule.is_on for rule in WordRule.objects.all()] == [True, False], "switched on untried"


@pytest.mark.django_db
def test_the_command_names_faults_and_saves_nothing(tmp_path):
    source = tmp_path / "rules.txt"
    source.write_text("hold 馬鹿\nhold あ\n")
    with pytest.raises(CommandError, match="rules.txt:2: 「あ」"):
        call_command("word_rules", "--import", str(source))
    assert not WordRule.objects.exists()
