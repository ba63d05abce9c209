"""Where files of the library are used, and what they lack."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from articles.models import Article, MediaFile
from tests import documents, factories
from tests.pictures import in_library

pytestmark = pytest.mark.django_db


def test_uses_follow_the_article():
    lead, card, shown, linked = (
        in_library(),
        in_library(),
        in_library(),
        in_library(upload=SimpleUploadedFile("a.pdf", documents.pdf())),
    )
    body = (
        f'<figure><img data-file="{shown.pk}"></figure>'
        f'<p><a href="{linked.download_file.url}">資料</a></p>'
    )
    article = factories.article(lead_image=lead, card_image=card, body=body)
    uses = {(use.file_id, use.place, use.position) for use in article.media_uses.all()}
    assert uses == {
        (lead.pk, "lead", 0),
        (card.pk, "card", 0),
        (shown.pk, "body", 1),
        (linked.pk, "link", 0),
    }
    assert set(MediaFile.objects.used()) == {lead, card, shown, linked}
    article.body, article.card_image = "<p>文。</p>", None
    article.save()
    assert set(MediaFile.objects.used()) == {lead}
    assert set(MediaFile.objects.unused()) == {card, shown, linked}
    Article.objects.all().delete()
    assert not MediaFile.objects.used().exists()


def test_what_is_missing_is_counted_by_kind():
    in_library(image_alt_text="霧", copyright="港湾新報")
    in_library(decorative=True)
    in_library(copyright="港湾新報")
    in_library(upload=SimpleUploadedFile("a.pdf", documents.pdf()))
    counts = MediaFile.objects.count_kinds()
    assert counts == {"": 4, "no_alt": 1, "no_credit": 1, "used": 0, "unused": 4}
