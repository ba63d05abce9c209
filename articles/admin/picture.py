"""A picture of the library chosen by eye: a popup with the library, and what was chosen."""

from django.contrib.admin.widgets import ForeignKeyRawIdWidget
from django.forms.renderers import TemplatesSetting
from django.forms.widgets import Script
from django.urls import reverse

from articles.models import MediaFile


class PictureWidget(ForeignKeyRawIdWidget):
    template_name = "admin/articles/_picture_widget.html"

    class Media:
        css = {"all": ["admin_newsroom/picture.css"]}
        js = [Script("admin_newsroom/picture.js", type="module")]

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        chosen = str(value or "")
        file = MediaFile.objects.filter(pk=chosen).first() if chosen.isdecimal() else None
        library = reverse("admin:articles_mediafile_changelist")
        return context | {
            "file": file,
            "library": f"{library}?_to_field=id&file_type=image_file",
            "thumbnail": reverse("admin:articles_mediafile_thumbnail", args=[0]),
        }

    def render(self, name, value, attrs=None, renderer=None):
        """With the site's own templates, among which ours stands."""
        return super().render(name, value, attrs, TemplatesSetting())
