"""Rows with a headline, whose phrases are found when the row is saved."""

from django.db import models
from django.db.models import F

from articles.headline_phrases import split_phrases

BATCH = 500


class PhrasesField(models.TextField):
    """The headline of a row with a mark between its phrases; empty unless it is Japanese."""

    def __init__(self, **options):
        super().__init__(**{"blank": True, "default": "", "editable": False} | options)

    def pre_save(self, row, add):
        row.phrases = row.split_headline()
        return row.phrases

    def deconstruct(self):
        name, _path, args, options = super().deconstruct()
        return name, "django.db.models.TextField", args, options


class Phrased(models.Model):
    """A row with a headline, in ``headline_field``."""

    phrases = PhrasesField()
    headline_field = "title"

    class Meta:
        abstract = True

    def split_headline(self):
        """Return the headline in phrases, as it is now."""
        headline = getattr(self, self.headline_field)
        return split_phrases(headline) if headline.language == "ja" else ""

    def save(self, *args, update_fields=None, **options):
        if update_fields is not None and self.headline_field in update_fields:
            update_fields = {*update_fields, "phrases"}
        super().save(*args, update_fields=update_fields, **options)

    save.alters_data = True


def split_headlines(model, *, dry_run=False):
    """Find the phrases of all rows of a model anew; returns how many have others now."""
    changed, last = 0, 0
    has_version = any(field.name == "version" for field in model._meta.fields)
    while rows := list(_read_batch(model, last)):
        for row in rows:
            phrases = row.split_headline()
            if phrases == row.phrases:
                continue
            changed += 1
            if not dry_run:
                raised = {"version": F("version") + 1} if has_version else {}
                model._base_manager.filter(pk=row.pk).update(phrases=phrases, **raised)
        last = rows[-1].pk
    return changed


def _read_batch(model, last):
    columns = {"phrases", model.headline_field}
    columns |= {field.name for field in model._meta.fields if field.name == "language"}
    return model._base_manager.filter(pk__gt=last).order_by("pk").only(*columns)[:BATCH]
