"""Time and memory of a large import."""

import pytest

from tests.newsroom.wordpress import generate

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
    small, large = tmp_path / "small.xml", tmp_path / "large.xml"
    for path, count in ((small, 10), (large, 200)):
        generate.write_export(path, posts=count, bulk=270_000)
    assert large.stat().st_size > 50 << 20
    few, many = [measure.memory for measure in generate.import_into(tmp_path, small, large)]
    assert max(few, many) < LIMIT
    assert many - few < 40


def test_a_generated_export_is_the_same_every_time(tmp_path):
    for name in ("a", "b"):
        generate.write_export(tmp_path / name, posts=5, comments=40)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()
    assert (tmp_path / "a").read_bytes().count(b"<wp:comment>") == 40
