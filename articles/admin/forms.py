"""The form of an article: its states, its defaults, and conflicts with other editors."""

from datetime import datetime
from enum import Enum

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext_lazy as _

from articles.admin.editor import BodyWidget
from articles.admin.losses_form import LossesForm
from articles.admin.restoring import RestorableForm
from articles.models import Article
from articles.revisions import REASON_LENGTH
from articles.slugs import find_free_slug
from articles.web.html import parse_html
from articles.workflow import Status, Verb, states_open_to

STATE_BUTTON = "_state"  # the name of the buttons that save with a new state


class Button(Enum):
    """A button of the form: the state that it asks for, and what its save is meant to do."""

    REVIEW = "review"
    PUBLISH = "published"
    SCHEDULE = "scheduled"
    DRAFT = "draft"

    @property
    def status(self):
        return Status.PUBLISHED if self is Button.SCHEDULE else Status(self.value)

    @property
    def verb(self):
        verbs = {Button.PUBLISH: Verb.PUBLISH, Button.SCHEDULE: Verb.SCHEDULE}
        return verbs.get(self, Verb.SAVE)


def extract_content(article):
    """Return what readers see of an article, the body as its words, pictures and links.

    The editor normalizes imported bodies (paragraphs in cells and the like); readers see no
    difference.
    """
    body = parse_html(article.body)
    words = "".join(body.text_content().split())
    references = body.xpath(".//img/@data-file | .//a/@href")
    return article.title, article.lead, article.lead_image_id, words, references


def read_button(data):
    """Return the button that was pressed, or None."""
    value = data.get(STATE_BUTTON) if data else None
    return Button(value) if value in {button.value for button in Button} else None


class ArticleForm(RestorableForm, LossesForm):
    """The form of one request; the admin sets ``user``, ``restored`` and ``refused`` on a class for
    it."""

    user = restored = None  # ``restored``: the fields of a working copy
    refused = ()  # pairs of field and errors, which the form has besides its own
    minor = forms.BooleanField(
        label=_("Minor change"),
        required=False,
        help_text=_("A typo or the like: the date of the update does not change."),
    )
    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=REASON_LENGTH,
        help_text=_("A note for the history; readers do not see it."),
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)  # the newest revision

    class Meta:
        widgets = {
            "body": BodyWidget,
            "status": forms.HiddenInput,
            "title": forms.Textarea(attrs={"rows": 1, "placeholder": _("Title")}),
            "lead": forms.Textarea(attrs={"rows": 2, "placeholder": _("Lead")}),
            "seo_description": forms.Textarea(attrs={"rows": 2}),
        }

    def __init__(self, data=None, files=None, *, instance=None, **kwargs):
        self.stored = Article.objects.filter(pk=instance.pk).first() if instance else None
        self.state = self.stored.status if self.stored else Status.DRAFT
        self.button = read_button(data)
        if data is not None:  # only a button changes the state
            data = data.copy()
            data["status"] = self.button.status if self.button else self.state
        self.newest = self.stored and self.stored.history.select_related("history_user").first()
        kwargs["initial"] = {
            "seen": self.newest and self.newest.pk,
            **(kwargs.get("initial") or {}),
        }
        data = self.restored if data is None else data
        super().__init__(data, files, instance=instance, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        if "status" in self.fields:
            states = states_open_to(self.user, self.state)
            self.fields["status"].choices = [(state.value, state.label) for state in states]

    @property
    def sets_update(self):
        """Whether a changed text is an update for readers: not for a draft, nor a small change."""
        return self.state == Status.PUBLISHED and not self.cleaned_data.get("minor")

    @property
    def content_changed(self):
        """Whether readers would see a change."""
        stored = self.stored
        return stored is not None and extract_content(stored) != extract_content(self.instance)

    def clean_title(self):
        """Return the title in one line; its field has several, so that long ones are seen."""
        return " ".join(self.cleaned_data["title"].split())

    def clean_slug(self):
        others = Article.objects.exclude(pk=self.instance.pk)
        title = self.cleaned_data.get("title", "")
        return self.cleaned_data["slug"] or find_free_slug(title, among=others, fallback="article")

    def clean(self):
        cleaned = super().clean()
        self._keep_fractions(cleaned)
        status = cleaned.get("status")
        if status == Status.PUBLISHED and "published_at" in self.fields:
            self._clean_date(cleaned)
        if self.button and "status" in self.fields:
            self.instance.verb = self.button.verb
            if self.button is not Button.DRAFT:
                self.instance.return_note = ""  # the writer has answered it
        if status == Status.WITHDRAWN and not cleaned.get("withdrawal_note", "").strip():
            note = _("Tell readers why the article was withdrawn.")
            self.add_error("withdrawal_note", ValidationError(note, code="required"))
        if self.newest and cleaned.get("seen") not in (None, self.newest.pk):
            self.add_error(None, self._build_conflict_error())
        return cleaned

    def _post_clean(self):
        super()._post_clean()
        for name, errors in self.refused:
            if name not in self.errors:
                self.add_error(name if name in self.fields else None, errors)

    def _keep_fractions(self, cleaned):
        """The form shows whole seconds: a moment that nobody changed stays the same moment."""
        for name, moment in cleaned.items():
            stored = getattr(self.stored, name, None)
            if isinstance(moment, datetime) and stored and stored.replace(microsecond=0) == moment:
                cleaned[name] = stored

    def _clean_date(self, cleaned):
        """Without a date only the button publishes, and now; so it does what was scheduled."""
        is_publishing = self.button is Button.PUBLISH
        is_scheduled = self.stored is not None and self.stored.is_scheduled
        is_unmoved = is_scheduled and "published_at" not in self.changed_data
        if "published_at" in self.errors:
            return
        if is_publishing and (is_unmoved or not cleaned.get("published_at")):
            cleaned["published_at"] = timezone.now()
        elif not cleaned.get("published_at") and self.button is not Button.SCHEDULE:
            error = ValidationError(_("A published article needs a publication date."))
            self.add_error("published_at", error)

    def _build_conflict_error(self):
        message = _(
            "%(who)s saved this article at %(time)s, after you opened it. Your text "
            "is still in the form. Once it has no errors, saving shows where you overlap."
        )
        if self.newest.history_user == self.user:
            message = _(
                "You saved this article in another tab at %(time)s. Your text is still in the "
                "form. Once it has no errors, saving shows where both overlap."
            )
        return ValidationError(
            message,
            code="changed",
            params={
                "who": self.newest.history_user or _("Another user"),
                "time": time_format(timezone.localtime(self.newest.history_date), "H:i"),
            },
        )


class WithdrawForm(forms.Form):
    """The note that the page of a withdrawn article shows."""

    note = forms.CharField(
        label=Article._meta.get_field("withdrawal_note").verbose_name,
        help_text=Article._meta.get_field("withdrawal_note").help_text,
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
    )
