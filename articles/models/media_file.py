"""The media library: pictures and downloads with alternative text, caption and credit."""

import re
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePath

from cabinet.base import AbstractFile, DownloadMixin, ImageMixin
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils.translation import gettext_lazy as _

from articles.file_contents import NewContent, read_kept
from articles.models.media_queryset import MediaQuerySet
from articles.models.media_version import Act, MediaVersion
from articles.picture_edits import (
    crop_focal_point,
    crop_picture,
    rotate_focal_point,
    rotate_picture,
)
from articles.renditions import CUTS, FORMATS, WIDTHS
from articles.uploads import (
    VerifiedFile,
    verify_download,
    verify_image,
    verify_upload,
)

HASH = re.compile(r"-[0-9a-f]{8}$")
REMEMBERED = 4_096  # lists of renditions
VERIFIERS = {"image_file": verify_image, "download_file": verify_download}
# The fields whose changes the history of a file lists.
NOTED = ("image_alt_text", "decorative", "caption", "copyright", "licence", "image_ppoi")
NOTED_TOO = (*NOTED, "folder_id")
# The fields that others may change while this file is rendered.
SHARED = (*NOTED_TOO, "image_width", "image_height", "digest")


@dataclass(frozen=True, slots=True)
class SocialPicture:
    """The picture that social networks show beside a link."""

    url: str
    width: int
    height: int
    alt: str


class MediaFile(AbstractFile, ImageMixin, DownloadMixin):
    """A file of the library. ``copyright`` is the credit (出典) shown with a picture.

    Saving raises ``ValidationError`` if ``articles.uploads`` refuses the file. Code assigns an
    upload to ``file``, which sets the field for pictures or the one for downloads. An upload that
    is assigned to a stored file replaces its content: the address stays, and so do those of the
    renditions. Every change is noted in the history, in the name of ``changed_by``.
    """

    FILE_FIELDS = list(VERIFIERS)

    class Licence(models.TextChoices):
        UNKNOWN = "", _("not stated")
        OWN = "own", _("our own")
        PROVIDED = "provided", _("provided")
        AGENCY = "agency", _("agency")
        QUOTED = "quoted", _("quotation")
        CC_BY = "cc-by", _("CC BY")
        CC_BY_SA = "cc-by-sa", _("CC BY-SA")
        FREE = "free", _("public domain, CC0")

    caption = models.CharField(_("caption"), max_length=1000, blank=True)
    decorative = models.BooleanField(
        _("decorative"),
        default=False,
        help_text=_("The picture says nothing that the text does not say: it needs no text."),
    )
    copyright = models.CharField(_("credit"), max_length=1000, blank=True)
    licence = models.CharField(
        _("licence"), max_length=8, choices=Licence, default=Licence.UNKNOWN, blank=True
    )
    # SHA-256 of the stored content: a file that is sent twice is found by it.
    digest = models.CharField(max_length=64, blank=True, editable=False, db_index=True)

    objects = MediaQuerySet.as_manager()
    changed_by = None
    act = None
    _read = {}  # the shared fields as they were read

    class Meta(AbstractFile.Meta):
        verbose_name = _("media file")
        verbose_name_plural = _("media files")

    @AbstractFile.file.setter
    def file(self, upload):
        upload = verify_upload(upload)
        name = "image_file" if upload.is_image else "download_file"
        setattr(self, name, upload)

    @classmethod
    def from_db(cls, db, names, values):
        file = super().from_db(db, names, values)
        file._read = {name: file.__dict__[name] for name in SHARED if name in file.__dict__}
        return file

    def save(self, *args, **kwargs):
        """Save what was changed since the file was read; what others have changed meanwhile, such
        as texts while a picture is rotated, stays."""
        stored = MediaFile.objects.filter(pk=self.pk).first() if self.pk else None
        uploads = self._verify_uploads()
        act = self.act or (Act.REPLACED if uploads else Act.TEXTS)
        new = self._prepare_content(stored, uploads) if stored and uploads else None
        try:
            if not new:
                self._render(stored, uploads)
            with transaction.atomic():
                newest = self._take_newest() if stored else None
                kept = read_kept(new.stored) if new else None
                try:
                    if new:
                        self._write_content(new, newest or stored)
                    elif newest and self.is_image:
                        self._render_again(stored, newest)
                    self._save_row(*args, **kwargs)
                    self._note(newest, act, kept)
                except Exception:
                    _put_back(new, newest or stored, kept)
                    raise
        except Exception:
            if not stored:
                self._delete_uploads(uploads)
            raise
        self.act = None
        self._read = {name: getattr(self, name) for name in SHARED}

    save.alters_data = True

    def _take_newest(self):
        """Lock and return the stored row. What was not changed here is taken from it."""
        newest = MediaFile.objects.select_for_update().filter(pk=self.pk).first()
        for name, value in self._read.items() if newest else ():
            if getattr(self, name) == value:
                setattr(self, name, getattr(newest, name))
        return newest

    def _save_row(self, *args, **kwargs):
        try:
            super().save(*args, **kwargs)
        except FileNotFoundError:  # the stored file is gone; its texts may change all the same
            super(AbstractFile, self).save(*args, **kwargs)

    def _render(self, stored, uploads):
        """Store new files and write the renditions, which takes seconds: SQLite's only writer is
        not to wait for that."""
        is_moved = stored is not None and stored.image_ppoi != self.image_ppoi
        for name in uploads:
            file = getattr(self, name)
            if not file._committed:
                file.save(file.name, file.file, save=False)
        if not self.image_file or not (uploads or is_moved):
            return
        with suppress(FileNotFoundError):
            for name in FORMATS:
                self.image_file.process(name)

    def _delete_uploads(self, uploads):
        """Delete what was stored for a row that could not be saved."""
        for name in uploads:
            file = getattr(self, name)
            if file._committed:
                file.delete(save=False)

    def _verify_uploads(self):
        """Return {field: verified upload} of the files that are not stored yet."""
        uploads = {}
        for name, verify in VERIFIERS.items():
            stored = getattr(self, name)
            if not stored or stored._committed:
                continue
            if not isinstance(stored.file, VerifiedFile):
                setattr(self, name, verify(stored.file))
            uploads[name] = upload = getattr(self, name).file
            self.digest = upload.digest
            if not self.pk:
                self.caption = self.caption or upload.texts.caption
                self.copyright = self.copyright or upload.texts.credit
        return uploads

    def _prepare_content(self, stored, uploads):
        """Return an upload as the content of the stored file, rendered. The address stays."""
        [(name, upload)] = uploads.items()
        new = NewContent.fit(getattr(stored, name), upload)
        self.__dict__[name] = new.stored.name  # unlike an assignment this opens no file
        new.render(self.image_ppoi, _size_of(stored))
        return new

    def _write_content(self, new, newest):
        """Write new content over that of the locked row, rendered again if a colleague has replaced
        the file or moved its focal point meanwhile."""
        self.digest = new.digest
        if self.image_file:
            self.image_width, self.image_height = new.size
        new.render(self.image_ppoi, _size_of(newest))
        new.write()

    def _render_again(self, stored, newest):
        """Render a moved focal point again if a colleague has replaced the picture meanwhile."""
        if newest.digest != stored.digest and newest.image_ppoi != self.image_ppoi:
            self.__dict__["image_file"] = self.image_file.name  # forget the picture as it was read
            for name in FORMATS:
                self.image_file.process(name, force=True)

    def _note(self, stored, act, kept):
        changes = {}
        if stored:
            changes = {
                name: [before, now]
                for name in NOTED_TOO
                if (before := getattr(stored, name)) != (now := getattr(self, name))
            }
            if act == Act.TEXTS and not changes:
                return
        MediaVersion.objects.note(
            self, act if stored else Act.ADDED, user=self.changed_by, changes=changes, content=kept
        )

    @property
    def is_image(self):
        return bool(self.image_file) and bool(self.image_width)

    @property
    def title(self):
        """The name of the file as it was sent, without the hash that the library appends."""
        return HASH.sub("", PurePath(self.file_name).stem)

    @property
    def needs_alt(self):
        """Whether a picture says nothing to those who do not see it."""
        return self.is_image and not self.image_alt_text and not self.decorative

    @property
    def needs_credit(self):
        return self.is_image and not self.copyright

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

    @property
    def cuts(self):
        """The picture in the proportions that search engines show, as (address, width, height)."""
        size = self.image_width, self.image_height
        return [
            (getattr(self.image_file, name), *FORMATS[name].size_of(*size))
            for name in CUTS
            if FORMATS[name].is_available_for(*size)
        ]

    # Verbs

    def crop(self, box):
        """Keep the part of the picture within ``box``: left, top, right, bottom, from 0 to 1."""
        edited = crop_picture(self.image_file, box)
        self.image_ppoi = crop_focal_point(self.image_ppoi, box)
        self._replace_by(edited, Act.CROPPED)

    def rotate(self, degrees):
        """Rotate the picture clockwise by 90, 180 or 270 degrees."""
        edited = rotate_picture(self.image_file, degrees)
        self.image_ppoi = rotate_focal_point(self.image_ppoi, degrees)
        self._replace_by(edited, Act.ROTATED)

    def restore(self, version):
        """Take the file back that a version of the history kept."""
        with version.content.open() as kept:
            content = kept.read()
        path = PurePath(self.file.name)
        extension, kind = path.suffix.removeprefix("."), "image/" if self.is_image else ""
        self._replace_by(VerifiedFile(path.stem, extension, content, kind), Act.RESTORED)

    def _replace_by(self, upload, act):
        self.act = act
        setattr(self, "image_file" if self.is_image else "download_file", upload)
        self.save()


def _size_of(file):
    return file.image_width or 0, file.image_height or 0


def _put_back(new, newest, kept):
    """Let the storage be as before a save that failed."""
    if kept:
        old = NewContent(new.stored, kept.read(), size=_size_of(newest))
        old.render(newest.image_ppoi, new.size)
        old.write()


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
def delete_files(sender, instance, using, **kwargs):
    """Delete the stored files of a deleted row once it is certain that the row is gone."""
    transaction.on_commit(instance.delete_files, using=using, robust=True)
