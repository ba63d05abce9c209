"""The Markdown of comments as text."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsroom.comment_systems.markdown import LONGEST, convert_markdown

pytestmark = pytest.mark.once

TEXTS = {
    "一\n二\n\n三": "一\n二\n\n三",
    "**強い**と*斜め*と _下線_ と~~消し~~": "強いと斜めと 下線 と消し",
    "***a*** と **b *c* d**": "a と b c d",
    "snake_case_name 2 * 3 * 4": "snake_case_name 2 * 3 * 4",
    "[これ](https://a.example/x_y_z)だ": "これ ( https://a.example/x_y_z )だ",
    '[これ](https://a.example/x "題")': "これ ( https://a.example/x )",
    "[w](https://en.example/a_(b))": "w ( https://en.example/a_(b) )",
    "[これ][1]と[2]\n\n[1]: https://a.example/1\n[2]: <https://a.example/2> '題'": (
        "これ ( https://a.example/1 )と2 ( https://a.example/2 )"
    ),
    "[1] は注": "[1] は注",
    "![山](https://a.example/b.jpg)": "https://a.example/b.jpg",
    "[![山](https://a.example/b.jpg)](https://a.example/c)": (
        "https://a.example/b.jpg ( https://a.example/c )"
    ),
    "<https://a.example/a_b_c> https://a.example/*a*": (
        "https://a.example/a_b_c https://a.example/*a*"
    ),
    "> 引用\n> 二行\n\n返事 >>3": "> 引用\n> 二行\n\n返事 >>3",
    "# 見出し\n本文": "見出し\n本文",
    "- 一\n- 二\n\n1. 三\n2. 四": "- 一\n- 二\n\n1. 三\n2. 四",
    "`a*b*c` と ``d`e``": "a*b*c と d`e",
    "```python\nif a < b:\n    **c** = [d](e)\n```\n終": ("if a < b:\n    **c** = [d](e)\n\n終"),
    "前\n\n    x = *a* & b\n    y\n\n後": "前\n\n    x = *a* & b\n    y\n\n後",
    r"\*そのまま\* 1 < 2 &amp; 3": "*そのまま* 1 < 2 & 3",
    "一  \n二\\\n三": "一  \n二\n三",
    "<b>太</b><br>次<script>alert(1)</script>": "太\n次",
    "[x](javascript:alert)": "x",
    "🐈‍⬛ :smile:": "🐈‍⬛ :smile:",
    "~~~\n閉じない": "閉じない",
}


def test_markdown_becomes_text():
    assert {source: convert_markdown(source) for source in TEXTS} == TEXTS


@given(st.text(alphabet=st.sampled_from("<>()[]!*_`~\\#&; \nab:/1\ue000"), max_size=60))
def test_nothing_breaks_it(text):
    assert "\ue000" not in convert_markdown(text)


HOSTILE = ("[", "`", "``` ", "*a", "_a ", "![](", "<", "[a](b", "\\", "~~a", "[a]:", "https://a")


def measure(text):
    start = time.process_time()
    convert_markdown(text)
    return time.process_time() - start


def test_a_hostile_text_takes_time_in_proportion():
    for piece in HOSTILE:
        short, long = (piece * 10_000)[:1_000], (piece * 10_000)[:10_000]
        assert measure(long) < 40 * max(measure(short), 0.002), piece
    assert convert_markdown("*" * (LONGEST + 1)) == "*" * (LONGEST + 1)
