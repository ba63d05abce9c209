"""Writes large exports and measures their import: ``python -m tests.newsroom.wordpress.generate``.

Two exports: 2,000 posts with 100,000 comments for the time, and one of 500 MB for the memory.
Each is imported into a fresh SQLite database by a process of its own. Other sizes by options.
"""

import argparse
import os
import random
import subprocess
import sys
import tempfile
import time
from functools import partial
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

from tests.newsroom.wordpress import wxr

ROOT = Path(__file__).resolve().parents[3]
WORDS = (
    *("港", "船", "議会", "予算", "橋", "灯台", "漁師", "記者", "会見", "市場", "朝", "雨", "祭り"),
    *("図書館", "電車", "停留所", "工事", "署名", "選挙", "風"),
)
STATES = ["1"] * 17 + ["0", "spam", "trash"]


def write_export(path, *, posts, comments=0, body=2_000, bulk=0, seed=1):
    """Write an export of ``posts`` posts and ``comments`` comments; the same for the same seed.

    ``body`` are the characters of a post's text, ``bulk`` those of a plugin's meta beside it.
    """
    chance, threads = random.Random(seed), random.Random(seed)
    shares = list(accumulate(chance.expovariate(1) for _ in range(posts)))
    next_id = 1
    with open(path, "w", encoding="utf-8") as file:
        file.write(wxr.HEAD)
        file.write(wxr.author("writer", 1, "書き手"))
        for number in range(20):
            parent = f"category-{number // 4}" if number % 4 else ""
            file.write(wxr.category(f"category-{number}", f"分類 {number}", parent, number + 1))
        written = 0
        for number, share in enumerate(shares, 1):
            wanted = round(comments * share / shares[-1]) - written
            thread = list(generate_thread(threads, next_id, wanted))
            next_id += wanted
            written += wanted
            file.write(post(chance, number, body, bulk, thread))
        file.write(wxr.TAIL)


def post(chance, number, body, bulk, thread):
    paragraphs = []
    while sum(map(len, paragraphs)) < body:
        text = build_sentence(chance, 60)
        paragraphs.append(f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->\n\n")
    other = chance.randint(1, number)
    paragraphs.append(f'<p><a href="https://old.example/2020/01/post-{other}/">前の話</a></p>')
    extra = [wxr.meta("_page_builder", "x" * bulk)] if bulk else []
    return wxr.item(
        number,
        wxr.term("category", f"category-{chance.randrange(20)}", "分類"),
        wxr.term("post_tag", f"tag-{chance.randrange(300)}", f"札 {chance.randrange(300)}"),
        *extra,
        *thread,
        content="".join(paragraphs),
        date_gmt=f"2020-01-{number % 28 + 1:02} 03:00:00",
    )


def generate_thread(chance, first_id, size):
    """Yield comments and replies, some of them deep."""
    for place in range(size):
        old_id = first_id + place
        near = max(first_id, old_id - 12)
        parent = chance.randint(near, old_id - 1) if place and chance.random() < 0.6 else 0
        naming = f">>{chance.randint(1, place)}\n" if place and chance.random() < 0.1 else ""
        link = ' <a href="https://example.com/a">これ</a>' if chance.random() < 0.05 else ""
        minute, second = divmod(place, 60)
        yield wxr.comment(
            old_id,
            parent,
            f"{naming}{build_sentence(chance, chance.randint(5, 120))}{link}",
            date_gmt=f"2020-02-{1 + minute // 1440:02} {minute // 60 % 24:02}:{minute % 60:02}"
            f":{second:02}",
            approved=chance.choice(STATES),
            meta={"cld_like_count": chance.randrange(30)} if chance.random() < 0.3 else {},
        )


def build_sentence(chance, length):
    words = []
    while sum(map(len, words)) < length:
        words.append(chance.choice(WORDS))
    return "の".join(words) + "。"


class Measure(NamedTuple):
    """The cost of a process: wall-clock and processor seconds, and megabytes at its peak."""

    seconds: float
    processor: float
    memory: float


# The peak that wait4 reports for a child includes the memory of its parent, here the tests.
WRITE_PEAK = """
import atexit, re, runpy, sys
from pathlib import Path

_, peak, *sys.argv = sys.argv

@atexit.register
def write_peak():
    status = Path("/proc/self/status").read_text()
    Path(peak).write_text(re.search(r"VmHWM:\\s*(\\d+) kB", status)[1])

runpy.run_path(sys.argv[0], run_name="__main__")
"""


def measure_command(command, environment, *, folder):
    """Run a command of Django; return its ``Measure``. A failed command ends with its output."""
    began = time.monotonic()
    peak = folder / "peak"
    process = subprocess.Popen(
        [sys.executable, "-c", WRITE_PEAK, peak, *command],
        env={**os.environ, **environment},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    output = process.stdout.read()
    _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{' '.join(map(str, command))} failed:\n{output}")
    seconds = time.monotonic() - began
    return Measure(seconds, usage.ru_utime + usage.ru_stime, int(peak.read_text()) / 1024)


def import_into(folder, *exports):
    """Import exports one after another into a fresh database; return the measures of each."""
    environment = {
        "SECRET_KEY": "only-for-measuring",
        "DEBUG": "off",
        "DATABASE_URL": f"sqlite:///{folder / 'measured.sqlite3'}",
        "MEDIA_ROOT": str(folder / "media"),
    }
    run = partial(measure_command, environment=environment, folder=folder)
    run(["manage.py", "migrate", "-v0"])
    results = [run(["manage.py", "import_wordpress", path]) for path in exports]
    run(["manage.py", "verify_comments"])
    return results


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--posts", type=int, default=2_000)
    parser.add_argument("--comments", type=int, default=100_000)
    parser.add_argument("--megabytes", type=int, default=500)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        bare, full = folder / "posts.xml", folder / "comments.xml"
        write_export(bare, posts=options.posts)
        write_export(full, posts=options.posts, comments=options.comments)
        articles, comments, again = import_into(folder, bare, full, full)
        report(f"{options.posts} posts", articles)
        report(f"the same with {options.comments} comments", comments)
        report("once more, unchanged", again)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        large = folder / "large.xml"
        write_export(large, posts=options.megabytes * 8, body=12_000, bulk=105_000)
        (measure,) = import_into(folder, large)
        report(f"an export of {large.stat().st_size / 2**20:.0f} MB", measure)


def report(what, measure):
    sys.stdout.write(
        f"{what}: {measure.seconds:.1f} s, {measure.processor:.1f} s of a processor, "
        f"at most {measure.memory:.0f} MB\n"
    )
    sys.stdout.flush()


if __name__ == "__main__":
    main()
