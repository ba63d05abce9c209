"""Time and memory of a large import, at a size that fits the tests."""

import pytest

from tests.newsroom.wordpress import generate

pytestmark = pytest.mark.once

LIMIT = 300  # MB, whatever the size of the export


@pytest.mark.slow
def test_a_large_export_stays_within_time_and_memory(tmp_path):
    """A tenth of the 100,000 comments that may take a minute. Measured is the processor, since
    other tests run beside this one, with room for a slow one."""
    bare, full = tmp_path / "bare.xml", tmp_path / "full.xml"
    generate.write_export(bare, posts=200)
    generate.write_export(full, posts=200, comments=10_000)
    _articles, comments = generate.import_into(tmp_path, bare, full)
    assert comments.processor < 15
    assert comments.memory < LIMIT


@pytest.mark.slow
def test_memory_does_not_grow_with_the_file(tmp_path):
    peaks = []
    for posts in (10, 600):
        folder = tmp_path / str(posts)
        folder.mkdir()
        generate.write_export(folder / "export.xml", posts=posts, bulk=90_000)
        (measure,) = generate.import_into(folder, folder / "export.xml")
        peaks.append(measure.memory)
    assert (folder / "export.xml").stat().st_size > 50 << 20
    assert max(peaks) < LIMIT
    assert peaks[1] - peaks[0] < 40


def test_a_generated_export_is_the_same_every_time(tmp_path):
    for name in ("a", "b"):
        generate.write_export(tmp_path / name, posts=5, comments=40)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes().count(b"<wp:comment>") == 40
