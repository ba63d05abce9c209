"""The progress bar writes a line to terminals and nothing to files."""

import io

import pytest

from newsroom.management import progress
from newsroom.management.progress import ProgressBar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.fixture
def patient(monkeypatch):
    monkeypatch.setattr(progress, "EVERY", 0)


def test_it_shows_how_far_both_readings_have_come(patient):
    terminal = Terminal()
    bar = ProgressBar(terminal, total=200, steps=2)
    bar(1, 100)
    assert terminal.getvalue().strip() == "[########......................]  25%"
    bar(2, 200)
    assert terminal.getvalue().endswith(f"\r[{'#' * 30}] 100% ")
    bar.clear()
    assert terminal.getvalue().rsplit("\r", 2)[1].strip() == ""


def test_it_writes_seldom():
    terminal = Terminal()
    bar = ProgressBar(terminal, total=200, steps=1)
    for done in range(200):
        bar(1, done)
    assert terminal.getvalue().count("\r") <= 3


def test_a_file_gets_nothing(patient):
    file = io.StringIO()
    bar = ProgressBar(file, total=200, steps=1)
    bar(1, 100)
    bar.clear()
    assert file.getvalue() == ""
