"""The rules of the house about modules: their names, and the floor that all apps share."""

from collections import defaultdict

import pytest

from tests.newsroom.test_house import APPS, code, imports, is_of, name_of

DJANGO_NAMES = {
    "admin",
    "apps",
    "base",  # of a database backend
    "checks",
    "feeds",
    "forms",
    "middleware",
    "models",
    "urls",
    "views",
}
LAYERS = {"admin", "models", "views"}  # comments/models/thread.py and comments/views/thread.py
SAME_IN_EACH_APP = {"json_ld"}
WEB = sorted(path.stem for path in code("articles/web") if path.stem != "__init__")


def test_no_two_modules_share_a_name():
    places = defaultdict(set)
    for path in code(*APPS):
        name = path.stem
        if name not in DJANGO_NAMES | SAME_IN_EACH_APP | {"__init__"}:
            folders = name_of(path).split("/")[:-1]
            places[name].add(tuple("*" if folder in LAYERS else folder for folder in folders))
    assert {name: found for name, found in places.items() if len(found) > 1} == {}


@pytest.mark.parametrize("module", WEB)
def test_a_module_of_the_shared_floor_serves_two_apps(module):
    users = {
        app
        for app in APPS
        for path in code(app)
        if not name_of(path).startswith("articles/web/")
        and any(is_of(name, f"articles.web.{module}") for name in imports(path))
    }
    assert len(users) >= 2


def test_the_shared_floor_knows_no_model():
    wrong = {
        (name_of(path), module)
        for path in code("articles/web")
        for module in imports(path)
        if (is_of(module, "django.db") and not module.endswith("Error"))
        or (any(is_of(module, app) for app in APPS) and not is_of(module, "articles.web"))
    }
    assert WEB
    assert wrong == set()
