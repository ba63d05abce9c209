"""The media library: images and files with their alternative text, caption and credit."""

from cabinet.base import AbstractFile, DownloadMixin, ImageMixin, OverwriteMixin
from django.conf import settings
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from articles.media import VerifiedFile, verified, verified_download, verified_image


class MediaFile(AbstractFile, ImageMixin, DownloadMixin, OverwriteMixin):
    """A file of the library. ``copyright`` is the credit (出典) shown with an image.

    Whatever way a file comes, saving it raises ``ValidationError`` if ``articles.media`` refuses
    it. A program assigns to ``file``, which finds out whether it is a picture.
    """

    FILE_FIELDS = ["image_file", "download_file"]
    SCALED = ("w480", "w960", "w1440")

    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    copyright = models.CharField(_("credit"), max_length=1000, blank=True)

    class Meta(AbstractFile.Meta):
        verbose_name = _("media file")
        verbose_name_plural = _("media files")

    @AbstractFile.file.setter
    def file(self, upload):
        upload = verified(upload)
        name = "image_file" if upload.is_image else "download_file"
        setattr(self, name, upload)

    def save(self, *args, **kwargs):
        for name, check in (("image_file", verified_image), ("download_file", verified_download)):
            stored = getattr(self, name)
            if stored and not stored._committed and not isinstance(stored.file, VerifiedFile):
                setattr(self, name, check(stored.file))
        super().save(*args, **kwargs)

    save.alters_data = True

    @property
    def is_image(self):
        return bool(self.image_file) and bool(self.image_width)

    @property
    def srcset(self):
        """The scaled renditions as a ``srcset`` with real widths, small ones first."""
        formats = settings.IMAGEFIELD_FORMATS["articles.mediafile.image_file"]
        widths = {}
        for name in self.SCALED:
            box_width, box_height = formats[name][-1][1]
            scale = min(1, box_width / self.image_width, box_height / self.image_height)
            widths[round(self.image_width * scale)] = getattr(self.image_file, name)
        return ", ".join(f"{url} {width}w" for width, url in sorted(widths.items()))


@receiver(post_delete, sender=MediaFile)
def delete_files(sender, instance, **kwargs):
    """Take the files from the storage when their row is gone."""
    instance.delete_files()
