"""Static files as production serves them: one stylesheet, and scripts with what they import."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder

from newsroom.scripts import joined
from newsroom.stylesheet import OneStylesheetStorage

STATIC = settings.BASE_DIR / "static"


@pytest.fixture
def collected(tmp_path):
    """A storage after the site's own static files were collected into it."""
    storage = OneStylesheetStorage(location=tmp_path, base_url="/static/")
    paths = {path: (source, path) for path, source in FileSystemFinder().list([])}
    for path, (source, _path) in paths.items():
        with source.open(path) as file:
            storage._save(path, file)
    for _name, _hashed, processed in storage.post_process(paths):
        assert not isinstance(processed, Exception), processed
    return storage


def content(storage, path):
    with storage.open(storage.stored_name(path)) as file:
        return file.read().decode()


def test_a_page_asks_for_one_stylesheet_with_all_components(collected):
    whole = content(collected, "css/site.css")
    assert "@import" not in whole
    for component in (STATIC / "css").glob("*.css"):
        if component.name != "site.css":
            for selector in re.findall(r"^ *(\.[\w-]+) \{$", component.read_text(), re.M):
                assert f"\n{selector} {{" in whole, component.name
    assert "/*" not in whole


def test_every_component_is_imported_and_says_its_layer():
    site = (STATIC / "css" / "site.css").read_text()
    imported = set(re.findall(r'@import url\("(.+?)"\);', site))
    there = {path.name for path in (STATIC / "css").glob("*.css")} - {"site.css"}
    assert imported == there
    for name in there:
        assert "@layer " in (STATIC / "css" / name).read_text(), name


def test_a_script_holds_all_that_it_imports(collected):
    whole = content(collected, "js/thread.js")
    assert not re.search(r"^(import|export)\b", whole, re.M)
    for script in re.findall(
        r'^import .*"\./(.+)\.js";', (STATIC / "js/thread.js").read_text(), re.M
    ):
        assert f"const ${script} = (() => {{" in whole
    assert not re.search(r"^\s*//", whole, re.M)


SCRIPTS = {
    "a.js": 'import "./b.js";\nimport { two } from "./c.js";\nconst one = 1;\nuse(one, two);\n',
    "b.js": 'import {\n  two,\n} from "./c.js";\nconst one = two;\n',
    "c.js": "export const two = 2;\n",
}


def test_each_script_is_joined_once_before_those_that_import_it():
    assert joined("a.js", SCRIPTS.get) == (
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
        joined("a.js", {"a.js": script, "b.js": "export const one = 1;\n"}.get)


def test_collecting_again_takes_in_what_changed(collected, tmp_path):
    before = collected.stored_name("css/site.css")
    paths = {path: (source, path) for path, source in FileSystemFinder().list([])}
    changed = tmp_path / "changed"
    (changed / "css").mkdir(parents=True)
    (changed / "css" / "row.css").write_text("@layer components { .row { color: red; } }")
    paths["css/row.css"] = (type(collected)(location=changed), "css/row.css")
    for _result in collected.post_process(paths):
        pass
    assert collected.stored_name("css/site.css") != before
    assert "color: red" in content(collected, "css/site.css")
