"""The language of an article. What it says is in this language wherever it is quoted."""

from django.conf import settings
from django.db import models
from django.db.models.query_utils import DeferredAttribute
from django.utils.translation import gettext_lazy as _

from articles.models.phrased import Phrased
from articles.web.languages import JAPANESE, TextInLanguage, name_language


def list_languages():
    """Return the choices of the field; the first is the language of the site."""
    return [("", _("The language of the site")), *settings.LANGUAGES]


def read_language(language, text):
    """Return the code of the language that an article stores; empty is that of the site, unless
    the letters of a text of the article are Japanese."""
    if language or settings.LANGUAGE_CODE == "ja":
        return language or settings.LANGUAGE_CODE
    return "ja" if JAPANESE.search(text) else settings.LANGUAGE_CODE


class TextOfArticle(DeferredAttribute):
    """Reads a text of an article together with its language, a headline with its phrases too."""

    def __get__(self, instance, cls=None):
        text = super().__get__(instance, cls)
        if instance is None or not isinstance(text, str):
            return text
        phrases = ""
        if self.field.name == getattr(instance, "headline_field", ""):
            phrases = instance.__dict__.get("phrases", "")
        language = read_language(getattr(instance, "language", ""), text)
        return TextInLanguage(text, language, phrases)

    def __set__(self, instance, text):
        instance.__dict__[self.field.attname] = str(text) if isinstance(text, str) else text


class InLanguage:
    """A field whose text is in the language of its article."""

    descriptor_class = TextOfArticle

    def get_prep_value(self, value):
        value = super().get_prep_value(value)
        return str(value) if isinstance(value, TextInLanguage) else value

    def deconstruct(self):
        name, _path, args, kwargs = super().deconstruct()
        return name, f"django.db.models.{self.get_internal_type()}", args, kwargs


class LineInLanguage(InLanguage, models.CharField):
    def get_internal_type(self):
        return "CharField"


class ParagraphsInLanguage(InLanguage, models.TextField):
    def get_internal_type(self):
        return "TextField"


class Written(Phrased):
    """An article in a language, by default that of the site."""

    language = models.CharField(
        _("language"), max_length=10, blank=True, default="", choices=list_languages
    )
    title = LineInLanguage(_("title"), max_length=300)
    lead = ParagraphsInLanguage(_("lead"), blank=True)

    class Meta:
        abstract = True

    @property
    def language_code(self):
        return self.title.language

    @property
    def language_mark(self):
        """The attribute ``lang`` of an element that holds the body of the article."""
        return name_language(self.language_code)
