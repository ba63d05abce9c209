"""Files that enter the library: sent one by one by a script or all at once by a form, then
described together in rows at the top of the list."""

from datetime import timedelta

from cabinet.models import Folder
from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import conditional_escape, format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST

from articles.admin.elsewhere import choose_folder
from articles.admin.library_uses import find_drafted_files
from articles.models import MediaFile
from articles.uploads import verify_upload
from articles.web.paging import read_integer
from articles.web.sentences import join_sentences

MOST = 100  # rows of files that are described together
FRESH = timedelta(days=1)  # how long one may take back what one has sent
ROW = "admin/articles/mediafile/_new_file.html"


class NewFileForm(forms.ModelForm):
    """The texts of a file that has just come. Its fields carry the number of the file."""

    class Meta:
        model = MediaFile
        fields = ["image_alt_text", "caption", "copyright", "licence", "folder"]

    def __init__(self, *args, instance, **kwargs):
        super().__init__(*args, instance=instance, prefix=f"file-{instance.pk}", **kwargs)
        self.fields["folder"].required = False
        for name in ("image_alt_text", "caption", "copyright"):
            self.fields[name].widget.attrs["placeholder"] = self.fields[name].label
        self.fields["image_alt_text"].widget.attrs["placeholder"] = _("What it shows")

    def clean_folder(self):
        return self.cleaned_data["folder"] or self.instance.folder


class SameForm(forms.Form):
    """What fills the empty fields of all rows."""

    caption = forms.CharField(max_length=1000, required=False)
    copyright = forms.CharField(max_length=1000, required=False)
    licence = forms.ChoiceField(choices=MediaFile.Licence.choices, required=False)
    folder = forms.ModelChoiceField(
        Folder.objects.all(), required=False, empty_label=gettext_lazy("Folder for all")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, prefix="same", **kwargs)
        for name in ("caption", "copyright"):
            label = MediaFile._meta.get_field(name).verbose_name
            self.fields[name].widget.attrs["placeholder"] = capfirst(label)


class Intake(admin.ModelAdmin):
    """Takes files in, and what their sender says of them."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("send/", wrap(self.send_view), name="articles_mediafile_send"),
            path("describe/", wrap(self.describe_view), name="articles_mediafile_describe"),
            *super().get_urls(),
        ]

    @method_decorator(require_POST)
    def send_view(self, request):
        """Store the sent files. Answers a script with the row of its file, a form with a page."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        folder = Folder.objects.filter(pk=read_integer(request.POST.get("folder", ""))).first()
        uploads = request.FILES.getlist("file")
        outcomes = [self._store(request.user, upload, folder) for upload in uploads]
        if "json" in request.headers.get("accept", ""):
            return self._answer_script(request, outcomes)
        new = [file.pk for file, _error in outcomes if file]
        for file, error in outcomes:
            if not file:
                messages.warning(request, error)
        if not uploads:
            messages.warning(request, _("Choose the files first."))
        return HttpResponseRedirect(self._list_address(request, new=",".join(map(str, new))))

    def _store(self, user, upload, folder):
        """Return (file, "") or (None, why not)."""
        try:
            verified = verify_upload(upload)
            if same := MediaFile.objects.find_same(verified):
                return None, describe_duplicate(upload.name, same)
            file = MediaFile(folder=folder or choose_folder())
            setattr(file, "image_file" if verified.is_image else "download_file", verified)
            file.changed_by = user
            file.save()
        except ValidationError as error:
            return None, f"{upload.name}: {join_sentences(error.messages)}"
        return file, ""

    def _answer_script(self, request, outcomes):
        for file, error in outcomes:
            if not file:
                return JsonResponse({"errors": [conditional_escape(error)]}, status=400)
            row = {"form": NewFileForm(instance=file), "file": file, "show_folder": True}
            return JsonResponse({"id": file.pk, "html": render_to_string(ROW, row, request)})
        return JsonResponse({"errors": [_("Choose the files first.")]}, status=400)

    def list_new_files(self, request):
        """Return the forms of the files that the address names as new."""
        keys = [read_integer(key) for key in request.GET.get("new", "").split(",")[:MOST]]
        files = MediaFile.objects.filter(pk__in=[key for key in keys if key]).order_by("pk")
        return [NewFileForm(instance=file) for file in files]

    @method_decorator(require_POST)
    def describe_view(self, request):
        """Save the texts of new files, or take back those that the user has sent."""
        keys = [read_integer(key) for key in request.POST.getlist("new")[:MOST]]
        files = MediaFile.objects.filter(pk__in=[key for key in keys if key]).order_by("pk")
        if "discard" in request.POST:
            self._discard(request, files)
            return HttpResponseRedirect(self._list_address(request))
        same = SameForm(request.POST)
        defaults = same.cleaned_data if same.is_valid() else {}
        refused, count = [], 0
        for file in files:
            form = NewFileForm(_fill_in(request.POST, file, defaults), instance=file)
            if self.has_change_permission(request, file) and form.is_valid():
                file.changed_by = request.user
                form.save()
                count += 1
            else:
                refused.append(str(file.pk))
        if refused:
            messages.warning(request, _("Some texts are too long, or you may not change the file."))
        if count:
            message = ngettext(
                "%(count)d file is in the library.", "%(count)d files are in the library.", count
            )
            messages.success(request, message % {"count": count})
        return HttpResponseRedirect(self._list_address(request, new=",".join(refused)))

    def _discard(self, request, files):
        """Delete what the user has just sent and nobody uses."""
        since = timezone.now() - FRESH
        for file in (
            files.unused().filter(created_at__gt=since).exclude(pk__in=find_drafted_files())
        ):
            if set(file.versions.values_list("user", flat=True)) == {request.user.pk}:
                file.delete()

    def _list_address(self, request, new=""):
        """Return the address of the list as it was, with new files."""
        address = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
            address = reverse("admin:articles_mediafile_changelist")
        if not new:
            return address
        return f"{address}{'&' if '?' in address else '?'}new={new}"


def describe_duplicate(name, same):
    """Say that a file is in the library already, with a link to it."""
    address = reverse("admin:articles_mediafile_changelist")
    return format_html(
        _('{name}: already in the library as <a href="{address}">{same}</a>.'),
        name=name,
        address=f"{address}?open={same.pk}",
        same=same,
    )


def _fill_in(data, file, defaults):
    """Return the sent form with what is the same for all where a field of the file is empty."""
    data, prefix = data.copy(), f"file-{file.pk}"
    for name, value in defaults.items():
        if value and not data.get(f"{prefix}-{name}"):
            data[f"{prefix}-{name}"] = getattr(value, "pk", value)
    return data
