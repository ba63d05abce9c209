"""Formulas in MathML: what a body keeps of them, and that nothing gets in with them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from articles.body.formulas import ATTRIBUTES, ELEMENTS, TEXTS
from articles.body.losses import find_losses
from articles.body.stored import render_body, sanitize_body
from articles.comparison.units import read_units
from articles.search.texts import extract_text
from articles.web.html import make_links_absolute, parse_html

pytestmark = [pytest.mark.once, pytest.mark.django_db]

FORMULA = (
    '<math display="block"><semantics><mrow><mi mathvariant="normal">E</mi><mo stretchy="false">='
    "</mo><mi>m</mi><msup><mi>c</mi><mn>2</mn></msup></mrow>"
    '<annotation encoding="application/x-tex">E=mc^2</annotation></semantics></math>'
)
X = "<mi>x</mi>"
XML = '<annotation-xml encoding="text/html"><b>y</b></annotation-xml>'


def test_a_formula_is_kept_to_the_letter_everywhere():
    body = f"<p>式は{FORMULA}である。</p>"
    assert sanitize_body(body) == body
    assert render_body(body) == body
    assert make_links_absolute(body, "https://a.example/") == body
    assert not find_losses(body)
    assert extract_text(body) == "式はE=mc2である。"
    [unit] = read_units(body)
    assert unit.text == "式はE=mc^2である。"
    assert unit.content != read_units(body.replace("mc^2", "mc^3"))[0].content


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("<math></math>文", "文"),
        ("<math>x</math>", "<math><mtext>x</mtext></math>"),
        ("<math><mi>x<math><mn>1</mn></math></mi></math>", "<math><mi>x1</mi></math>"),
        ("<math><mi><b>x</b><img src=a onerror=b></mi></math>", "<math><mi>x</mi></math>"),
        ("<math><mi onclick=a style=b href=c id=d>x</mi></math>", "<math><mi>x</mi></math>"),
        (
            '<math><mi>x</mi><mspace width="999px" depth="-1.5em"></mspace></math>',
            '<math><mi>x</mi><mspace depth="-1.5em"></mspace></math>',
        ),
        (f"<math>{X}{XML}</math>", f"<math>{X}</math>"),
        (f'<math><maction href="javascript:a">{X}</maction></math>', f"<math>{X}</math>"),
        ("<math><ms>&lt;img src=x&gt;</ms></math>", "<math><ms>&lt;img src=x&gt;</ms></math>"),
    ],
)
def test_of_other_formulas_the_text_remains(before, after):
    assert sanitize_body(f"<p>{before}</p>") == f"<p>{after}</p>"


PIECES = st.sampled_from(
    [
        *("<math>", "</math>", "<mi>", "</mi>", "<mtext>", "</mtext>", "<mrow>", "<annotation>"),
        *('<annotation-xml encoding="text/html">', "</annotation-xml>", "<mglyph>", "<malignmark>"),
        *("<table>", "<td>", "</table>", "<p>", "</p>", "<svg>", "<foreignObject>", "<desc>"),
        *("<style>", "</style>", "<!--", "-->", "<![CDATA[", "]]>", "<title>", "<xmp>"),
        *("<img src=x onerror=alert(1)>", '<a href="javascript:alert(1)">', "</a>", "文", "&lt;"),
        *('<mi title="--&gt;&lt;img src=x onerror=alert(1)&gt;">', "<mspace/>", "<none>"),
        *("<noscript>", "<math/>"),
    ]
)


@given(st.lists(PIECES, max_size=25).map("".join))
def test_no_mixture_of_parsers_lets_anything_in(html):
    body = sanitize_body(html)
    assert sanitize_body(body) == body
    assert "<!--" not in body
    for element in parse_html(body).iter():
        assert not {"onerror", "href", "src"} & set(element.keys())
        is_inside = next(element.iterancestors("math"), None) is not None
        assert is_inside == (element.tag in ELEMENTS - {"math"})
        if element.tag in ELEMENTS:
            assert ATTRIBUTES.issuperset(element.keys())
        if element.tag in TEXTS:
            assert not len(element), lxml_html.tostring(element)
