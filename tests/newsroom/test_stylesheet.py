"""Static files as production serves them: one stylesheet, scripts that import by hashed names."""

import re

import pytest
from django.conf import settings
from django.contrib.staticfiles.finders import FileSystemFinder

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
            assert component.read_text() in whole, component.name


def test_every_component_is_imported_and_says_its_layer():
    site = (STATIC / "css" / "site.css").read_text()
    imported = set(re.findall(r'@import url\("(.+?)"\);', site))
    there = {path.name for path in (STATIC / "css").glob("*.css")} - {"site.css"}
    assert imported == there
    for name in there:
        assert "@layer " in (STATIC / "css" / name).read_text(), name


def test_scripts_import_each_other_by_their_hashed_names(collected):
    for script in (STATIC / "js").glob("*.js"):
        for name in re.findall(r'from "\./(\w+\.js)";', content(collected, f"js/{script.name}")):
            pytest.fail(f"{script.name} imports {name} by its plain name")


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
