"""Loads the demo into the database, each item once.

Each loaded item is recorded as an ``ImportedItem`` of the source ``demo``. A recorded item is
never written again, even if somebody has changed, renamed or deleted it since.
"""

import io
import random
import re
from collections import Counter
from datetime import timedelta

from cabinet.models import Folder
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from PIL import Image, ImageOps

from articles.models import Article, Byline, Category, Credit, MediaFile, ReadCount, Series
from articles.reads import SLOTS
from articles.uploads import VerifiedFile
from articles.workflow import Verb
from comments.models import Mention, WordRule
from comments.models.rule_change import save_lines
from comments.word_rules.rule_text import STARTER, parse_rules
from newsroom.demo.film import make_film
from newsroom.demo.staff import PROFILES, STAFF, find_or_create_user
from newsroom.demo.stories import (
    Picture,
    read_categories,
    read_pages,
    read_pictures,
    read_stories,
)
from newsroom.demo.thread_writer import ThreadWriter
from newsroom.importing.mapping import Mapping
from newsroom.ranking_renewal import renew_all_rankings
from newsroom.rights import log_no_rights

SOURCE = "demo"
FOLDERS = {"ja": "港湾新報のデモ", "en": "Saltmere Courier demo"}  # of the media library
FIGURE = re.compile(r'<figure data-image="([^"]+)"></figure>')
LINK = re.compile(r'href="article:([^"]+)"')
HOURS_COUNTED = 7 * 24
FILM = "FILM"  # in a body: the address of the film


class Demo:
    """The demo as of ``now``. ``load`` adds its missing items and counts them in ``counts``."""

    def __init__(self, *, now=None, large=False):
        self._now = timezone.localtime(now)
        self._stories = {story.key: story for story in [*read_pages(), *read_stories(large=large)]}
        self._pictures = read_pictures()
        self._categories = read_categories()
        self._mapping = Mapping(SOURCE, dry_run=False)
        self._wanted = {
            "user": [member.login for member in STAFF],
            "profile": [profile.login for profile in PROFILES],
            "word rules": [STARTER.name],
            "category": list(self._categories),
            "picture": sorted(set().union(*map(_find_picture_keys, self._stories.values()))),
            "article": list(self._stories),
            "related": list(self._stories),
        }
        self._known = {
            kind: {key: pk for key, (pk, _check) in self._mapping.load_all(kind).items()}
            for kind in self._wanted
        }
        self.counts = Counter()

    @property
    def is_complete(self):
        return not any(self._list_missing(kind) for kind in self._wanted)

    def find_other_articles(self):
        """Return the articles that are not the demo's."""
        return Article.objects.exclude(pk__in=self._known["article"].values())

    def load(self):
        """Add the missing items; an article and its thread in one transaction."""
        self._load_staff()
        self._load_categories()
        for key in self._list_missing("word rules"):
            self._load_word_rules(key)
        for key in self._list_missing("picture"):
            with transaction.atomic():
                self._record("picture", key, add_to_library(self._pictures[key]))
        staff = self._find_staff()
        for profile in PROFILES:
            if profile.login in self._list_missing("profile"):
                self._load_profile(profile, staff[profile.login])
        for key in self._list_missing("article"):
            with transaction.atomic():
                self._load_story(self._stories[key], staff)
        for key in self._list_missing("related"):
            with transaction.atomic():
                self._link_related(self._stories[key])
        renew_all_rankings()

    def _list_missing(self, kind):
        return [key for key in self._wanted[kind] if key not in self._known[kind]]

    def _record(self, kind, key, row, *, is_new=True):
        self._mapping.save(kind, (key, row.pk, ""))
        self._known[kind][key] = row.pk
        self.counts[kind] += is_new

    def _find_row(self, model, kind, key):
        """Return the row of a key; None if somebody has deleted it."""
        return model.objects.filter(pk=self._known[kind].get(key)).first()

    @transaction.atomic
    def _load_staff(self):
        for member in STAFF:
            if member.login not in self._known["user"]:
                with log_no_rights():
                    user = find_or_create_user(member)
                self._record("user", member.login, user)

    @transaction.atomic
    def _load_profile(self, profile, user):
        """Fill in what readers see of an account, unless somebody has deleted it."""
        if user is None:
            return
        byline = user.byline
        texts = byline.name, byline.name, settings.SITE_NAME
        byline.portrait = add_to_library(Picture(profile.login, *texts, folder="portraits"))
        byline.role, byline.line, byline.mail = profile.role, profile.line, profile.mail
        byline.save()
        self._record("profile", profile.login, byline)

    @transaction.atomic
    def _load_categories(self):
        for key in self._list_missing("category"):
            entry = self._categories[key]
            parent = self._find_row(Category, "category", entry.get("parent"))
            category, is_new = Category.objects.get_or_create(
                slug=key, defaults={"name": entry["name"], "parent": parent}
            )
            self._record("category", key, category, is_new=is_new)

    @transaction.atomic
    def _load_word_rules(self, key):
        moderator = self._find_staff()["moderator"]
        save_lines(parse_rules(STARTER.read_text(encoding="utf-8")), by=moderator)
        self._record("word rules", key, WordRule.objects.first())

    def _find_staff(self):
        """Return {login: user}, with None for an account that somebody has deleted."""
        users = get_user_model().objects.in_bulk(self._known["user"].values())
        return {login: users.get(pk) for login, pk in self._known["user"].items()}

    def _load_story(self, story, staff):
        if Article.objects.filter(slug=story.key).exists():
            self.counts["left out"] += 1
            return
        published_at = story.published_at(self._now)
        written_at = min(published_at, self._now) - timedelta(hours=5)
        article = Article(
            kind=story.kind,
            title=story.title,
            slug=story.key,
            lead=story.lead,
            language=story.language,
            body=self._build_body(story),
            author=staff[story.author],
            category=self._find_row(Category, "category", story.category),
            lead_image=self._find_row(MediaFile, "picture", story.image),
            featured=story.featured,
            series=_find_series(story),
            created_at=written_at,
            updated_at=max(written_at, story.updated_at(self._now)),
            **self._date_corrections(story, staff["editor"]),
        )
        article._history_user = staff[story.author]
        article._history_date = written_at

        def save_parts():
            article.tags.add(*story.tags)
            for position, source in enumerate(story.sources):
                article.sources.create(position=position, **source)
            for position, entry in enumerate(story.signed):
                byline = self._find_byline(entry, staff)
                part = entry.get("part", Credit.Part.TEXT)
                article.credits.create(byline=byline, part=part, position=position)

        article.save_whole(save_parts)
        article._history_date = min(published_at, self._now)
        _set_state(article, story, published_at)
        for mention in story.mentions:
            received_at = published_at + (self._now - published_at) / 3
            Mention.objects.create(article=article, received_at=received_at, **mention)
        self._write_thread(article, story, published_at, staff)
        if story.kind == Article.Kind.ARTICLE:
            count_readings(article, published_at, self._now, len(story.remarks))
        self._record("article", story.key, article)

    def _find_byline(self, entry, staff):
        """Return the byline of an account, or of a guest, who is made at the first article."""
        if "login" in entry:
            return staff[entry["login"]].byline
        names = {name: entry[name] for name in ("name", "role", "kind") if name in entry}
        return Byline.objects.get_or_create(slug=entry["guest"], defaults=names)[0]

    def _build_body(self, story):
        """Return the body with figures of the library and links to the other articles."""

        def figure(match):
            pk = self._known["picture"][match[1]]
            return f'<figure><img data-file="{pk}"><figcaption></figcaption></figure>'

        def link(match):
            return f'href="{reverse("articles:detail", args=[match[1]])}"'

        body = LINK.sub(link, FIGURE.sub(figure, story.body))
        if story.film:
            body = body.replace(FILM, add_film(self._pictures[story.film]).download_file.url)
        return body

    def _date_corrections(self, story, editor):
        if not story.corrections:
            return {}
        moments = [self._now - timedelta(hours=each["hours"]) for each in story.corrections]
        moments = [moment.replace(microsecond=0) for moment in moments]
        entries = [
            {"kind": each["kind"], "text": each["text"], "at": at.isoformat(), "by": editor.pk}
            for each, at in zip(story.corrections, moments, strict=True)
        ]
        return {"corrections": entries, "corrected_at": max(moments)}

    def _write_thread(self, article, story, published_at, staff):
        writer = ThreadWriter(article, published_at=published_at, now=self._now, staff=staff)
        if not story.remarks:
            return
        comments = writer.post_remarks(story.remarks)
        self.counts["comment"] += len(comments)
        self.counts["vote"] += writer.cast_votes(comments)
        writer.moderate(comments)
        writer.feature(comments)

    def _link_related(self, story):
        """Link the related articles. Call it when all articles are loaded."""
        article = self._find_row(Article, "article", story.key)
        if article:
            for position, key in enumerate(story.related):
                other = self._find_row(Article, "article", key)
                if other:
                    article.related_links.get_or_create(
                        related=other, defaults={"position": position}
                    )
            self._record("related", story.key, article)


def add_to_library(picture):
    """Copy a picture into the media library and return its file.

    The library would encode an upload again. These files are ours and tested, so they stay as
    they are, but for those that are cut.
    """
    content = picture.path.read_bytes()
    if picture.crop:
        content = cut_picture(content, picture.crop)
    return MediaFile.objects.create(
        folder=_find_folder(),
        image_file=VerifiedFile(picture.key, "webp", content, "image/webp"),
        image_alt_text=picture.alt,
        caption=picture.caption,
        copyright=picture.credit,
        licence=MediaFile.Licence.OWN,
    )


def cut_picture(content, proportion):
    """Return the middle of a picture in a proportion such as 4:5, as WebP."""
    width, height = map(int, proportion.split(":"))
    with Image.open(io.BytesIO(content)) as image:
        unit = min(image.width // width, image.height // height)
        part = ImageOps.fit(image, (unit * width, unit * height))
    target = io.BytesIO()
    part.save(target, "WEBP", quality=82)
    return target.getvalue()


def add_film(picture):
    """Add a film that moves along a picture to the media library and return its file."""
    film = make_film(picture.path)
    return MediaFile.objects.create(
        folder=_find_folder(),
        download_file=VerifiedFile(picture.key, "webm", film, "video/webm"),
        copyright=picture.credit,
        licence=MediaFile.Licence.OWN,
    )


def count_readings(article, published_at, now, discussed):
    """Count readings by the hour, as readers from many networks leave them: most when the article
    was new, and more of one that is discussed."""
    draw = random.Random(article.slug)
    popularity = draw.randint(20, 90) + 6 * min(discussed, 20)
    age = min(int((now - published_at) / timedelta(hours=1)), HOURS_COUNTED)
    at, counts = now.replace(minute=0, second=0, microsecond=0), []
    for hours in range(max(0, age)):
        since = (now - published_at) / timedelta(hours=1) - hours
        count = round(popularity * draw.uniform(0.6, 1.4) / (1 + since / 5))
        slots = "".join(f"{draw.randrange(SLOTS):04x}" for _reader in range(count))
        if slots:
            moment = at - timedelta(hours=hours)
            counts.append(ReadCount(article=article, hour=moment, slots=slots))
    ReadCount.objects.bulk_create(counts)


def _find_folder():
    name = FOLDERS[settings.LANGUAGE_CODE]
    return Folder.objects.get_or_create(name=name, parent=None)[0]


def _find_series(story):
    if not story.series:
        return None
    slug, *texts = (story.series.get(name, "") for name in ("slug", "title", "description"))
    defaults = dict(zip(("title", "description"), texts, strict=True))
    return Series.objects.get_or_create(slug=slug, defaults=defaults)[0]


def _find_picture_keys(story):
    return {story.image, *FIGURE.findall(story.body)} - {""}


def _set_state(article, story, published_at):
    if story.state == "review":
        article.submit()
    elif story.state != "draft":
        article.status, article.published_at = Article.Status.PUBLISHED, published_at
        article.verb = Verb.IMPORT  # articles link to each other: some before the other is there
        article.save_whole(save_parts=lambda: None)
        if story.state == "withdrawn":
            article._history_date = published_at + timedelta(days=1)
            article.withdraw(note=story.note)
