"""Reads the files of the demo in the language of the site: articles with their threads, pages,
pictures and categories."""

import datetime
import tomllib
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from django.conf import settings

from newsroom.demo.outline import parse_outline

HERE = Path(__file__).resolve().parent


def find_texts():
    """Return the folder of the paper that speaks the language of the site."""
    return HERE / settings.LANGUAGE_CODE


@dataclass(frozen=True)
class Picture:
    key: str
    alt: str
    caption: str
    credit: str
    crop: str = ""  # width:height, as of a photograph that was taken upright
    folder: str = "pictures"

    @property
    def path(self):
        return HERE / self.folder / f"{self.key}.webp"


@dataclass(frozen=True)
class Story:
    """An article or page to load, published ``hours`` ago or ``days`` ago at ``time``."""

    key: str
    title: str
    lead: str
    body: str
    category: str
    author: str
    kind: str = "article"
    hours: float | None = None
    days: int = 0
    time: str = "07:00"
    updated_hours: float | None = None
    state: str = "published"
    note: str = ""
    image: str = ""
    featured: bool = False
    language: str = ""
    film: str = ""  # a picture: the body has a film that moves along it, where it says FILM
    large: bool = False
    tags: list = field(default_factory=list)
    signed: list = field(default_factory=list)  # tables with login or guest, and part
    series: dict = field(default_factory=dict)  # slug, and title and description at the first
    related: list = field(default_factory=list)
    sources: list = field(default_factory=list)
    mentions: list = field(default_factory=list)
    corrections: list = field(default_factory=list)  # tables with kind, hours (ago) and text
    folder: Path | None = None

    def published_at(self, now):
        """Return the publication time; ``now`` is a local time."""
        if self.hours is not None:
            moment = now - datetime.timedelta(hours=self.hours)
            return moment.replace(second=0, microsecond=0)
        day = now - datetime.timedelta(days=self.days)
        clock = datetime.time.fromisoformat(self.time)
        return day.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)

    def updated_at(self, now):
        if self.updated_hours is None:
            return self.published_at(now)
        return now - datetime.timedelta(hours=self.updated_hours)

    @cached_property
    def remarks(self):
        """The comments of its thread, oldest first; none if it has no outline."""
        path = self.folder / "threads" / f"{self.key}.txt"
        return parse_outline(path.read_text(encoding="utf-8")) if path.exists() else []


def read_stories(*, large=False):
    """Return the articles, oldest first; those with a large thread only if ``large``."""
    return [story for story in _read_folder("articles") if large or not story.large]


def read_pages():
    """Return the pages, which no list shows, oldest first."""
    return _read_folder("pages")


def _read_folder(folder):
    texts = find_texts()
    paths = (texts / folder).glob("*.toml")
    stories = [Story(key=path.stem, folder=texts, **_read_toml(path)) for path in paths]
    noon = datetime.datetime(2000, 1, 1, 12, tzinfo=datetime.UTC)
    return sorted(stories, key=lambda story: (story.published_at(noon), story.key))


def read_pictures():
    """Return {key: Picture}."""
    entries = _read_toml(find_texts() / "pictures.toml")
    return {key: Picture(key, **entry) for key, entry in entries.items()}


def read_categories():
    """Return {slug: {"name": …, "parent": slug}}, parents first; roots have no ``parent``."""
    return _read_toml(find_texts() / "categories.toml")


def _read_toml(path):
    return tomllib.loads(path.read_text(encoding="utf-8"))
