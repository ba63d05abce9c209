"""How text is set: scripts that any browser's driver runs in a page, and texts to look at."""

import io
import re

from pypdf import PdfReader

# Of each line of some blocks but the last of a paragraph: how full it is, from 0 to 1.
MEASURE_LINES = """
const [selector] = arguments;
const shares = [];
for (const block of document.querySelectorAll(selector)) {
  const range = document.createRange();
  range.selectNodeContents(block);
  const lines = new Map();
  for (const { left, right, top, bottom } of range.getClientRects()) {
    const key = Math.round((top + bottom) / 2 / 8);
    const [from, to] = lines.get(key) ?? [left, right];
    lines.set(key, [Math.min(from, left), Math.max(to, right)]);
  }
  const { width } = block.getBoundingClientRect();
  const full = [...lines.values()].slice(0, -1);
  shares.push(...full.map(([from, to]) => Math.min(1, (to - from) / width)));
}
return shares;
"""

# What a media query of print hides, asked of its own rules: not all drivers print.
FIND_PRINTED_ICONS = """
const hidden = [];
const read = (rules, isPrint) => {
  for (const rule of rules) {
    const prints = isPrint || (rule.media && rule.media.mediaText === "print");
    if (prints && rule.style && rule.style.display === "none") hidden.push(rule.selectorText);
    if (rule.styleSheet) read(rule.styleSheet.cssRules, prints);
    if (rule.cssRules) read(rule.cssRules, prints);
  }
};
for (const sheet of document.styleSheets) read(sheet.cssRules, false);
const isPrinted = (part) => !hidden.some((selector) => part.closest(selector));
const parts = document.querySelectorAll(".header :is(svg, button, input, nav a), .thumb");
return [hidden.length, [...parts].filter(isPrinted).map((part) => part.outerHTML)];
"""

SENTENCES = (
    "港の入り口では、夜明け前から船の灯りが三つ、波の間に見えたり隠れたりしていた。",
    "「きょうは風が変わる」と、桟橋にいた漁師の一人が言った。",
    "市の記録によると、この四十年で岸壁の高さは二十七センチ下がり、満潮の朝には水が道へ上がる。",
    "それでも町の人々は、ここから沖へ出て、ここへ帰ってくることをやめなかった。",
    "工事の費用は十二億円で、そのうち三割を県が、残りを国と市が分けて負担する。",
)
HEADINGS = 24


def write_body(paragraphs=6):
    """Return paragraphs of which each has many lines, of sentences in another order."""
    turned = [SENTENCES[at:] + SENTENCES[:at] for at in range(len(SENTENCES))]
    return "".join(f"<p>{''.join(turned[at % 5])}</p>" for at in range(paragraphs))


def write_chapters():
    """Return a body of many short chapters, so that some heading comes near the foot of a page."""
    chapters = (
        f"<h2>Chapter {number}</h2><p>{''.join(SENTENCES[: 1 + number % 5])}</p>"
        for number in range(1, HEADINGS + 1)
    )
    return "".join(chapters)


def expect_full_lines(shares):
    """A line is shorter than the measure by what its characters forbid at its ends alone."""
    assert len(shares) > 20
    assert sum(shares) / len(shares) >= 0.92, shares
    assert min(shares) >= 0.85, sorted(shares)[:5]


def expect_no_heading_alone(pdf):
    """No page of a printed article ends with a heading."""
    pages = [page.extract_text().strip() for page in PdfReader(io.BytesIO(pdf)).pages]
    assert len(pages) > 2
    assert sum(page.count("Chapter") for page in pages) == HEADINGS
    assert not [page[-30:] for page in pages if re.search(r"Chapter \d+$", page)]
