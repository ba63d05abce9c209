"""Forms of the second factor."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_NAME = 64


class NameForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        max_length=LONGEST_NAME,
        help_text=_("So that you recognize it later, for example: phone."),
        widget=forms.TextInput(attrs={"class": "field", "autocomplete": "off"}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "field second-factor__code",
                "autocomplete": "one-time-code",
                "autocapitalize": "off",
                "spellcheck": "false",
            }
        ),
    )


class NewAppForm(NameForm, CodeForm):
    """The code comes last: it changes while one types the name."""

    field_order = ["name", "code"]
