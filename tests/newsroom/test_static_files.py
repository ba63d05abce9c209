"""Static files as production serves them: bundled stylesheets and scripts."""

import re
from fnmatch import fnmatch
from pathlib import Path
from posixpath import dirname, join, normpath

import brotli
import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder

from newsroom import static_files
from newsroom.static_files import (
    JS_COMMENT,
    STYLESHEETS,
    BundledStaticFilesStorage,
    bundle_script,
    shorten_tokens,
)
from tests import factories

# What an article page loads before the reader's first move, and what comes then.
FIRST = ("css/site.css", "js/header.js", "js/wake.js")
LATER = ("css/live.css", "js/thread.js", "js/search.js")
LIMIT = 45_000  # bytes of what comes first, before compression
FIRST_LIMIT, LATER_LIMIT = 10_000, 16_500  # bytes, compressed
STATIC = settings.BASE_DIR / "static"


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A storage after the site's own static files were collected into it."""
    return collect(tmp_path_factory.mktemp("static"))


def find_texts():
    """Return the styles and scripts. To compress all other files takes seconds."""
    found = FileSystemFinder().list([])
    return {path: (source, path) for path, source in found if path.endswith((".css", ".js"))}


def collect(folder):
    storage = BundledStaticFilesStorage(location=folder, base_url="/static/")
    paths = find_texts()
    for path, (source, _path) in paths.items():
        with source.open(path) as file:
            storage._save(path, file)
    for _name, _hashed, processed in storage.post_process(paths):
        assert not isinstance(processed, Exception), processed
    return storage


def content(storage, path):
    with storage.open(storage.stored_name(path)) as file:
        return file.read().decode()


def imported_by(stylesheet):
    return re.findall(r'^@import url\("(.+?)"\);$', (STATIC / stylesheet).read_text(), re.M)


@pytest.mark.parametrize("stylesheet", STYLESHEETS)
def test_a_page_asks_for_one_stylesheet_with_all_components(collected, stylesheet):
    whole = content(collected, stylesheet)
    assert "@import" not in whole
    for component in imported_by(stylesheet):
        text = (STATIC / "css" / component).read_text()
        for selector in re.findall(r"^ *(\.[\w-]+) \{$", text, re.M):
            assert re.search(rf"[{{}},]{re.escape(selector)}[{{,]", whole), (component, selector)
    assert "/*" not in whole


def test_quoted_texts_keep_their_blanks(collected):
    text = re.sub(r"/\*.*?\*/", "", (STATIC / "css" / "print.css").read_text(), flags=re.S)
    quoted = set(re.findall(r'content: ("[^"]*")', text))
    assert any(" " in each for each in quoted)
    whole = content(collected, "css/site.css")
    assert all(each in whole for each in quoted)


def test_no_control_of_the_header_is_printed():
    header = (settings.BASE_DIR / "templates" / "includes" / "_chrome.jinja").read_text()
    controls = set(re.findall(r'<(?:form|a|button|nav)\s+class="(header__\w+)"', header))
    hidden = re.findall(r"\.(header__\w+)", (STATIC / "css" / "print.css").read_text())
    assert controls - {"header__name", "header__link"} == set(hidden)


@pytest.mark.parametrize("stylesheet", STYLESHEETS)
def test_older_browsers_find_words_that_they_know(collected, stylesheet):
    whole = content(collected, stylesheet)
    assert not re.search(r"light-dark\(|color-mix\(|&|@scope|@container|\boklch\(", whole)
    for spoken in re.finditer(
        r'(content:"[^"]*");content:"[^"]*" / ""|content:"[^"]*" / ""', whole
    ):
        assert spoken[1], spoken[0]
    assert "@media (width" not in whole


@pytest.mark.parametrize("script", sorted(STATIC.glob("js/*.js")), ids=lambda path: path.name)
def test_scripts_set_what_assistive_technology_hears_as_attributes(script):
    """Firefox reflects ``element.ariaExpanded`` and ``element.role`` since 119."""
    assert not re.search(r"\.(?:aria[A-Z]\w+|role)\b", script.read_text())


def test_every_component_is_imported_once_a_page_and_says_its_layer():
    imported = {Path(name).stem: imported_by(name) for name in STYLESHEETS}
    there = {path.name for path in (STATIC / "css").glob("*.css")}
    there -= {Path(stylesheet).name for stylesheet in STYLESHEETS}
    desk = "site", "pages", "live", "moderators", "desk"
    pages = [(*desk, "article-form"), (*desk, "article-versions"), (*desk, "draft"), ("admin",)]
    public = [("site", "pages", "fronts"), ("site", "pages", "comments", "live", "moderators")]
    for page in [*public, *pages]:
        loaded = [name for stylesheet in page for name in imported[stylesheet]]
        assert len(loaded) == len(set(loaded)), page
    assert set().union(*imported.values()) == there
    for name in there:
        assert "@layer " in (STATIC / "css" / name).read_text(), name


def test_a_script_holds_all_that_it_imports(collected):
    whole = content(collected, "js/thread.js")
    assert not re.search(r"^(import|export)\s", whole, re.M)
    for script in re.findall(
        r'^import .*"\./(.+)\.js";', (STATIC / "js/thread.js").read_text(), re.M
    ):
        assert f"const ${script} = (() => {{" in whole
    assert not re.search(r"^\s*//", whole, re.M)


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("  // About it.\n", "\n"),
        ("one(); // then two\n", "one();\n"),
        ("if (one) { // or two; three\n", "if (one) {\n"),
        ('const one = "two; // three";\n', 'const one = "two; // three";\n'),
        ("const one = `two) // ${three}`;\n", "const one = `two) // ${three}`;\n"),
        ("const one = 'https://two.example';\n", "const one = 'https://two.example';\n"),
    ],
)
def test_a_bundle_leaves_out_comments_and_keeps_strings(line, kept):
    assert JS_COMMENT.sub("", line) == kept


def test_no_script_imports_from_a_bundle_which_exports_nothing(collected):
    bundles, others = [], []
    for path in find_texts():
        if path.endswith(".js"):
            is_bundle = any(fnmatch(path, pattern) for pattern in static_files.SCRIPTS)
            (bundles if is_bundle else others).append(path)
    assert "admin_newsroom/saving/suggestions.js" in bundles
    for path in bundles:
        whole = content(collected, path)
        assert not re.search(r"^(import|export)\b", whole, re.M), path
    for path in others:
        beside = re.findall(r'from "(\.{1,2}/[^"]+)"', (STATIC / path).read_text())
        imported = {normpath(join(dirname(path), name)) for name in beside}
        assert not imported.intersection(bundles), path


def compress(collected, paths):
    """Return the bytes of files as whitenoise compresses them."""
    texts = [content(collected, path).encode() for path in paths]
    return sum(len(brotli.compress(text, quality=11)) for text in texts)


def test_what_an_article_page_loads_first_stays_small(collected):
    assert sum(len(content(collected, path).encode()) for path in FIRST) <= LIMIT
    assert compress(collected, FIRST) <= FIRST_LIMIT


def test_what_comes_with_the_first_move_stays_small(collected):
    assert compress(collected, LATER) <= LATER_LIMIT


@pytest.mark.django_db
def test_an_article_page_loads_no_more_at_first(client):
    text = client.get(factories.article().get_absolute_url()).content.decode()
    text = re.sub(r"<noscript>.*?</noscript>", "", text, flags=re.S)
    styles = re.findall(r'<link rel="stylesheet" href="/static/([^"]+)"', text)
    scripts = re.findall(r'<script[^>]* src="/static/([^"]+)"', text)
    assert sorted([*styles, *scripts]) == sorted(FIRST)


def test_the_names_of_tokens_are_short_in_all_stylesheets_alike():
    tokens = ":root { --space-1: 1px; --accent: red; }"
    texts = {
        "css/site.css": tokens + ".row--space-1 { gap: var(--space-1); color: var(--off); }",
        "admin_newsroom/site.css": ".a { gap: var(--space-1); --accent: blue; }",
        "js/row.js": "const name = '--space-1';",
    }
    short = shorten_tokens(texts, tokens)
    (name,) = re.findall(r":root { --(\w+): 1px;", short["css/site.css"])
    assert len(name) == 1
    assert f".row--space-1 {{ gap: var(--{name}); color: var(--off); }}" in short["css/site.css"]
    assert short["admin_newsroom/site.css"] == f".a {{ gap: var(--{name}); --accent: blue; }}"
    assert short["js/row.js"] == texts["js/row.js"]


SCRIPTS = {
    "a.js": 'import "./b.js";\nimport { two } from "./c.js";\nconst one = 1;\nuse(one, two);\n',
    "b.js": 'import {\n  two,\n} from "./c.js";\nconst one = two;\n',
    "c.js": "export const two = 2;\n",
}


def test_each_script_is_joined_once_before_those_that_import_it():
    assert bundle_script("a.js", SCRIPTS.get) == (
        "const $c = (() => {\nconst two = 2;\nreturn { two };\n})();\n"
        "const $b = (() => {\nconst {\n  two,\n} = $c;\nconst one = two;\nreturn {  };\n})();\n"
        "const $a = (() => {\nconst { two } = $c;\nconst one = 1;\nuse(one, two);\n"
        "return {  };\n})();\n"
    )


@pytest.mark.parametrize(
    ("script", "fault"),
    [
        ('import "./a.js";\n', "a.js imports a.js"),
        ("export default 1;\n", "export default 1;"),
        ("export let one = 1;\n", "export let one = 1;"),
        ('import all from "elsewhere";\n', 'import all from "elsewhere";'),
        ('import { one as two } from "./b.js";\n', "one as two"),
    ],
)
def test_a_script_that_cannot_be_joined_is_refused(script, fault):
    with pytest.raises(ValueError, match=re.escape(fault)):
        bundle_script("a.js", {"a.js": script, "b.js": "export const one = 1;\n"}.get)


@pytest.mark.slow
def test_collecting_again_takes_in_changes(tmp_path):
    collected = collect(tmp_path / "static")
    before = collected.stored_name("css/site.css")
    paths = find_texts()
    changed = tmp_path / "changed"
    (changed / "css").mkdir(parents=True)
    (changed / "css" / "row.css").write_text("@layer components { .row { color: red; } }")
    paths["css/row.css"] = (type(collected)(location=changed), "css/row.css")
    for _result in collected.post_process(paths):
        pass
    assert collected.stored_name("css/site.css") != before
    assert "color:red" in content(collected, "css/site.css")
