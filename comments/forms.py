"""The forms of readers and moderators."""

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.models.comment import MAX_LENGTH
from comments.models.states import Reason, Verb
from comments.rendering import UNPRINTABLE, tidy_text

REPLACEMENT = "\ufffd"  # Django decodes bytes that are not UTF-8 to it


# Readers and moderators choose from these; the site itself sets the others.
PUBLIC_REASONS = [
    (reason.value, reason.label)
    for reason in Reason
    if reason not in {Reason.CHECK, Reason.LINKS, Reason.HONEYPOT, Reason.WRITER}
]


def well_formed(text):
    """Refuse a text whose bytes were not UTF-8."""
    if REPLACEMENT in text:
        raise ValidationError(
            _("The text contains damaged characters. Please correct them."), code="broken"
        )


class LinesField(forms.CharField):
    """A text of lines. A browser ends each with CR LF; they count as one character."""

    def to_python(self, value):
        return super().to_python(value).replace("\r\n", "\n")


class CommentForm(forms.Form):
    """A new comment. The hidden parent may be empty: a top-level comment."""

    text = LinesField(
        label=_("Comment"),
        max_length=MAX_LENGTH,
        strip=False,
        validators=[well_formed],
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": None}),
        error_messages={
            "required": _("Please write a comment."),
            "max_length": _(
                "Comments can have up to %(limit_value)d characters. Yours has %(show_value)d."
            ),
        },
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        required=False,
        validators=[well_formed],
        help_text=_("Add #secret to get a tripcode that nobody else can use."),
    )
    website = forms.CharField(required=False, max_length=500)  # people do not see it
    token = forms.CharField(required=False, max_length=500, widget=forms.HiddenInput)
    confirmed = forms.BooleanField(required=False)
    parent = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    use_required_attribute = False

    def clean_text(self):
        text = tidy_text(self.cleaned_data["text"])
        if not text:
            raise ValidationError(self.fields["text"].error_messages["required"], code="required")
        return text


class EditForm(forms.Form):
    """A new text for a comment, bound to the digest of the text that its writer saw."""

    text = CommentForm.base_fields["text"]
    before = forms.CharField(max_length=64, widget=forms.HiddenInput)

    use_required_attribute = False
    clean_text = CommentForm.clean_text


class StaffForm(forms.Form):
    """A comment of a member of the staff."""

    text = CommentForm.base_fields["text"]
    parent = CommentForm.base_fields["parent"]

    use_required_attribute = False

    def clean_text(self):
        text = CommentForm.clean_text(self)
        if UNPRINTABLE.search(text):
            raise ValidationError(
                _("The text contains characters that cannot be displayed."), code="characters"
            )
        return text


class VoteForm(forms.Form):
    """A vote sets a value: 1, 0 to take it back, and -1 where the site has down-votes."""

    value = forms.TypedChoiceField(choices=[(1, "1"), (0, "0"), (-1, "-1")], coerce=int)

    def clean_value(self):
        value = self.cleaned_data["value"]
        if value < 0 and not settings.COMMENT_DOWN_VOTES:
            raise ValidationError(
                _("This site does not accept votes against comments."), code="down"
            )
        return value


class ReportForm(forms.Form):
    """A reader's complaint about a comment: a reason, and the reader's own words."""

    reason = forms.ChoiceField(
        label=_("Why are you reporting this comment?"), choices=PUBLIC_REASONS
    )
    text = forms.CharField(
        label=_("Details"),
        max_length=2_000,
        required=False,
        validators=[well_formed],
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    use_required_attribute = False


class DecisionForm(forms.Form):
    """A moderator's decision: the reason that readers see, a note for colleagues, and the digest
    of the text that was decided about."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "---"), (Reason.CHECK.value, Reason.CHECK.label), *PUBLIC_REASONS],
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=1_000, required=False)
    seen = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, verb, **kwargs):
        super().__init__(*args, **kwargs)
        needs_reason = {Verb.REMOVE, Verb.PRUNE}
        self.fields["reason"].required = verb in needs_reason
