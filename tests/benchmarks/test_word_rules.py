"""5,000 word rules against comments of 500 characters, beside a loop of plain Python."""

import random
import sys
from statistics import median
from time import process_time

import pytest

from comments.word_rules import Matcher, Rule
from comments.word_rules.rule_text import STARTER, parse_rules
from tests.comments.test_word_matching import corpus

RULES, COMMENTS, LENGTH, ROUNDS = 5_000, 60, 500, 5
STEPS = 35_000  # of the loop: a millisecond, if nothing else runs on the machine
MOST = 1.5  # below 1 if nothing else runs; others on the machine slow the rules more than the loop
KANA = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワン"


def build_rules(chance):
    """Return the starter rules and random words of two to six letters, half of them kanji."""
    rules = [
        Rule(rule.text, rule.kind, rule.action, rule.allowed)
        for rule in parse_rules(STARTER.read_text())
    ]
    letters = KANA, [chr(code) for code in range(0x4E00, 0x5800)]
    while len(rules) < RULES:
        size = chance.randint(2, 6)
        rules.append(Rule("".join(chance.choice(chance.choice(letters)) for _ in range(size))))
    return rules


def build_comments(chance):
    """Return comments of innocent sentences, each with one evasion."""
    innocent, evasions = corpus("innocent.txt"), corpus("evasions.txt")
    comments = []
    for _ in range(COMMENTS):
        text = chance.choice(evasions) + "\n"
        while len(text) < LENGTH:
            text += chance.choice(innocent)
        comments.append(text[:LENGTH])
    return comments


def time_call(function, *arguments):
    start = process_time()
    function(*arguments)
    return (process_time() - start) * 1_000


def loop():
    total = 0
    for number in range(STEPS):
        total += number
    return total


@pytest.mark.slow
def test_five_thousand_rules_cost_less_than_a_millisecond_of_python():
    chance = random.Random(12)
    rules = build_rules(chance)
    started = process_time()
    matcher = Matcher(rules)
    compiled = process_time() - started
    comments = build_comments(chance)
    assert sum(bool(matcher.find(text)) for text in comments) > 0.9 * COMMENTS
    matching, yardstick = [], []
    for text in comments:  # both take turns, so that a busy machine meets them alike
        matching.append(min(time_call(matcher.find, text) for _ in range(ROUNDS)))
        yardstick.append(min(time_call(loop) for _ in range(ROUNDS)))
    ratio = median(matching) / median(yardstick)
    sys.stdout.write(
        f"\n{RULES} rules: {median(matching):.2f} ms a comment, loop {median(yardstick):.2f} ms, "
        f"ratio {ratio:.2f}, compiled in {compiled:.1f} s"
    )
    assert ratio < MOST
