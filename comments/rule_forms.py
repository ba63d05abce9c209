"""The forms of the word rules."""

import hashlib

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from comments.forms import PlainField, UnseenField
from comments.models import WordRule
from comments.rule_matcher import compile_rules
from comments.word_rules.rule_text import (
    LONGEST_NOTE,
    LONGEST_WORD,
    RuleTextError,
    check_word,
    parse_rules,
)

LONGEST_TEXT = 1_000_000  # characters of a text of rules


class WordRuleForm(forms.Form):
    """A word rule. A class of patterns is written between slashes: ``/line/``.

    ``tried`` is the digest of the rule whose hits were shown.
    """

    text = PlainField(
        label=_("Word, or the name of a pattern as in /line/"),
        max_length=LONGEST_WORD + 2,
        error_messages={"required": _("The word is missing.")},
    )
    action = forms.ChoiceField(
        label=_("action"),
        choices=WordRule.Action,
        widget=forms.Select(attrs={"class": "field"}),
    )
    allowed = PlainField(
        label=_("Allowed words, one a line"),
        max_length=5_000,
        required=False,
        help_text=_("Inside these the word is no hit."),
    )
    note = PlainField(label=_("Note"), max_length=LONGEST_NOTE, required=False)
    tried = UnseenField()

    use_required_attribute = False

    def __init__(self, *args, rule=None, **kwargs):
        self.rule = rule or WordRule()
        initial = {
            "text": str(self.rule),
            "action": self.rule.action,
            "allowed": self.rule.allowed,
            "note": self.rule.note,
        }
        super().__init__(*args, initial=initial, **kwargs)

    def clean(self):
        # Its comments and its changes belong to the word: another word is another rule.
        written = str(self.rule) if self.rule.pk else self.cleaned_data.get("text", "")
        is_pattern = len(written) > 2 and written[0] == written[-1] == "/"
        kind = WordRule.Kind.PATTERN if is_pattern else WordRule.Kind.WORD
        text = written.strip("/") if is_pattern else written
        if written and (fault := check_word(kind, text)):
            self.add_error("text", fault)
        same = WordRule.objects.listed().filter(kind=kind, text=text).exclude(pk=self.rule.pk)
        if written and same.exists():
            self.add_error("text", _("This word already has a rule."))
        if not self.errors:
            lines = self.cleaned_data["allowed"].splitlines()
            self.rule.kind, self.rule.text = kind, text
            self.rule.action = self.cleaned_data["action"]
            self.rule.allowed = "\n".join(filter(None, map(str.strip, lines)))
            self.rule.note = self.cleaned_data["note"]

    @property
    def digest(self):
        """A hash of what the hits of the rule depend on."""
        return _digest(f"{self.rule}\n{self.rule.allowed}")

    @property
    def is_tried(self):
        return self.cleaned_data.get("tried") == self.digest

    @property
    def matcher(self):
        return compile_rules([self.rule])


class RuleTextForm(forms.Form):
    """Rules as text. ``tried`` is the digest of the text whose hits were shown."""

    rules = PlainField(
        label=_("Rules, one a line"),
        max_length=LONGEST_TEXT,
        error_messages={"required": _("There are no rules in the text.")},
    )
    tried = UnseenField()

    use_required_attribute = False

    def clean_rules(self):
        try:
            self.lines = parse_rules(self.cleaned_data["rules"])
        except RuleTextError as error:
            message = _("Line %(line)d: %(sentence)s")
            raise ValidationError(
                [message % {"line": line, "sentence": sentence} for line, sentence in error.faults]
            ) from error
        return self.cleaned_data["rules"]

    @property
    def digest(self):
        return _digest(self.cleaned_data["rules"])

    @property
    def is_tried(self):
        return self.cleaned_data.get("tried") == self.digest


def _digest(text):
    return hashlib.sha256(text.encode()).hexdigest()[:16]
