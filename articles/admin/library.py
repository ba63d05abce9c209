"""The admin of the media library: folders, drag-and-drop uploads, the picker of the rich text."""

from cabinet.admin import FileAdmin
from cabinet.base_admin import FileTypeFilter, FolderListFilter
from cabinet.ckeditor import CKFileBrowserChangeList, Link
from cabinet.models import Folder
from django import forms
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied, ValidationError
from django.db import transaction
from django.forms.widgets import Script
from django.http import JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from articles.admin.deletion import GentleDeletion
from articles.admin.insertion import Insertion
from articles.models import Article, MediaFile
from articles.models.media_file import VERIFIERS

THUMBNAIL = (90, 60)  # pixels; the image is the rendition "row"


class VerifiedField(forms.FileField):
    """A file field that passes each upload to ``verify``, which returns a file or raises."""

    def __init__(self, *, verify, **kwargs):
        super().__init__(**kwargs)
        self.verify = verify

    def to_python(self, upload):
        upload = super().to_python(upload)
        return upload and self.verify(upload)


class MediaFileForm(forms.ModelForm):
    def _post_clean(self):
        """If a file was refused, show the reason without the error that a file is missing."""
        super()._post_clean()
        if self.errors.keys() & {"image_file", "download_file"}:
            self.errors.pop(NON_FIELD_ERRORS, None)


class FolderFilter(FolderListFilter):
    """The open folder. Without one the list shows the newest files of all folders."""

    def queryset(self, request, queryset):
        if not request.GET.get("folder__id__exact"):
            return queryset
        return super().queryset(request, queryset)


class Picker(CKFileBrowserChangeList):
    """The list that the rich-text editor opens; a click inserts the file into the text."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for column in self.list_display:
            if isinstance(column, Link):
                column.short_description = getattr(self.model_admin, column.name).short_description


@admin.register(MediaFile)
class MediaFileAdmin(GentleDeletion, Insertion, FileAdmin):
    form = MediaFileForm
    list_display = ["admin_thumbnail", "admin_file_name", "texts", "admin_created_at"]
    list_filter = [("folder", FolderFilter), FileTypeFilter]
    list_per_page = 50
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    ordering = ["-pk"]
    search_fields = ["file_name", "image_alt_text", "caption", "copyright"]
    change_list_template = "admin/articles/mediafile/change_list.html"
    readonly_fields = ["used_in"]
    formfield_overrides = {
        type(MediaFile._meta.get_field(name)): {"form_class": VerifiedField, "verify": verify}
        for name, verify in VERIFIERS.items()
    }

    @property
    def media(self):
        """Assets with our own upload script: cabinet's cannot show why an upload failed."""
        return admin.ModelAdmin.media.fget(self) + forms.Media(
            css={"all": ["admin_newsroom/library.css"]},
            js=[
                "admin/js/jquery.init.js",
                "cabinet/ckeditor.js",
                Script("admin_newsroom/library.js", type="module"),
            ],
        )

    def get_changelist(self, request, **kwargs):
        return Picker if request.GET.get("CKEditorFuncNum") else ChangeList

    # The list and the form

    @admin.display(description=_("picture"))
    def admin_thumbnail(self, file):
        if not file.is_image:
            return format_html('<span class="library__kind">{}</span>', file.download_type.upper())
        return format_html(
            '<img class="library__thumbnail" src="{}" alt="{}" width="{}" height="{}">',
            file.image_file.row,
            file.image_alt_text or _("No alternative text"),
            *THUMBNAIL,
        )

    @admin.display(description=_("alternative text, caption, credit"))
    def texts(self, file):
        texts = [file.caption, file.copyright and f"© {file.copyright}"]
        if file.is_image:
            missing = format_html('<em class="library__missing">{}</em>', _("No alternative text"))
            decorative = file.decorative and _("Decorative")
            texts.insert(0, file.image_alt_text or decorative or missing)
        return format_html_join("", "<div>{}</div>", ((text,) for text in texts if text))

    @admin.display(description=_("used in"))
    def used_in(self, file):
        links = (
            (reverse("admin:articles_article_change", args=[article.pk]), article)
            for article in Article.objects.showing(file.pk).defer("body")
        )
        return format_html_join("", '<div><a href="{}">{}</a></div>', links) or "–"

    def get_fieldsets(self, request, obj=None):
        picture = [
            "image_file",
            "image_ppoi",
            "image_alt_text",
            "decorative",
            "caption",
            "copyright",
        ]
        if obj is None:
            return [
                (_("Picture"), {"fields": [*picture, "folder"]}),
                (_("Or a downloadable file"), {"fields": ["download_file"]}),
            ]
        fields = picture if obj.is_image else ["download_file", "caption", "copyright"]
        return [(None, {"fields": [*fields, "folder", "used_in"]})]

    def get_changeform_initial_data(self, request):
        """Preselect the folder of the newest file."""
        folders = MediaFile.objects.order_by("-pk").values_list("folder", flat=True)
        folder = folders.first() or Folder.objects.values_list("pk", flat=True).first()
        return {"folder": folder, **super().get_changeform_initial_data(request)}

    def list_protecting(self, files):
        """Return the articles whose bodies show the files; the database protects lead images."""
        return [
            _("%(file)s in “%(article)s”") % {"file": file, "article": article}
            for file in files
            for article in Article.objects.illustrated_by(file.pk).defer("body")
        ]

    # Views

    def changelist_view(self, request, extra_context=None):
        """Use the name of the open folder as the title."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cabinet" in context:
            context["title"] = context["cabinet"].get("folder") or _("Media library")
        return response

    def get_urls(self):
        view = self.admin_site.admin_view(self.thumbnail)
        return [
            path("<int:pk>/thumbnail/", view, name="articles_mediafile_thumbnail"),
            *super().get_urls(),
        ]

    def thumbnail(self, request, pk):
        """Redirect to the small picture of a file."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        file = get_object_or_404(MediaFile.objects.exclude(image_file=""), pk=pk)
        return redirect(file.image_file.row)

    def upload(self, request):
        """Save a file that was dropped onto the list, or return the reason for refusing it."""
        try:
            with transaction.atomic():
                return super().upload(request)
        except ValidationError as error:
            return JsonResponse({"success": False, "errors": error.messages}, status=400)
