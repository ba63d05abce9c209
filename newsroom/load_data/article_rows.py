"""Invented articles, with sections, tags, sources, pictures, revisions and read counts."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.utils import timezone
from taggit.models import Tag

from articles import search
from articles.models import (
    Article,
    ArticleSource,
    Category,
    MediaFile,
    ReadCount,
    RelatedArticle,
    TagName,
)
from articles.workflow import Verb
from newsroom.demo.loading import add_to_library
from newsroom.demo.stories import read_pictures

DAYS = 3_000  # from the oldest article to the newest
SECTIONS = ["国内", "国際", "経済", "社会", "文化", "スポーツ", "科学", "地域"]
PARTS = 3  # of each section
WRITERS = 5
TAGS, TAGS_EACH = 400, 3
PICTURES = 8
PARAGRAPHS = 2_000  # that the bodies choose from
READ_DAYS = 7
BATCH = 1_000


def write_articles(invention, chance, count, *, pictures=PICTURES, progress=lambda done: None):
    """Write so many published articles, the newest last; returns the articles, without bodies.
    They share so many pictures of the demo, unless the library has some."""
    prefix = f"load-{Article.objects.count() + 1}"
    places = _Places(invention, chance, pictures)
    articles = []
    for start in range(0, count, BATCH):
        batch = [
            places.build_article(prefix, number, count)
            for number in range(start, min(start + BATCH, count))
        ]
        Article.objects.bulk_create(batch)
        _write_parts(places, batch)
        for article in batch:
            article.body = ""
            article._prefetched_objects_cache.clear()
        articles += batch
        progress(len(articles))
    _write_revisions(articles)
    _write_reads(chance, articles)
    return articles


class _Places:
    """What articles are made of and filed under."""

    def __init__(self, invention, chance, pictures):
        self._invention, self._chance = invention, chance
        self.now = timezone.now()
        self.sections = _find_sections()
        self.writers = [find_user(f"load-writer-{n}", f"記者 {n}") for n in range(1, WRITERS + 1)]
        names = dict.fromkeys(invention.words[60 : 60 + TAGS])
        known = dict(Tag.objects.filter(name__in=names).values_list("name", "pk"))
        fresh = [Tag(name=name, slug=name) for name in names if name not in known]
        TagName.objects.claim_many(Tag.objects.bulk_create(fresh))
        self.tags = list(Tag.objects.filter(name__in=names).order_by("pk"))
        self.pictures = _find_pictures(pictures)
        self._paragraphs = [invention.write_text(110) for _ in range(PARAGRAPHS)]

    def build_article(self, prefix, number, count):
        draw, invention = self._chance, self._invention
        age = timedelta(days=DAYS) * ((count - number) / count)
        published_at = self.now - max(age, timedelta(hours=1))
        article = Article(
            title=invention.write_phrase(draw.randint(3, 6))[:60],
            slug=f"{prefix}-{number + 1}",
            lead=invention.write_sentence(9),
            body=self._build_body(),
            author=draw.choice(self.writers),
            category=draw.choice(self.sections),
            lead_image=draw.choice(self.pictures) if self._has_picture(0.7) else None,
            featured=draw.random() < 0.01,
            status=Article.Status.PUBLISHED,
            published_at=published_at,
            created_at=published_at,
            updated_at=published_at,
        )
        article.verb = Verb.IMPORT
        return article

    def _build_body(self):
        draw, parts = self._chance, []
        for index in range(draw.randint(7, 14)):
            if index and index % 4 == 0:
                parts.append(f"<h2>{self._invention.write_phrase(3)}</h2>")
            parts.append(f"<p>{draw.choice(self._paragraphs)}</p>")
        if self._has_picture(0.3):
            picture = draw.choice(self.pictures).pk
            parts.insert(2, f'<figure><img data-file="{picture}"></figure>')
        return "".join(parts)

    def _has_picture(self, share):
        return bool(self.pictures) and self._chance.random() < share

    def choose_tags(self):
        """Return some tags; the first are the most frequent."""
        draw, last = self._chance.random, len(self.tags) - 1
        return {self.tags[int(last * draw() ** 2)] for _ in range(TAGS_EACH)}


def _write_parts(places, articles):
    """Write the tags, sources, chosen articles and search entries of new articles."""
    model = ContentType.objects.get_for_model(Article)
    tagged, entries, through = [], [], Article.tags.through
    for article in articles:
        tags = sorted(places.choose_tags(), key=lambda tag: tag.pk)
        tagged += [through(content_type=model, object_id=article.pk, tag=tag) for tag in tags]
        article._prefetched_objects_cache = {"tags": tags, "credits": []}
        entries.append(search.build_entry(article))
    through.objects.bulk_create(tagged)
    ArticleSource.objects.bulk_create(
        ArticleSource(
            article=article,
            title=f"資料 {article.pk}",
            publisher="港湾統計局",
            url=f"https://statistics.example/{article.pk}",
        )
        for article in articles
        if article.pk % 3
    )
    RelatedArticle.objects.bulk_create(
        RelatedArticle(article=article, related=other, position=1)
        for article, other in zip(articles[1:], articles, strict=False)
        if article.pk % 4 == 0
    )
    search.write_entries(entries)


def _write_revisions(articles):
    """Write the first revision of each article, which the database itself copies."""
    model = Article.history.model
    copied = {field.column for field in Article._meta.concrete_fields}
    quote = connection.ops.quote_name
    names = [f.column for f in model._meta.concrete_fields if f.column in copied]
    columns = ", ".join(map(quote, [*names, "history_date", "history_type", "snapshot"]))
    values = ", ".join(map(quote, names))
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {quote(model._meta.db_table)} ({columns})"
            f" SELECT {values}, created_at, '+', '{{}}'"
            f" FROM {quote(Article._meta.db_table)} WHERE id >= %s AND id <= %s",
            [articles[0].pk, articles[-1].pk],
        )


def _write_reads(chance, articles):
    """Write who read lately: the newest articles most."""
    hour = timezone.now().replace(minute=0, second=0, microsecond=0)
    ReadCount.objects.bulk_create(
        (
            ReadCount(
                article=article,
                hour=hour - timedelta(hours=age),
                slots="".join(f"{chance.randrange(65_536):04x}" for _ in range(400 // rank + 2)),
            )
            for rank, article in enumerate(reversed(articles[-200:]), 1)
            for age in range(0, READ_DAYS * 24, 1 + rank // 10)
        ),
        batch_size=BATCH,
    )


def _find_sections():
    """Return the lowest sections, created at the first use."""
    sections = []
    for number, name in enumerate(SECTIONS, 1):
        slug = f"load-section-{number}"
        top, _new = Category.objects.get_or_create(slug=slug, defaults={"name": name})
        for part in range(1, PARTS + 1):
            defaults = {"name": f"{name} {part}", "parent": top}
            child, _new = Category.objects.get_or_create(slug=f"{slug}-{part}", defaults=defaults)
            sections.append(child)
    return sections


def _find_pictures(count):
    known = list(MediaFile.objects.order_by("pk")[:count])
    if known or not count:
        return known
    return [add_to_library(picture) for picture in list(read_pictures().values())[:count]]


def find_user(name, byline):
    """Return an account without a password."""
    users = get_user_model().objects
    return users.filter(username=name).first() or users.create_user(name, display_name=byline)
