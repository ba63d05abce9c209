"""The two forms of an import: its files, then its options."""

from django import forms
from django.conf import settings
from django.utils.text import capfirst
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from articles.upload_limits import MAX_BYTES
from newsroom.import_jobs.import_job import ImportJob
from newsroom.import_jobs.opened_folder import NotInFolder, list_files, list_folders, resolve_name
from newsroom.import_jobs.upload_store import (
    UploadRefused,
    draw_token,
    list_uploaded,
    store_piece,
)
from newsroom.import_sources import SOURCES
from newsroom.importing.import_source import Kind

ALL_ENDINGS = sorted({ending for source in SOURCES.values() for ending in source.endings})


def refuse_taken(token):
    """Raise UploadRefused if an import has these files: a page that was left can be shown again."""
    if token and ImportJob.objects.filter(upload=token).exists():
        raise UploadRefused(
            gettext("This page has created an import already. Reload it and choose your files.")
        )


class SeveralFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    widget = SeveralFilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, (list, tuple)) else [data]
        return [super(SeveralFilesField, self).clean(file, initial) for file in files if file]


class FilesForm(forms.Form):
    """Where the import comes from: files that are uploaded, or some of the opened folder.

    ``upload`` names what the script of the page has sent in pieces.
    """

    source = forms.ChoiceField(label=_("Import from"), widget=forms.RadioSelect)
    upload = forms.CharField(required=False, widget=forms.HiddenInput)
    files = SeveralFilesField(label=_("Export files"), required=False)
    names = forms.MultipleChoiceField(
        label=_("Files in the folder for imports"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["source"].choices = [(each.code, each.label) for each in SOURCES.values()]
        self.fields["source"].initial = next(iter(SOURCES))
        self.fields["files"].widget.attrs |= {
            "accept": ",".join(ALL_ENDINGS),
            "aria-describedby": "id_files_helptext",
        }
        names = list_files(tuple(ALL_ENDINGS))
        self.fields["names"].choices = [(name, name) for name in names]
        if not names:
            del self.fields["names"]

    def clean(self):
        cleaned = super().clean()
        if self.errors:
            return cleaned
        endings = SOURCES[cleaned["source"]].endings
        names = cleaned.get("names", [])
        try:
            cleaned["files"] = self._store(cleaned, endings)
            for name in names:
                resolve_name(name)
        except (UploadRefused, NotInFolder) as error:
            raise forms.ValidationError(str(error)) from error
        if bool(cleaned["files"]) == bool(names):
            raise forms.ValidationError(
                _("Choose files to upload, or files of the folder.")
                if "names" in self.fields
                else _("Choose a file to upload.")
            )
        chosen = cleaned["files"] or names
        if wrong := [name for name in chosen if not name.lower().endswith(endings)]:
            text = _(
                "%(name)s is not a file of this kind. The name must end with one of: %(endings)s."
            )
            raise forms.ValidationError(text % {"name": wrong[0], "endings": ", ".join(endings)})
        return cleaned

    def create_job(self, user, language):
        cleaned = self.cleaned_data
        files = cleaned["files"]
        return ImportJob.objects.upload(
            user,
            source=cleaned["source"],
            files=files or cleaned["names"],
            upload=cleaned["upload"] if files else "",
            language=language,
        )

    def _store(self, cleaned, endings):
        """Store the files that came with the form; return the names of all that are there."""
        token = cleaned["upload"] = cleaned["upload"] or draw_token()
        refuse_taken(token)
        for file in cleaned["files"]:
            store_piece(token, file.name, 0, file.chunks(), endings)
        return list_uploaded(token)


class PieceForm(forms.Form):
    """A piece of a file that the script of the page sends."""

    upload = forms.CharField()
    source = forms.ChoiceField(choices=[(code, code) for code in SOURCES])
    name = forms.CharField(max_length=255)
    offset = forms.IntegerField(min_value=0)
    piece = forms.FileField(allow_empty_file=True)


class OptionsForm(forms.Form):
    """The options that the page offers of a source."""

    def __init__(self, source, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._offered = {option.name: option for option in source.options if option.label}
        for option in self._offered.values():
            if field := _build_field(option):
                self.fields[option.name] = field

    def clean(self):
        cleaned = super().clean()
        for name in self.fields.keys() & cleaned.keys():
            option = self._offered[name]
            try:
                if option.kind is not Kind.FOLDER:
                    option.read(cleaned[name])
                elif cleaned[name]:
                    resolve_name(cleaned[name])
            except (ValueError, NotInFolder) as error:
                self.add_error(name, str(error))
        return cleaned


class LinesField(forms.CharField):
    """Several texts, a line each."""

    widget = forms.Textarea(attrs={"rows": 2, "class": "field"})

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value):
        return [line.strip() for line in super().to_python(value).splitlines() if line.strip()]

    def validate(self, value):
        pass


def _build_field(option):
    """Return the field of an option, or None for a folder where none is opened."""
    sentence = gettext("%s. One per line.") if option.kind is Kind.LINES else gettext("%s.")
    texts = {"label": option.label, "help_text": sentence % capfirst(option.help)}
    texts["required"] = False
    if option.kind is Kind.FLAG:
        return forms.BooleanField(**texts)
    if option.kind is Kind.LINES:
        return LinesField(max_length=2000, **texts)
    if option.kind is Kind.TEXT:
        return forms.CharField(
            max_length=200, widget=forms.TextInput(attrs={"class": "field"}), **texts
        )
    folders = list_folders()
    choices = [("", _("No folder")), *((name, name) for name in folders)]
    return folders and forms.ChoiceField(
        choices=choices, widget=forms.Select(attrs={"class": "field"}), **texts
    )


def describe_limits():
    """Return the most megabytes of an upload, with the script of the page and without it."""
    most = settings.IMPORT_UPLOAD_MB
    return {"most": most, "most_at_once": min(most, MAX_BYTES >> 20)}
