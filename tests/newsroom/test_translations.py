"""Every visible text exists in Japanese and English."""

import gettext
import re
from collections import Counter

import pytest
from django.conf import settings
from django.urls import reverse
from django.utils import translation

from tests import factories
from tests.newsroom.catalogue import (
    Text,
    entries_of,
    texts_of_jinja,
    texts_of_python,
    texts_of_template,
)
from tests.reading import parts, read

pytestmark = pytest.mark.once

FOLDER = settings.BASE_DIR / "newsroom" / "locale" / "ja" / "LC_MESSAGES"
APPS = ("newsroom", "comments", "articles")
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[sd]|%\(\w+\)0?\d*[dXs]")
TAG = re.compile(r"<(/?\w+)")


@pytest.fixture(scope="module")
def entries():
    return entries_of((FOLDER / "django.po").read_text())


@pytest.fixture(scope="module")
def used():
    """The texts that the code and the templates mark, each with a file that does."""
    found = {}
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            for text in texts_of_python(path.read_text()):
                found[text.context, text.singular] = text, path.name
    for folder in ("templates", *APPS):
        for suffix in ("html", "txt", "xml"):
            for path in (settings.BASE_DIR / folder).rglob(f"*.{suffix}"):
                for text in texts_of_template(path.read_text()):
                    found[text.context, text.singular] = text, path.name
    for path in (settings.BASE_DIR / "templates").rglob("*.jinja"):
        for text in texts_of_jinja(path.read_text()):
            found[text.context, text.singular] = text, path.name
    return found


def test_every_text_has_japanese(used, entries):
    translated = {
        (entry.text.context, entry.text.singular) for entry in entries if all(entry.translations)
    }
    missing = {
        f"{name}: {text.singular}" for key, (text, name) in used.items() if key not in translated
    }
    assert missing == set()


def test_no_translation_is_unused(used, entries):
    standing = {(entry.text.context, entry.text.singular) for entry in entries}
    assert standing - set(used) == set()


def test_no_translation_is_a_guess(entries):
    assert [entry.text.singular for entry in entries if entry.is_fuzzy] == []


def test_no_text_is_translated_twice(entries):
    counted = Counter(entry.text.key for entry in entries)
    assert [key for key, count in counted.items() if count > 1] == []


def test_translations_keep_placeholders_and_tags(entries):
    wrong = []
    for entry in entries:
        said = entry.text.plural or entry.text.singular
        for pattern in (PLACEHOLDER, TAG):
            expected = Counter(match[0] for match in pattern.finditer(said))
            wrong += [
                translated
                for translated in entry.translations
                if Counter(match[0] for match in pattern.finditer(translated)) != expected
            ]
    assert wrong == []


def test_the_compiled_catalogue_is_up_to_date(entries):
    with (FOLDER / "django.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)._catalog
    expected = {}
    for entry in filter(lambda entry: all(entry.translations), entries):
        if entry.text.plural is None:
            expected[entry.text.key] = entry.translations[0]
        else:
            for index, translated in enumerate(entry.translations):
                expected[entry.text.key, index] = translated
    compiled.pop("")
    assert compiled == expected


def test_japanese_has_one_form_for_all_numbers(entries):
    assert {len(entry.translations) for entry in entries} == {1}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("code", "expected"), [("ja", "ページが見つかりません"), ("en", "Page not found")]
)
def test_the_site_speaks_its_language(client, settings, code, expected):
    settings.LANGUAGE_CODE = code
    translation.activate(code)
    page = client.get("/no-such-place/", headers={"accept-language": "en, ja"}).content.decode()
    assert expected in page
    assert f'<html lang="{code}"' in page


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "expected"), [("ja", None), ("en", "ja")])
def test_a_japanese_text_says_so_on_an_english_page(client, settings, code, expected):
    settings.LANGUAGE_CODE = code
    translation.activate(code)
    factories.article(title="海底ケーブルの修理船", slug="ship", body="<p>二隻目。</p>")
    factories.article(title="A harbour votes", slug="harbour")
    page = read(client, "/articles/ship/")
    for name in ("article__title", "article__body"):
        (element,) = parts(page, name)
        assert element.xpath("descendant-or-self::*/@lang") == [expected] * bool(expected)
    (title,) = parts(read(client, "/articles/harbour/"), "article__title")
    assert title.xpath("descendant-or-self::*/@lang") == []


@pytest.mark.django_db
@pytest.mark.parametrize(("code", "expected"), [("ja", "ログイン"), ("en", "Log in")])
def test_the_admin_speaks_its_users_language(client, code, expected):
    page = client.get(reverse("admin:login"), headers={"accept-language": code})
    assert expected in page.content.decode()


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{% translate "Read on" %}', Text("Read on")),
        ('{% translate "Top" context "front page" %}', Text("Top", "front page")),
        ('{{ day|date:_("j F Y") }}', Text("j F Y")),
        (
            "{% blocktranslate count n=size %}{{ n }} reply{% plural %}{{ n }} replies"
            "{% endblocktranslate %}",
            Text("%(n)s reply", None, "%(n)s replies"),
        ),
        (
            "{% blocktranslate trimmed with a=b %}\n  It's\n  {{ a }}\n{% endblocktranslate %}",
            Text("It's %(a)s"),
        ),
    ],
)
def test_texts_are_found_in_templates(template, expected):
    assert list(texts_of_template(template)) == [expected]


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ('{{ _("Read on") }}', Text("Read on")),
        ('{{ pgettext("front page", "Top") }}', Text("Top", "front page")),
        ('{{ day|date(_("j F Y")) }}', Text("j F Y")),
        ('{{ _("Level %(level)s", level="%(level)s") }}', Text("Level %(level)s")),
        (
            "{% trans trimmed count=size %}\n{{ count }} reply\n{% pluralize %}\n"
            "{{ count }} replies\n{% endtrans %}",
            Text("%(count)s reply", None, "%(count)s replies"),
        ),
    ],
)
def test_texts_are_found_in_jinja_templates(template, expected):
    assert list(texts_of_jinja(template)) == [expected]


def test_texts_are_found_in_code():
    source = 'x = pgettext_lazy("page", "Next")\ny = _("One " "two")\nz = other("Three")'
    assert set(texts_of_python(source)) == {Text("Next", "page"), Text("One two")}
