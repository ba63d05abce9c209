"""The question that a form asks before it leaves out parts of a body."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from articles.admin.elsewhere import LEAVE, TAKE
from articles.body.losses import find_losses


class LossesForm(forms.ModelForm):
    """Refuses a body with parts that cannot be stored until the editor decides about them."""

    elsewhere = forms.ChoiceField(
        label=_("What cannot be stored"),
        choices=[(TAKE, _("Take the pictures into the library")), (LEAVE, _("Leave it out"))],
        required=False,
        widget=forms.HiddenInput,
    )

    def clean(self):
        cleaned = super().clean()
        losses = find_losses(cleaned.get("body") or "")
        if losses and cleaned.get("elsewhere") != LEAVE:
            field = self.fields["elsewhere"]
            field.widget = forms.RadioSelect(choices=field.choices)
            question = _("Choose below what is to happen with it. Nothing is saved yet.")
            error = [*losses.sentences, question]
            self.add_error("body", ValidationError([ValidationError(each) for each in error]))
        return cleaned
