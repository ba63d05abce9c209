"""Brings the demo into the database, once: what is there stays as people left it.

What was loaded is noted as an ``ImportedItem`` of the source ``demo``. A thing that is noted is
never written again, whether somebody has changed, renamed or deleted it since.
"""

import re
from collections import Counter
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from articles.models import Article, Category, MediaFile
from comments.models import Mention
from newsroom.demo import chatter
from newsroom.demo.library import shelve
from newsroom.demo.staff import enrol
from newsroom.demo.stories import CATEGORIES, STAFF, pages, pictures, stories
from newsroom.demo.thread_writer import ThreadWriter
from newsroom.imported import Mapping

SOURCE = "demo"
FIGURE = re.compile(r'<figure data-image="([^"]+)"></figure>')
LINK = re.compile(r'href="article:([^"]+)"')


class Demo:
    """The demo as it is to be at a moment; ``load`` adds what is missing of it."""

    def __init__(self, *, now=None, large=False):
        self._now = timezone.localtime(now)
        self._stories = [*pages(), *stories(large=large)]
        self._pictures = pictures()
        self._mapping = Mapping(SOURCE, dry_run=False)
        self._wanted = {
            "user": [member.login for member in STAFF],
            "category": [key for key, _name, _parent in CATEGORIES],
            "picture": sorted({key for story in self._stories for key in _pictures_of(story)}),
            "article": [story.key for story in self._stories],
            "related": [story.key for story in self._stories],
        }
        self._known = {
            kind: {key: pk for key, (pk, _check) in self._mapping.all_of(kind).items()}
            for kind in self._wanted
        }
        self.made = Counter()

    @property
    def is_complete(self):
        return not any(self._missing(kind) for kind in self._wanted)

    def other_articles(self):
        """The articles that are not the demo's."""
        return Article.objects.exclude(pk__in=self._known["article"].values())

    def load(self):
        """Add what is missing. An article comes with its thread or not at all."""
        self._load_staff()
        self._load_categories()
        for key in self._missing("picture"):
            with transaction.atomic():
                self._note("picture", key, shelve(self._pictures[key]).pk)
        staff = self._staff()
        by_key = {story.key: story for story in self._stories}
        for key in self._missing("article"):
            with transaction.atomic():
                self._load_story(by_key[key], staff)
        for key in self._missing("related"):
            with transaction.atomic():
                self._relate(by_key[key])

    def _missing(self, kind):
        return [key for key in self._wanted[kind] if key not in self._known[kind]]

    def _note(self, kind, key, pk, *, is_new=True):
        self._mapping.remember(kind, (key, pk, ""))
        self._known[kind][key] = pk
        self.made[kind] += is_new

    def _row(self, model, kind, key):
        """Return the row that a key stands for; None where somebody has deleted it."""
        return model.objects.filter(pk=self._known[kind].get(key)).first()

    @transaction.atomic
    def _load_staff(self):
        for member in STAFF:
            if member.login not in self._known["user"]:
                user, is_new = enrol(member)
                self._note("user", member.login, user.pk, is_new=is_new)

    @transaction.atomic
    def _load_categories(self):
        for key, name, parent in CATEGORIES:
            if key in self._known["category"]:
                continue
            category = Category.objects.filter(slug=key).first()
            is_new = category is None
            if is_new:
                above = self._row(Category, "category", parent) if parent else None
                category = Category.objects.create(slug=key, name=name, parent=above)
            self._note("category", key, category.pk, is_new=is_new)

    def _staff(self):
        """Return {login: user}, None where somebody has deleted the account."""
        users = get_user_model().objects.in_bulk(self._known["user"].values())
        return {login: users.get(pk) for login, pk in self._known["user"].items()}

    def _load_story(self, story, staff):
        if Article.objects.filter(slug=story.key).exists():
            self.made["left out"] += 1
            return
        published_at = story.published_at(self._now)
        written_at = min(published_at, self._now) - timedelta(hours=5)
        article = Article(
            kind=story.kind,
            title=story.title,
            slug=story.key,
            lead=story.lead,
            body=self._body(story),
            author=staff[story.author],
            category=self._row(Category, "category", story.category),
            lead_image=self._row(MediaFile, "picture", story.image),
            featured=story.featured,
            created_at=written_at,
            updated_at=max(written_at, story.updated_at(self._now)),
        )
        article._history_user = staff[story.author]
        article._history_date = written_at

        def save_parts():
            article.tags.add(*story.tags)
            for position, source in enumerate(story.sources):
                article.sources.create(position=position, **source)

        article.save_whole(save_parts)
        article._history_date = min(published_at, self._now)
        _bring_to_state(article, story, published_at)
        for mention in story.mentions:
            received_at = published_at + (self._now - published_at) / 3
            Mention.objects.create(article=article, received_at=received_at, **mention)
        self._write_thread(article, story, published_at, staff)
        self._note("article", story.key, article.pk)

    def _body(self, story):
        """Return the body with its figures from the library and its links to other articles."""

        def figure(match):
            pk = self._known["picture"][match[1]]
            return f'<figure><img data-file="{pk}"><figcaption></figcaption></figure>'

        def link(match):
            return f'href="{reverse("articles:detail", args=[match[1]])}"'

        return LINK.sub(link, FIGURE.sub(figure, story.body))

    def _write_thread(self, article, story, published_at, staff):
        writer = ThreadWriter(article, published_at=published_at, now=self._now, staff=staff)
        if story.large:
            made = writer.insert(chatter.remarks())
        elif story.remarks:
            made = writer.post(story.remarks)
        else:
            return
        self.made["comment"] += len(made)
        self.made["vote"] += writer.vote(made)
        writer.moderate(made)

    def _relate(self, story):
        """Link the related articles, once all are there."""
        article = self._row(Article, "article", story.key)
        if article:
            for position, key in enumerate(story.related):
                other = self._row(Article, "article", key)
                if other:
                    article.related_links.get_or_create(
                        related=other, defaults={"position": position}
                    )
            self._note("related", story.key, article.pk)


def _pictures_of(story):
    return {story.image, *FIGURE.findall(story.body)} - {""}


def _bring_to_state(article, story, published_at):
    if story.state == "review":
        article.submit()
    elif story.state != "draft":
        article.publish(at=published_at)
        if story.state == "withdrawn":
            article._history_date = published_at + timedelta(days=1)
            article.withdraw(note=story.note)
