"""The README is correct."""

import ast
import re

import pytest
from django.conf import settings
from django.core.management import get_commands

from tests.__main__ import join_codes

README = (settings.BASE_DIR / "README.md").read_text()
READERS = {"read_flag", "read_text", "read_count", "read_parsed"}


def commands_under(heading):
    section = README.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.search(r"```sh\n(.*?)```", section, re.DOTALL)[1].splitlines()


@pytest.mark.parametrize("heading", ["Run it", "Test it"])
def test_each_of_the_two_commands_is_one_line(heading):
    commands = commands_under(heading)
    assert len(commands) == 1
    assert commands[0].startswith("python3 -m venv .venv && ")


@pytest.mark.parametrize(
    ("codes", "joined"), [([0, 0], 0), ([5, 0], 0), ([5, 5], 5), ([1, 3], 3), ([0, 1], 1)]
)
def test_the_test_command_ends_with_the_gravest_code(codes, joined):
    assert join_codes(codes) == joined


def test_a_run_that_was_killed_is_graver_than_a_failed_test():
    assert join_codes([1, -9]) > 1


def variables():
    """The names of the variables that settings and environment read."""
    for module in ("settings", "environment"):
        path = settings.BASE_DIR / "newsroom" / f"{module}.py"
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") in READERS:
                name = getattr(node.args[0], "value", None) if node.args else None
                if isinstance(name, str):
                    yield name


def test_every_setting_has_a_line():
    described = re.findall(r"^\| `([A-Z_]+)` \|", README, re.MULTILINE)
    assert "DATABASE_POOL_SIZE" in described
    assert sorted(described) == sorted(set(variables()))


def test_every_command_that_it_names_is_there():
    named = set(re.findall(r"manage\.py (\w+)", README))
    assert {"demo", "import_wordpress", "verify_comments"} <= named
    assert named <= set(get_commands())


def test_every_file_that_it_names_is_there():
    named = re.findall(r"\]\(([^)#:]+)\)", README)
    named += re.findall(r"`((?:tests|newsroom|\.ci)/[\w./]+)`", README)
    assert [name for name in named if not (settings.BASE_DIR / name).exists()] == []


def test_the_map_is_one_block_and_every_file_in_it_is_there():
    lines = README.partition("\n## Map of the code\n\n")[2].partition("\n\n")[0].splitlines()
    assert [line for line in lines if not line.startswith("    ")] == []
    folders, missing = {}, []
    for line in lines:
        depth, name = re.fullmatch(r"( +)([\w./]+)\s.*", line).groups()
        folders = {at: folder for at, folder in folders.items() if at < len(depth)}
        path = [settings.BASE_DIR, *folders.values()][-1] / name
        folders[len(depth)] = path
        if not path.exists():
            missing.append(line)
    assert len(lines) > 20
    assert missing == []
