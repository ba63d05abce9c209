"""The rules of the house: imports, files, templates and styles."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

ROOT = settings.BASE_DIR
APPS = ("newsroom", "comments", "articles")
TOP_LEVEL = {
    *("manage.py", "pyproject.toml", "requirements.lock", "README.md", "LICENSE"),
    *APPS,
    *("templates", "static", "tests"),
}
MADE = {"build", "newsroom.egg-info", "node_modules", "__pycache__"}  # in .gitignore
LONGEST = 350  # lines

MPTT = (
    "comments/models/",
    "articles/models/category.py",
    "articles/models/article.py",  # its two fields that point into the tree of categories
    "articles/admin",
)
DOORS = ("articles.models", "articles.web", "articles.search")  # what comments may import
SAFE = {"comment.html|safe"}  # our own rendering of a reader's text


def source_files(*suffixes, folders=(*APPS, "tests", "templates", "static")):
    return sorted(
        path
        for folder in folders
        for path in (ROOT / folder).rglob("*")
        if path.suffix in suffixes and "__pycache__" not in path.parts
    )


def name_of(path):
    return path.relative_to(ROOT).as_posix()


@cache
def imports(path):
    """Return all modules that a file imports, also inside functions."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)} imports relatively"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def is_of(module, package):
    return module == package or module.startswith(f"{package}.")


def code(*folders):
    """The Python files of these folders, without migrations."""
    return [path for path in source_files(".py", folders=folders) if "migrations" not in path.parts]


def test_articles_know_no_comments_and_no_newsroom():
    wrong = {
        (name_of(path), module)
        for path in code("articles")
        for module in imports(path)
        if is_of(module, "comments") or is_of(module, "newsroom")
    }
    assert wrong == set()


def test_comments_know_of_articles_their_models_web_and_search_only():
    wrong = {
        (name_of(path), module)
        for path in code("comments")
        for module in imports(path)
        if is_of(module, "newsroom")
        or (is_of(module, "articles") and not any(is_of(module, door) for door in DOORS))
    }
    assert wrong == set()


def test_mptt_is_imported_where_trees_live():
    wrong = {
        name_of(path)
        for path in code(*APPS)
        for module in imports(path)
        if is_of(module, "mptt") and not name_of(path).startswith(MPTT)
    }
    assert wrong == set()


def test_only_the_settings_read_the_environment():
    # Others may set a variable for what they start, but not look at one.
    setting = r"\.setdefault\(\"DJANGO_SETTINGS_MODULE\"|\[\"\w+\"\] = "
    reading = re.compile(rf"\bos\.environ(?!{setting})|\bgetenv\b|\benvirons\b")
    files = [ROOT / "manage.py", *code(*APPS)]
    readers = {name_of(path) for path in files if reading.search(path.read_text())}
    assert readers == {"newsroom/environment.py"}
    importing = {
        name_of(path)
        for path in files
        for module in imports(path)
        if is_of(module, "newsroom.environment")
    }
    assert importing == {"newsroom/settings.py", "manage.py"}


def test_the_top_level_holds_what_the_design_names():
    standing = {path.name for path in ROOT.iterdir() if not path.name.startswith(".")}
    assert standing - MADE - TOP_LEVEL == set()
    assert TOP_LEVEL - standing == set()


@pytest.mark.parametrize("name", ["utils", "helpers", "services"])
def test_no_module_is_a_drawer_for_everything(name):
    assert [path for path in source_files(".py") if path.stem == name] == []


def test_no_file_is_a_room_with_too_much_in_it():
    files = [path for path in source_files(".py", ".css", ".js") if "migrations" not in path.parts]
    long = {
        name_of(path): lines
        for path in files
        if (lines := len(path.read_text().splitlines())) > LONGEST
    }
    assert long == {}


def templates():
    return source_files(".html", ".jinja", ".txt", ".xml", folders=("templates", *APPS))


INLINE = {
    "a style attribute": re.compile(r"<[^>]*\sstyle\s*=", re.I),
    "a style element": re.compile(r"<style\b(?![^>]*\snonce=)", re.I),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=", re.I),
    "a script without an address": re.compile(r"<script\b(?![^>]*\s(src|nonce)=)", re.I),
    "a script address": re.compile(r"(href|src|action)\s*=\s*[\"']?\s*javascript:", re.I),
}


@pytest.mark.parametrize("what", INLINE)
def test_no_template_holds_inline_code(what):
    wrong = {name_of(path) for path in templates() if INLINE[what].search(path.read_text())}
    assert wrong == set()


def test_no_moment_in_html_has_six_digits_of_a_second():
    exact = {name_of(path) for path in templates() if "|date:'c'" in path.read_text()}
    assert exact == set()


WIDEST = 140  # columns


def test_a_template_line_can_be_diffed():
    wide = {
        (name_of(path), number)
        for path in templates()
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if len(line) > WIDEST
    }
    assert wide == set()


def test_forms_are_sent_by_our_own_script():
    wrong = {
        name_of(path)
        for path in [*templates(), *source_files(".js", folders=("static",))]
        if re.search(r"\bhx-|\bhtmx\b", path.read_text())
    }
    assert wrong == set()


def test_the_key_that_ends_a_conversion_is_left_to_the_input_method():
    heard = re.compile(r'addEventListener\(\s*"key(down|up)".*\bkey\b', re.DOTALL)
    wrong = {
        name_of(path)
        for path in source_files(".js", folders=("static",))
        if re.search(r'\bkey [!=]== "(Escape|Enter)"|ctrlKey \|\|.*altKey', path.read_text())
        and heard.search(path.read_text())
        and "isConverting(event)" not in path.read_text()
    }
    assert wrong == set()


def test_only_the_admin_has_a_nonce():
    wrong = {name_of(path) for path in templates() if "nonce" in path.read_text()}
    assert {name for name in wrong if not name.startswith("templates/admin/")} == set()


def test_nothing_is_called_safe_but_our_own_rendering():
    wrong = {
        (name_of(path), use)
        for path in templates()
        for use in re.findall(r"[\w.]+\s*\|\s*safe\w*|autoescape\s+off", path.read_text())
    }
    assert {use for name, use in wrong} - SAFE == set(), wrong


def test_style_sheets_have_no_force_and_no_ids():
    wrong = {
        (name_of(path), found)
        for path in source_files(".css", folders=("static",))
        for found in re.findall(
            r"!important|^\s*#[\w-]+[^;{]*\{", _uncommented(path.read_text()), re.M
        )
        if path.name != "print.css" or found != "!important"
    }
    assert wrong == set()


def _uncommented(css):
    return re.sub(r"/\*.*?\*/", "", css, flags=re.S)


def test_nothing_is_unfinished_or_switched_off():
    words = ("TO" + "DO", "FIX" + "ME", "XX" + "X", "raise NotImplemented" + "Error")
    marks = re.compile(rf"\b({'|'.join(words)})\b|pytest\.mark\.(skip|xfail)|assert True\b")
    wrong = {
        (name_of(path), found.group())
        for path in source_files(".py", ".html", ".jinja", ".js", ".css")
        if path != Path(__file__)
        for found in marks.finditer(path.read_text())
    }
    assert wrong == set()


def test_imports_have_no_circle():
    # Importing a.b.c runs a, a.b and a.b.c; a module inside a package runs after its package.
    files = {
        name_of(path)[:-3].replace("/", ".").removesuffix(".__init__"): path for path in code(*APPS)
    }
    edges = {}
    for module, path in files.items():
        wanted = {name if name in files else name.rpartition(".")[0] for name in imports(path)}
        packages = {
            ".".join(parts[:end])
            for name in wanted
            for parts in [name.split(".")]
            for end in range(1, len(parts) + 1)
        }
        edges[module] = {name for name in packages & files.keys() if not is_of(module, name)}
    while leaves := [module for module, wanted in edges.items() if not wanted & edges.keys()]:
        for module in leaves:
            del edges[module]
    assert {module: wanted & edges.keys() for module, wanted in edges.items()} == {}


def test_no_order_of_imports_is_got_round():
    wrong = {name_of(path) for path in code(*APPS) if "apps.get_model(" in path.read_text()}
    assert wrong <= {"newsroom/groups.py"}  # the state that was migrated to
