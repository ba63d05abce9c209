"""A small site with a row in every table of an archive, and what its pages say."""

import itertools
import json
from datetime import timedelta
from hashlib import sha256

from cabinet.models import Folder
from django.conf import settings
from django.db import models
from django.utils import timezone

from articles.models import Byline, MediaFile, Redirect
from articles.revisions import store_snapshot
from comments.models import Comment, FeedKey, Measure
from comments.posting import post
from newsroom.models import DeskSubscription
from newsroom.site_archive.archived_tables import TABLES
from tests import factories

PICTURE = "cabinet/2026/ship.webp"
_numbers = itertools.count(1)


def build_site():
    """Write an article of each kind of part, two threads, and a row of every other model."""
    editor = factories.user("editor", "publish_article", is_staff=True, display_name="編集長")
    moderator = factories.moderator()
    port = factories.category("港", slug="port")
    quay = factories.category("岸壁", slug="quay", parent=port)
    picture = add_picture()
    article = factories.article(
        title="港の朝は早い",
        slug="morning",
        body=f'<p>霧が晴れた。</p><figure><img data-file="{picture.pk}"></figure>',
        author=editor,
        category=quay,
        lead_image=picture,
    )
    article.tags.add("港", "霧")
    article.other_categories.add(port)
    article.sources.create(title="航路図", url="https://chart.example/")
    store_snapshot(article)
    article.title = "港の朝はとても早い"
    article.save()
    other = factories.article(slug="evening", category=port)
    fill_thread(article, other, moderator)
    fill_others(article)
    return article


def add_picture():
    """Write a row of the library with a file that is no picture: no page opens it."""
    path = settings.MEDIA_ROOT / PICTURE
    path.parent.mkdir(parents=True)
    path.write_bytes(b"a ship")
    path.with_suffix(".avif").write_bytes(b"a small ship")
    picture = MediaFile(
        folder=Folder.objects.create(name="港"),
        image_file=PICTURE,
        image_width=1500,
        image_height=1000,
        image_alt_text="船",
        file_name="ship.webp",
        file_size=6,
    )
    return MediaFile.objects.bulk_create([picture])[0]


def fill_thread(article, other, moderator):
    """Let the same readers argue under two articles."""
    ann, ben = factories.reader("ann"), factories.reader("ben", network="network of ann")
    first = post(article, text="一番船だ。", reader=ann)
    reply = post(article, text="違うだろう。", reader=ben, parent_id=first.pk)
    last = post(article, text=f">>{first.number} 後で。", reader=ann, parent_id=reply.pk)
    gone = post(article, text="消えた。", reader=ben)
    post(other, text="別の記事。", reader=ann)
    for number in range(4):
        voter = factories.reader(f"voter {number}", network=f"network {number // 2}")
        first.vote(reader=voter, value=1 if number else -1)
    Comment.objects.get(pk=gone.pk).remove(by=moderator, reason="abuse", note="言い過ぎ")
    return last


# What a row of a model needs that another one would not have.
SPECIAL = {
    Byline: {"slug": "guest"},
    Redirect: {"to_path": "/somewhere/"},
    Measure: {"kind": "ban"},
    DeskSubscription: {"secret": "desk-secret-desk-secret"},
    FeedKey: {"secret": "feed-secret-feed-secret"},
}


def fill_others(article):
    """Write a row of each model that has none yet, whatever the model is."""
    for model in (table.model for table in TABLES):
        if not model._base_manager.exists():
            row = model(**_draw_fields(model))
            for name, value in SPECIAL.get(model, {}).items():
                setattr(row, name, value)
            model._base_manager.bulk_create([row])


def _draw_fields(model):
    """Return a value for each field of a row that has no default."""
    values = {}
    for field in model._meta.concrete_fields:
        if field.is_relation:
            values[field.attname] = _find_key(model, field)
        elif not field.has_default() and not field.primary_key and not field.null:
            values[field.name] = _draw(field)
    return values


def _find_key(model, field):
    rows = field.related_model._base_manager.order_by("pk")
    key = rows.values_list("pk", flat=True)
    if model.__name__ == "RelatedArticle" and field.name == "related":
        return key.last()
    return None if field.null else key.first()


def _draw(field):
    number = next(_numbers)
    if field.choices:
        return field.flatchoices[0][0]
    if isinstance(field, models.DateTimeField):
        return timezone.now() - timedelta(minutes=number)
    if isinstance(field, models.IntegerField):
        return number
    if isinstance(field, models.JSONField):
        return {"b": [number, None, "港"], "a": {"深": True}}
    text = sha256(f"{field} {number}".encode()).hexdigest()
    return text[: field.max_length or 64] if field.get_internal_type() != "SlugField" else text[:9]


def read_archive(folder):
    """Return {path: bytes} of the files of an archive."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def read_rows(folder, name):
    """Return the objects of a file of ``data/``."""
    text = (folder / "data" / f"{name}.jsonl").read_text()
    return [json.loads(line) for line in text.splitlines()]


def change_file(folder, name, change):
    """Write a file of an archive anew, as somebody would who gives its checksum too."""
    path, manifest = folder / name, folder / "manifest.json"
    path.write_bytes(change(path.read_bytes()))
    values = json.loads(manifest.read_text())
    values["files"][name] = sha256(path.read_bytes()).hexdigest()
    manifest.write_text(json.dumps(values))
