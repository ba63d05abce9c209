"""The admin of the media library: who may do what, the form of one file, folders."""

from cabinet.base_admin import FileAdminBase, FileTypeFilter
from cabinet.models import Folder
from django import forms
from django.contrib import admin
from django.contrib.admin.utils import unquote
from django.core.exceptions import NON_FIELD_ERRORS, PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html_join
from django.utils.translation import gettext_lazy as _

from articles.admin.deletion import GentleDeletion
from articles.admin.insertion import Insertion
from articles.admin.library_actions import LibraryActions
from articles.admin.library_detail import Detail
from articles.admin.library_intake import Intake, SameForm
from articles.admin.library_list import FolderFilter, KindFilter, LibraryList
from articles.admin.library_uses import find_drafted_files
from articles.models import Article, MediaFile
from articles.models.media_file import VERIFIERS
from articles.upload_limits import MAX_BYTES, MAX_PIXELS
from articles.web.paging import read_integer
from articles.workflow import may_publish


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


@admin.register(MediaFile)
class MediaFileAdmin(GentleDeletion, Insertion, Intake, Detail, LibraryActions, FileAdminBase):
    form = MediaFileForm
    list_display = ["file_name"]
    list_filter = [KindFilter, ("folder", FolderFilter), FileTypeFilter]
    list_per_page = 48  # rows of 6, 4 and 3
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
        """Assets of the forms; the list has its own. cabinet's script is for its own list."""
        return admin.ModelAdmin.media.fget(self) + forms.Media(
            css={"all": ["admin_newsroom/library.css"]}
        )

    def get_changelist(self, request, **kwargs):
        return LibraryList

    # Rights

    def has_change_permission(self, request, obj=None):
        """A file that a public article shows is changed by those who may publish."""
        if not super().has_change_permission(request, obj):
            return False
        if obj is None or may_publish(request.user):
            return True
        return not MediaFile.objects.filter(pk=obj.pk).used_in_public().exists()

    # The form

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
            "licence",
        ]
        if obj is None:
            return [
                (_("Picture"), {"fields": [*picture, "folder"]}),
                (_("Or a downloadable file"), {"fields": ["download_file"]}),
            ]
        fields = picture if obj.is_image else ["download_file", "caption", "copyright", "licence"]
        return [(None, {"fields": [*fields, "folder", "used_in"]})]

    def get_changeform_initial_data(self, request):
        """Preselect the folder of the newest file."""
        folders = MediaFile.objects.order_by("-pk").values_list("folder", flat=True)
        folder = folders.first() or Folder.objects.values_list("pk", flat=True).first()
        return {"folder": folder, **super().get_changeform_initial_data(request)}

    def save_model(self, request, obj, form, change):
        obj.changed_by = request.user
        super().save_model(request, obj, form, change)

    def list_protecting(self, files):
        """Return the articles whose bodies or drafts show the files; the database protects lead
        images."""
        drafted = find_drafted_files()
        return [
            _("%(file)s in a draft") % {"file": file} for file in files if file.pk in drafted
        ] + [
            _("%(file)s in “%(article)s”") % {"file": file, "article": article}
            for file in files
            for article in Article.objects.illustrated_by(file.pk).defer("body")
        ]

    # Views

    def changelist_view(self, request, extra_context=None):
        """Add the files that have just come and the one that is open."""
        response = super().changelist_view(request, extra_context)
        context = getattr(response, "context_data", None)
        if context and "cabinet" in context:
            context |= {
                "title": context["cabinet"].get("folder") or _("Media library"),
                "is_picking": context["is_popup"] or context["cl"].is_picker,
                "new_files": self.list_new_files(request),
                "same": SameForm(),
                "detail": self.build_detail(request),
                "limits": {
                    "bytes": MAX_BYTES,
                    "pixels": MAX_PIXELS,
                    "megapixels": MAX_PIXELS // 1_000_000,
                },
            }
        return response

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Open the file beside the list; the form of Django takes what is sent to it."""
        pk = read_integer(unquote(object_id))
        is_known = pk is not None and MediaFile.objects.filter(pk=pk).exists()
        if request.method == "GET" and is_known and self.has_view_permission(request):
            return redirect(f"{reverse('admin:articles_mediafile_changelist')}?open={pk}")
        return super().change_view(request, object_id, form_url, extra_context)

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
        """Take files at the address that cabinet has for them."""
        return self.send_view(request)
