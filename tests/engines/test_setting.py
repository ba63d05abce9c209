"""How the other engines set text: full lines, fields, forms in sight, and paper."""

import pytest

from tests import factories
from tests.engines.engines import FirefoxPage
from tests.engines.test_taking_part import press_in
from tests.setting import (
    FIND_PRINTED_ICONS,
    MEASURE_LINES,
    SENTENCES,
    expect_full_lines,
    expect_no_heading_alone,
    write_body,
    write_chapters,
)

pytestmark = pytest.mark.parametrize("window", ["firefox", "webkit"], indirect=True)

# The lower edge of what is in sight, and of the form with its button.
READ_EDGES = """
const form = document.querySelector("li > form.form");
const edge = (part) => part.getBoundingClientRect();
const button = edge(form.querySelector(".button--primary"));
return [edge(form).top, button.bottom, edge(form).bottom, innerHeight];
"""
# Whatever the platform draws has a border, a ground and a size of its own.
READ_FIELDS = """
return [...document.querySelectorAll("main .field")].map((field) => {
  const style = getComputedStyle(field);
  return [
    style.borderTopWidth, style.borderTopColor, style.borderTopLeftRadius,
    style.backgroundColor, style.color, style.fontSize, style.appearance === "none" ||
      field.matches("input"), Math.round(field.getBoundingClientRect().height) >= 44,
  ].join();
});
"""


def test_lines_of_articles_and_comments_are_full(reader, article):
    article.body = write_body()
    article.save()
    factories.comment(article, text="".join(SENTENCES * 2))
    reader.visit(article.get_absolute_url())
    reader.run("document.getElementById('comments').scrollIntoView()")  # set when it is near
    reader.wait_for_text(SENTENCES[0], ".comment__body")
    expect_full_lines(reader.run(MEASURE_LINES, ".prose > p, .comment__body > p"))


def test_a_form_that_opens_at_the_lower_edge_is_in_sight_whole(reader, article):
    comments = [factories.comment(article, text=f"灯台の光が好きです。{n}") for n in range(9)]
    reader.visit(article.get_absolute_url())
    reader.wait_for_text("灯台の光", ".comment__body")
    press_in(reader, comments[0], ".comment__body")  # the scripts are there after a first move
    reader.wait("return document.querySelector('.menu__button')")
    link = f"#comment-{comments[5].pk} .comment__reply"
    reader.run("document.querySelector(arguments[0]).scrollIntoView({ block: 'end' })", link)
    reader.run("document.querySelector(arguments[0]).click()", link)
    reader.wait("return document.activeElement.matches('li > form textarea')")
    top, button, bottom, height = reader.run(READ_EDGES)
    assert top >= 0 and button <= bottom <= height + 1


def test_selects_look_like_fields(reader, article):
    reader.visit("/search/")
    looks = reader.run(READ_FIELDS)
    assert len(looks) == 4
    assert len(set(looks)) == 1, looks
    assert looks[0].endswith("true,true")


def expect_one_search(reader, words, steps):
    reader.wait("return new URLSearchParams(location.search).get('q') === arguments[0]", words)
    reader.wait_for_text("百年の明かり", ".row__title")
    assert reader.run("return history.length") == steps + 1


def test_enter_does_what_the_reader_means_though_suggestions_are_open(reader, article):
    article.index()
    ways = [(["Enter"], "灯台")]
    if not isinstance(reader, FirefoxPage):  # its list takes no keys of a driver
        ways.append((["ArrowDown", "Enter", "Enter"], "港の灯台、百年の明かり"))
    for keys, words in ways:
        reader.visit("/feeds/")
        reader.visit("/search/")
        steps = reader.run("return history.length")
        reader.type("main [name=q]", "灯台")
        reader.wait("return document.querySelectorAll('datalist option').length")
        for key in keys[:-1]:
            reader.press(key)
        reader.wait("return document.querySelector('main [name=q]').value === arguments[0]", words)
        reader.press(keys[-1])
        expect_one_search(reader, words, steps)


def test_no_icon_goes_on_paper_and_headings_stay_with_their_text(reader, article):
    article.body = write_chapters()
    article.save()
    reader.visit(article.get_absolute_url())
    count, icons = reader.run(FIND_PRINTED_ICONS)
    assert count and icons == []
    if isinstance(reader, FirefoxPage):  # the driver of WebKit does not print
        expect_no_heading_alone(reader.print())
