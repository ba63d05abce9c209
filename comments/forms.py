"""What readers and moderators may send."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.models import Comment, ModerationAction
from comments.models.comment import MAX_LENGTH
from comments.rendering import normalised

BROKEN = "\ufffd"  # what Django makes of bytes that are not UTF-8


def well_formed(text):
    """Refuse a text whose bytes were not UTF-8."""
    if BROKEN in text:
        raise ValidationError(
            _("The text holds characters that arrived broken. Please mend them."), code="broken"
        )


class CommentForm(forms.Form):
    """A new comment. The hidden parent may be empty: a top-level comment."""

    text = forms.CharField(
        label=_("Comment"),
        max_length=MAX_LENGTH,
        strip=False,
        validators=[well_formed],
        widget=forms.Textarea(attrs={"rows": 6, "maxlength": None}),
        error_messages={"required": _("The comment is empty. Please write something.")},
    )
    name = forms.CharField(
        label=_("Name"),
        max_length=40,
        required=False,
        validators=[well_formed],
        help_text=_("Optional. With #secret behind it, a sign that nobody else can use."),
    )
    parent = forms.IntegerField(required=False, min_value=1, widget=forms.HiddenInput)

    use_required_attribute = False

    def clean_text(self):
        text = normalised(self.cleaned_data["text"])
        if not text:
            raise ValidationError(self.fields["text"].error_messages["required"], code="required")
        return text


class VoteForm(forms.Form):
    """A vote sets a value: 1, or 0 to take it back."""

    value = forms.TypedChoiceField(choices=[(1, "1"), (0, "0")], coerce=int)


class DecisionForm(forms.Form):
    """A moderator's decision: the reason that readers see, and a note for colleagues."""

    reason = forms.ChoiceField(
        label=_("Reason"), choices=[("", "---"), *Comment.Reason.choices], required=False
    )
    note = forms.CharField(label=_("Note"), max_length=1_000, required=False)

    def __init__(self, *args, verb, **kwargs):
        super().__init__(*args, **kwargs)
        needs_reason = {ModerationAction.Verb.REMOVE, ModerationAction.Verb.PRUNE}
        self.fields["reason"].required = verb in needs_reason
