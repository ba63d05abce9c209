"""The parts of a thread's HTML, which Jinja2 renders."""

import pytest
from django.template import TemplateDoesNotExist, engines
from django.template.loader import render_to_string
from django.test import override_settings
from django.utils import timezone, translation

from comments.models import Comment
from comments.nodes import Node
from comments.parts import render_part

pytestmark = pytest.mark.once

HOSTILE = "\"'><script>alert(1)</script>&amp;{{ 7 * 7 }}%(level)s"
ESCAPED = "&#34;&#39;&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;{{ 7 * 7 }}%(level)s"


def make_comment(**fields):
    defaults = {"pk": 7, "number": 3, "level": 0, "html": "<p>本文</p>", "state": "published"}
    return Comment(**defaults | {"posted_at": timezone.now()} | fields)


def show(comment, **fields):
    return render_part("comment", comment, Node(comment, **fields), is_open=True)


@pytest.mark.parametrize("field", ["name", "tripcode", "reader_code"])
def test_what_readers_choose_is_escaped(field):
    html = show(make_comment(**{field: HOSTILE}), notices=[HOSTILE])
    assert html.count(ESCAPED) == 2
    assert "<script" not in html


def test_django_templates_show_a_part_once_escaped():
    comment = make_comment(name="<b>&")
    html = render_to_string("comments/_quoted.html", {"comment": comment})
    assert ">&lt;b&gt;&amp;</bdi>" in html
    refused = render_to_string("comments/_score.html", {"comment": comment, "refusal": "<b>&"})
    assert 'role="alert">&lt;b&gt;&amp;</p>' in refused


def test_a_part_speaks_the_language_of_its_reader():
    comment = make_comment(level=1)
    shown = []
    for language in ("ja", "en", "ja"):
        with translation.override(language):
            shown.append(show(comment, parent=make_comment(pk=6, number=2)))
    assert "匿名" in shown[0]
    assert "Anonymous" in shown[1]
    assert 'aria-label="Level 2, reply to >>2"' in shown[1]
    assert shown[0] == shown[2]


def test_the_setting_of_down_votes_holds_at_once():
    for allowed in (True, False, True):
        with override_settings(COMMENT_DOWN_VOTES=allowed):
            assert ("--down" in render_part("score", make_comment())) is allowed


@pytest.mark.parametrize(
    ("vote", "pressed", "values"),
    [
        (None, [], ["-1", "1"]),
        ("", [], ["-1", "1"]),
        (0, ["false", "false"], ["-1", "1"]),
        (1, ["false", "true"], ["-1", "0"]),
        (-1, ["true", "false"], ["0", "1"]),
    ],
)
@override_settings(COMMENT_DOWN_VOTES=True)
def test_buttons_say_the_readers_vote(vote, pressed, values):
    html = render_part("score", make_comment(), vote=vote)
    assert [part.split('"')[1] for part in html.split("aria-pressed=")[1:]] == pressed
    assert [part.split('"')[1] for part in html.split("\nvalue=")[1:]] == values


def test_each_engine_finds_its_own_templates_only():
    jinja, django = engines["jinja2"], engines["django"]
    assert jinja.get_template("comments/_parts.jinja")
    assert django.get_template("comments/_form.html")
    for engine, name in ((jinja, "comments/_form.html"), (django, "comments/_parts.jinja")):
        with pytest.raises(TemplateDoesNotExist):
            engine.get_template(name)
