"""The lock file holds what pyproject.toml asks for, with hashes and without an index."""

import json
import re
import tomllib
from hashlib import sha256
from subprocess import CompletedProcess
from zipfile import ZipFile

import pytest
from django.conf import settings
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.dependencies import CLEAN, LOCK, UNKNOWN, VULNERABLE, compile_lock, judge_report

PROJECT = tomllib.loads((settings.BASE_DIR / "pyproject.toml").read_text())["project"]
TEXT = (settings.BASE_DIR / LOCK).read_text()
# One entry: the package with its marker, then one hash a line.
ENTRY = re.compile(
    r"[a-z0-9-]+(\[[a-z,]+\])?==[\w.]+( ; .+)?( \\\n    --hash=sha256:[0-9a-f]{64})+"
)


def list_entries():
    lines = re.sub(r"^#.*\n", "", TEXT, flags=re.MULTILINE)
    return re.split(r"\n(?=\S)", lines.rstrip("\n"))


def read_versions():
    locked = [Requirement(entry.partition(" \\\n")[0]) for entry in list_entries()]
    return {canonicalize_name(entry.name): next(iter(entry.specifier)).version for entry in locked}


def test_each_entry_is_one_version_with_hashes():
    assert [entry[:80] for entry in list_entries() if not ENTRY.fullmatch(entry)] == []


def test_the_lock_names_no_index_and_no_machine():
    assert re.findall(r"://|--index|--extra|--find-links|--trusted|/", TEXT) == []


@pytest.mark.parametrize("text", PROJECT["dependencies"])
def test_the_lock_satisfies_the_project(text):
    wanted = Requirement(text)
    assert wanted.specifier.contains(read_versions()[canonicalize_name(wanted.name)])


def test_the_lock_holds_no_tool_of_the_tests():
    assert {"pytest", "ruff", "uv", "pip-audit"}.isdisjoint(read_versions())


def test_the_locked_django_is_the_one_with_long_term_support():
    assert read_versions()["django"].startswith("5.2.")


def report(*packages):
    return CompletedProcess([], 0, json.dumps({"dependencies": packages, "fixes": []}), "")


SOUND = {"name": "a", "version": "1", "vulns": []}
UNSOUND = {"name": "b", "version": "2", "vulns": [{"id": "CVE-1", "fix_versions": ["3"]}]}
SKIPPED = {"name": "c", "skip_reason": "Dependency not found"}


@pytest.mark.parametrize(
    ("process", "code", "text"),
    [
        (report(SOUND), CLEAN, "1 packages without"),
        (report(SOUND, UNSOUND, SKIPPED), VULNERABLE, "b 2: CVE-1 (mended in 3)"),
        (report(SOUND, SKIPPED), UNKNOWN, "does not know 1 of 2"),
        (report(), UNKNOWN, "NOT AUDITED"),
        (CompletedProcess([], 1, "", "Traceback\nName unknown"), UNKNOWN, "Name unknown"),
    ],
    ids=["clean", "vulnerable", "partly", "nothing", "unreachable"],
)
def test_an_audit_that_saw_nothing_is_not_clean(process, code, text):
    judged = judge_report(process)
    assert judged[0] == code
    assert text in judged[1]


def build_wheel(folder, version):
    """Write a package that holds nothing but its name; return its hash."""
    path = folder / f"leaf-{version}-py3-none-any.whl"
    about = f"leaf-{version}.dist-info"
    with ZipFile(path, "w") as wheel:
        wheel.writestr(
            f"{about}/METADATA", f"Metadata-Version: 2.1\nName: leaf\nVersion: {version}\n"
        )
        wheel.writestr(
            f"{about}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
        )
        wheel.writestr(f"{about}/RECORD", "")
    return sha256(path.read_bytes()).hexdigest()


def test_only_an_update_takes_a_newer_release(tmp_path, monkeypatch):
    (tmp_path / "uv.toml").write_text('no-index = true\nfind-links = ["."]\n')
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "cache"))
    project = '[project]\nname = "tree"\nversion = "1"\ndependencies = ["leaf<3"]\n'
    (tmp_path / "pyproject.toml").write_text(project)
    hashes = {}

    def compile_entry(*options):
        assert compile_lock(*options, folder=tmp_path) == 0
        return (tmp_path / LOCK).read_text().partition("update\n")[2]

    for version in ("1.0", "2.0", "3.0"):
        hashes[version] = build_wheel(tmp_path, version)
        if version == "1.0":
            first = compile_entry()
    assert first == f"leaf==1.0 \\\n    --hash=sha256:{hashes['1.0']}\n"
    assert compile_entry() == first
    assert compile_entry("--upgrade") == f"leaf==2.0 \\\n    --hash=sha256:{hashes['2.0']}\n"
