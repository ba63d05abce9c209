"""The forms of readers and moderators."""

import unicodedata

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.characters import OVERRIDES, UNPRINTABLE, is_blank, tidy_text
from comments.models.comment import MAX_LENGTH
from comments.models.states import NEEDING_REASON, PUBLIC_REASONS, Reason
from comments.refusals import NoReason, NoSentence, NoVote, ParentMissing

REPLACEMENT = "\ufffd"  # Django decodes bytes that are not UTF-8 to it


def well_formed(text):
    """Refuse a text whose bytes were not UTF-8."""
    if REPLACEMENT in text:
        raise ValidationError(
            _("The text contains damaged characters. Please correct them."), code="broken"
        )


class PlainField(forms.CharField):
    """A text whose every message is ours."""

    default_error_messages = {
        "max_length": _("Up to %(limit_value)d characters are possible. You wrote %(show_value)d."),
        "null_characters_not_allowed": _("The text contains characters that cannot be displayed."),
    }


class LinesField(PlainField):
    """A text of lines, tidied before its characters are counted; empty if nothing can be seen."""

    def to_python(self, value):
        text = tidy_text(super().to_python(value))
        return "" if is_blank(text) else text


class NameField(PlainField):
    """A name in NFC, before its characters are counted."""

    def to_python(self, value):
        return unicodedata.normalize("NFC", super().to_python(value))


class UnseenField(forms.CharField):
    """A field that only scripts and robots fill in. It takes everything; its readers judge it."""

    def __init__(self):
        super().__init__(required=False, widget=forms.HiddenInput)
        self.validators = []


def build_parent_field():
    """Return the hidden field of the comment that is answered; empty for a top-level comment."""
    message = ParentMissing.message
    return forms.IntegerField(
        required=False,
        min_value=1,
        widget=forms.HiddenInput,
        error_messages={"invalid": message, "min_value": message},
    )


class QuickForm(forms.Form):
    """A form whose valid values can be read without it."""

    @classmethod
    def read(cls, sent):
        """Return the cleaned values of what was sent, or None where a form has errors to show.
        A form of its own, with copies of all fields, takes four times as long."""
        fields = cls.base_fields.items()
        try:
            return {
                name: field.clean(field.widget.value_from_datadict(sent, {}, name))
                for name, field in fields
            }
        except ValidationError:
            return None


class WritingForm(forms.Form):
    """A form for a text. The errors of hidden fields are shown with those of the whole form."""

    use_required_attribute = False

    def clean(self):
        for error in self.errors.get("parent", ()):
            self.add_error(None, error)


class CommentForm(QuickForm, WritingForm):
    """A new comment."""

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
    name = NameField(
        label=_("Name"),
        max_length=40,
        required=False,
        validators=[well_formed],
        help_text=_("Add #secret to get a tripcode that nobody else can use."),
        error_messages={
            "max_length": _(
                "Names can have up to %(limit_value)d characters. Yours has %(show_value)d."
            ),
        },
    )
    website = UnseenField()  # a trap
    token = UnseenField()
    confirmed = forms.BooleanField(required=False)
    parent = build_parent_field()


class EditForm(WritingForm):
    """A new text for a comment, bound to the digest of the text that its writer saw."""

    text = CommentForm.base_fields["text"]
    before = UnseenField()


class StaffForm(WritingForm):
    """A comment of a member of the staff."""

    text = CommentForm.base_fields["text"]
    parent = build_parent_field()

    def clean_text(self):
        text = self.cleaned_data["text"]
        if UNPRINTABLE.search(text) or OVERRIDES.search(text):
            raise ValidationError(
                _("The text contains characters that cannot be displayed."), code="characters"
            )
        return text


def refuse_down_vote(value):
    if value == "-1" and not settings.COMMENT_DOWN_VOTES:
        message = _("This site does not accept votes against comments.")
        raise ValidationError(message, code="down")


class VoteForm(QuickForm):
    """A vote sets a value: 1, 0 to take it back, and -1 where the site has down-votes."""

    value = forms.TypedChoiceField(
        choices=[(1, "1"), (0, "0"), (-1, "-1")],
        coerce=int,
        validators=[refuse_down_vote],
        error_messages={"required": NoVote.message, "invalid_choice": NoVote.message},
    )


class ReportForm(forms.Form):
    """A reader's complaint about a comment: a reason, and the reader's own words."""

    HINTS = {
        Reason.SPAM: _("Leads to goods or sites, or repeats itself"),
        Reason.ABUSE: _("Insults or threatens somebody"),
        Reason.HATE: _("Despises people for origin, sex, disability or faith"),
        Reason.PRIVACY: _("Names an address, a number, a workplace"),
        Reason.OFF_TOPIC: _("Concerns neither the article nor the thread"),
        Reason.ILLEGAL: _("Announces a crime, or breaks the law"),
        Reason.OTHER: _("Something else that the rules forbid"),
    }

    reason = forms.ChoiceField(
        label=_("Why are you reporting this comment?"),
        choices=PUBLIC_REASONS,
        error_messages={"required": NoReason.message, "invalid_choice": NoReason.message},
    )
    text = PlainField(
        label=_("Details"),
        max_length=2_000,
        required=False,
        validators=[well_formed],
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    use_required_attribute = False

    @property
    def choices(self):
        """The reasons as (value, label, hint)."""
        return [(value, label, self.HINTS[value]) for value, label in PUBLIC_REASONS]


class ObjectionForm(forms.Form):
    """What a writer says against the decision about a comment."""

    use_required_attribute = False

    text = LinesField(
        label=_("Why should the comment be shown?"),
        max_length=500,
        strip=False,
        validators=[well_formed],
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Please say in a sentence why.")},
    )


class AnswerForm(forms.Form):
    """A moderator's answer to an objection. The note is a sentence for the writer; without it the
    decision cannot stay."""

    use_required_attribute = False

    answer = forms.ChoiceField(choices=[("uphold", "uphold"), ("keep", "keep")])
    note = LinesField(
        label=_("Sentence to the commenter"),
        max_length=500,
        strip=False,
        required=False,
        validators=[well_formed],
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    seen = UnseenField()

    def clean(self):
        fields = super().clean()
        if fields.get("answer") == "keep" and "note" in fields and not fields["note"]:
            self.add_error("note", NoSentence.message)
        return fields


class ErasureForm(forms.Form):
    """A request to erase a comment: the reason that readers see, and the ground, which stays."""

    use_required_attribute = False

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[(reason.value, reason.label) for reason in (Reason.ILLEGAL, Reason.PRIVACY)],
        error_messages={"required": NoReason.message, "invalid_choice": NoReason.message},
    )
    note = LinesField(
        label=_("Ground (court, file number, date)"),
        max_length=500,
        strip=False,
        validators=[well_formed],
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Please say on what ground.")},
    )
    seen = UnseenField()


class DecisionForm(forms.Form):
    """A moderator's decision: the reason that readers see, a note for colleagues, and the stamp
    of what was decided about."""

    reason = forms.ChoiceField(
        label=_("Reason"),
        choices=[("", "---"), (Reason.CHECK.value, Reason.CHECK.label), *PUBLIC_REASONS],
        required=False,
        error_messages={"required": NoReason.message, "invalid_choice": NoReason.message},
    )
    note = PlainField(label=_("Note"), max_length=1_000, required=False)
    seen = UnseenField()

    def __init__(self, *args, verb, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].required = verb in NEEDING_REASON


class UndoForm(forms.Form):
    """Undoing an act: a note for colleagues, and the stamp of what would change."""

    note = DecisionForm.base_fields["note"]
    seen = UnseenField()


class BanForm(forms.Form):
    """A ban: whom, for how many days, the reason that the banned reader sees, a note."""

    READER, NETWORK, WIDE = "reader", "network", "wide"

    whom = forms.ChoiceField(
        choices=[
            (READER, _("This reader")),
            (NETWORK, _("This network: only held")),
            (WIDE, _("The wider network: only held")),
        ]
    )
    days = forms.TypedChoiceField(
        coerce=int,
        choices=[(1, _("1 day")), (7, _("7 days")), (30, _("30 days")), (365, _("1 year"))],
    )
    reason = ReportForm.base_fields["reason"]
    note = PlainField(label=_("Note"), max_length=1_000, required=False)
    seen = UnseenField()
