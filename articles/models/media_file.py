"""The media library: pictures and downloads with alternative text, caption and credit."""

from dataclasses import dataclass
from functools import lru_cache

from cabinet.base import AbstractFile, DownloadMixin, ImageMixin, OverwriteMixin
from django.db import models
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from articles.renditions import FORMATS, WIDTHS
from articles.uploads import VerifiedFile, verify_download, verify_image, verify_upload

REMEMBERED = 4_096  # lists of renditions
VERIFIERS = {"image_file": verify_image, "download_file": verify_download}


@dataclass(frozen=True, slots=True)
class SocialPicture:
    """The picture that social networks show beside a link."""

    url: str
    width: int
    height: int
    alt: str


class MediaFile(AbstractFile, ImageMixin, DownloadMixin, OverwriteMixin):
    """A file of the library. ``copyright`` is the credit (出典) shown with a picture.

    Saving raises ``ValidationError`` if ``articles.uploads`` refuses the file. Code assigns an
    upload to ``file``, which sets the field for pictures or the one for downloads.
    """

    FILE_FIELDS = list(VERIFIERS)

    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("The picture says nothing that the text does not say: it needs no text."),
    )
    copyright = models.CharField(_("credit"), max_length=1000, blank=True)

    class Meta(AbstractFile.Meta):
        verbose_name = _("media file")
        verbose_name_plural = _("media files")

    @AbstractFile.file.setter
    def file(self, upload):
        upload = verify_upload(upload)
        name = "image_file" if upload.is_image else "download_file"
        setattr(self, name, upload)

    def save(self, *args, **kwargs):
        for name, verify in VERIFIERS.items():
            stored = getattr(self, name)
            if stored and not stored._committed and not isinstance(stored.file, VerifiedFile):
                setattr(self, name, verify(stored.file))
        try:
            super().save(*args, **kwargs)
        except FileNotFoundError:  # the stored file is gone; its texts may change all the same
            super(AbstractFile, self).save(*args, **kwargs)

    save.alters_data = True

    @property
    def is_image(self):
        return bool(self.image_file) and bool(self.image_width)

    def build_srcset(self, file_format):
        """Return the renditions in a format ("avif", "webp") as a ``srcset``, small ones first.

        The widths are those of the files. Without support for the format it is empty.
        """
        size = self.image_width, self.image_height
        return _build_srcset(self.image_file.name, self.image_ppoi, size, file_format)

    @property
    def social_card(self):
        """The picture cropped around its focal point to 1200 × 630, or to less if it is small.

        None if it is too small for a large card.
        """
        size = self.image_width, self.image_height
        if not self.is_image or not FORMATS["card"].is_available_for(*size):
            return None
        card_size = FORMATS["card"].size_of(*size)
        return SocialPicture(self.image_file.card, *card_size, self.image_alt_text)


@lru_cache(REMEMBERED)
def _build_srcset(name, focal_point, size, file_format):
    """An address depends on the name of the file and its focal point, and costs two hashes."""
    known = {"image_width": size[0], "image_height": size[1]}  # or Django opens the file
    image = MediaFile(image_file=name, image_ppoi=focal_point, **known).image_file
    names = [name for width in WIDTHS if (name := f"w{width}_{file_format}") in FORMATS]
    return ", ".join(
        f"{getattr(image, name)} {FORMATS[name].size_of(*size)[0]}w"
        for name in names
        if FORMATS[name].is_available_for(*size)
    )


@receiver(post_delete, sender=MediaFile)
def delete_files(sender, instance, **kwargs):
    """Delete the stored files of a deleted row."""
    instance.delete_files()
