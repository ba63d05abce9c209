"""One file beside the list: its texts, saved as one types, its crops, edits, uses and history."""

from dataclasses import dataclass
from posixpath import basename

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import FileResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.formats import date_format
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST
from imagefield.backend_base import calculate_crop_box

from articles.models import MediaFile
from articles.picture_edits import read_focal_point, write_focal_point
from articles.renditions import CARD, ROW
from articles.state_cells import read_state
from articles.web.paging import read_integer
from articles.web.sentences import join_sentences

MOST_USES, MOST_VERSIONS = 50, 30
CROPS = ((gettext_lazy("lists"), ROW), (gettext_lazy("social networks"), CARD))
SIDES = ("left", "top", "right", "bottom")
OF_PICTURES = ("image_alt_text", "decorative", "x", "y")
TURNS = {"left": 270, "right": 90}


class DetailForm(forms.ModelForm):
    """The texts of a file, and the focal point in percent. ``only`` names the fields that were
    changed, so that two people who change others overwrite nothing."""

    x = forms.FloatField(min_value=0, max_value=100, required=False)
    y = forms.FloatField(min_value=0, max_value=100, required=False)

    class Meta:
        model = MediaFile
        fields = ["image_alt_text", "decorative", "caption", "copyright", "licence", "folder"]
        widgets = {
            name: forms.Textarea(attrs={"rows": 2, "maxlength": 1000})
            for name in ("image_alt_text", "caption")
        }

    def __init__(self, *args, instance, only=(), **kwargs):
        super().__init__(*args, instance=instance, **kwargs)
        if not instance.is_image:
            for name in OF_PICTURES:
                del self.fields[name]
        for name in self.fields.keys() - set(only) if only else ():
            del self.fields[name]
        if "x" not in self.fields or "y" not in self.fields:
            return
        for name, share in zip("xy", read_focal_point(instance.image_ppoi), strict=True):
            self.initial[name] = round(100 * share)
            self.fields[name].widget.attrs |= {
                "min": 0,
                "max": 100,
                "step": 1,
                "inputmode": "numeric",
            }

    def clean_image_alt_text(self):
        return " ".join(self.cleaned_data["image_alt_text"].split())

    def clean_caption(self):
        return " ".join(self.cleaned_data["caption"].split())

    def save(self, commit=True):
        x, y = (self.cleaned_data.get(name) for name in "xy")
        point = [round(100 * share) for share in read_focal_point(self.instance.image_ppoi)]
        if None not in (x, y) and [x, y] != point:
            self.instance.image_ppoi = write_focal_point(x / 100, y / 100)
        return super().save(commit)


@dataclass(frozen=True, slots=True)
class Crop:
    """A rendition that is cut: its name, its size, and the part of the picture that it shows."""

    label: str
    size: tuple
    view: str

    @classmethod
    def of(cls, file, label, size):
        whole = file.image_width, file.image_height
        point = read_focal_point(file.image_ppoi)
        left, top, width, height = calculate_crop_box(*whole, *size, point)
        return cls(label, size, f"{left} {top} {width} {height}")


class Detail(admin.ModelAdmin):
    """The answers to the forms of one file."""

    def get_urls(self):
        wrap = self.admin_site.admin_view
        return [
            path("<int:pk>/texts/", wrap(self.texts_view), name="articles_mediafile_texts"),
            path("<int:pk>/edit/", wrap(self.edit_view), name="articles_mediafile_edit"),
            path(
                "<int:pk>/kept/<int:version>/", wrap(self.kept_view), name="articles_mediafile_kept"
            ),
            *super().get_urls(),
        ]

    def build_detail(self, request):
        """Return what the list shows of the file that its address opens; None without one."""
        pk = read_integer(request.GET.get("open", ""))
        file = MediaFile.objects.filter(pk=pk).select_related("folder").first() if pk else None
        if file is None:
            return None
        uses = file.uses.select_related("article").defer("article__body", "article__lead")
        uses = uses.order_by("-article__published_at", "-article_id")
        x, y = read_focal_point(file.image_ppoi)
        return {
            "file": file,
            "form": DetailForm(instance=file),
            "may_change": self.has_change_permission(request, file),
            "may_delete": self.has_delete_permission(request, file),
            "uses": [(use, read_state(use.article)) for use in uses[:MOST_USES]],
            "versions": [*file.versions.select_related("user")[:MOST_VERSIONS]],
            "crops": [Crop.of(file, *crop) for crop in CROPS] if file.is_image else [],
            "focus": (round(x * (file.image_width or 0)), round(y * (file.image_height or 0))),
            "sides": list_sides(),
        }

    def _find(self, request, pk):
        file = get_object_or_404(MediaFile, pk=pk)
        if not self.has_change_permission(request, file):
            raise PermissionDenied
        file.changed_by = request.user
        return file

    @method_decorator(require_POST)
    def texts_view(self, request, pk):
        """Save the fields of a file. A script gets the time, a form the list again."""
        file = self._find(request, pk)
        form = DetailForm(request.POST, instance=file, only=request.POST.getlist("only"))
        errors = [error for each in form.errors.values() for error in each]
        if not errors:
            form.save()
        if "json" in request.headers.get("accept", ""):
            if errors:
                return JsonResponse({"errors": errors}, status=400)
            return JsonResponse({"saved": date_format(timezone.localtime(), "H:i")})
        for error in errors:
            messages.warning(request, error)
        return self._return_to(request, pk)

    @method_decorator(require_POST)
    def edit_view(self, request, pk):
        """Crop, rotate or replace a file, or restore an earlier one."""
        file = self._find(request, pk)
        try:
            self._edit(request, file)
        except ValidationError as error:
            messages.warning(request, join_sentences(error.messages))
        else:
            messages.success(request, _("Saved. The file keeps its address."))
        return self._return_to(request, pk)

    def _edit(self, request, file):
        verb = request.POST.get("verb", "")
        if verb == "crop":
            file.crop(_read_box(request.POST))
        elif verb == "rotate" and request.POST.get("turn") in TURNS:
            file.rotate(TURNS[request.POST["turn"]])
        elif verb == "replace" and request.FILES.get("file"):
            file.file = request.FILES["file"]
            file.save()
        elif verb == "restore":
            versions = file.versions.exclude(content="")
            file.restore(
                get_object_or_404(versions, pk=read_integer(request.POST.get("version", "")))
            )
        else:
            raise ValidationError(_("Choose a file first."))

    def kept_view(self, request, pk, version):
        """Send a file as it was before a change, to those who may see the library."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        versions = get_object_or_404(MediaFile, pk=pk).versions.exclude(content="")
        content = get_object_or_404(versions, pk=version).content
        return FileResponse(content.open(), as_attachment=True, filename=basename(content.name))

    def _return_to(self, request, pk):
        address = request.POST.get("next", "")
        if not url_has_allowed_host_and_scheme(address, allowed_hosts={request.get_host()}):
            address = f"{reverse('admin:articles_mediafile_changelist')}?open={pk}"
        return HttpResponseRedirect(address)


def list_sides():
    """Return (name, label, percent) of the sides of a crop, before anything is cut off."""
    return [
        ("left", _("Left"), 0),
        ("top", _("Top"), 0),
        ("right", _("Right"), 100),
        ("bottom", _("Bottom"), 100),
    ]


def _read_box(data):
    """Return left, top, right and bottom from 0 to 1; raises ``ValidationError``."""
    try:
        box = [min(100.0, max(0.0, float(data.get(side, "")))) / 100 for side in SIDES]
    except ValueError as error:
        raise ValidationError(_("The sides of a crop are numbers from 0 to 100.")) from error
    if not all(side == side for side in box):  # not a number
        raise ValidationError(_("The sides of a crop are numbers from 0 to 100."))
    return tuple(box)
