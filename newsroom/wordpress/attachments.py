"""Attachments become files of the media library if it accepts their type and size."""

import re
from functools import partial
from posixpath import basename

from cabinet.models import Folder
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from articles.download import FileRefused, fetch_file
from articles.models import MediaFile
from articles.upload_limits import MAX_BYTES
from articles.uploads import verify_upload
from newsroom.importing.mapping import DELETED, compute_checksum
from newsroom.importing.old_urls import read_path
from newsroom.importing.record_importer import RecordImporter
from newsroom.wordpress.export_index import VARIANT, Attachment
from newsroom.wordpress.markup.article_html import extract_text
from newsroom.wordpress.own_fields import read_fields
from newsroom.wordpress.uploads_folder import UploadsFolder, list_candidates
from newsroom.wordpress.wxr.vocabulary import MEDIA, MEDIA_FIELDS

ATTEMPTS = 3
FOCUS, FOCAL_POINT = "image_ppoi", re.compile(r"[01](?:\.\d{1,20})?x[01](?:\.\d{1,20})?")
HASH_OF_FILE = re.compile(r"-[0-9a-f]{8}(?=\.\w+$)")  # which the library appends again


class AttachmentImporter(RecordImporter):
    """Imports attachments from the old uploads folder or from their addresses.

    ``folder`` is wp-content/uploads, or None. ``download`` fetches what the folder does not have.
    ``private_hosts`` are hosts that may have addresses of a private network.
    """

    kind = "media"
    model = MediaFile
    editable = ("caption", "image_alt_text", "copyright")

    def __init__(self, *args, source, options, **flags):
        super().__init__(*args, **flags)
        self._source = source
        folder = options.media_folder
        self._folder = UploadsFolder(folder) if folder else None
        self._download = options.download_media
        self._private_hosts = options.private_hosts
        rows = MediaFile.objects.values_list("pk", "image_file", "download_file")
        self._library = {pk: (image or other, bool(image)) for pk, image, other in rows.iterator()}

    def add_known(self, index):
        """Add the files of earlier runs to the index: an export may come in parts."""
        for old_id, (pk, _checksum) in self._known.items():
            if pk:
                path, is_image = self._library[pk]
                index.attachments[int(old_id)] = Attachment(
                    file_id=pk, is_image=is_image, address=_build_address(path)
                )

    def may_find(self, item):
        """Whether a file is here already, or there is a place from which it could come."""
        is_here = self._known.get(str(item.old_id), DELETED) != DELETED
        return is_here or bool(self._folder or self._download)

    def import_attachment(self, item, attachment):
        """Import one attachment and note its new id and address in the index."""
        texts = {
            "caption": extract_text(item.excerpt)[:1000],
            "image_alt_text": extract_text(item.alt)[:1000],
            **_read_own_texts(item),
        }
        old_id, checksum = str(item.old_id), compute_checksum([item.attachment_url, texts])
        if self._known.get(old_id, DELETED) != DELETED:
            name = basename(read_path(item.attachment_url))
            pk = self._import_record(old_id, checksum, partial(self._update, texts), name)
        else:
            pk = self._import_file(item, attachment, texts, checksum)
            self._report.count("media", "new" if pk else "left out")
        if pk in self._library:
            path, attachment.is_image = self._library[pk]
            attachment.address = _build_address(path)
        attachment.file_id = pk

    def _update(self, texts, pk):
        texts = {name: text for name, text in texts.items() if name != FOCUS}  # it needs rendering
        MediaFile.objects.filter(pk=pk).update(**texts)
        return pk

    def _import_file(self, item, attachment, texts, checksum):
        """Return the id of the new file. In a dry run it is negative, unlike any real id.

        Returns None, with a remark, for a file that is missing or refused.
        """
        name = basename(read_path(item.attachment_url))
        if MEDIA in item.own:
            name = HASH_OF_FILE.sub("", name)
        try:
            upload = verify_upload(SimpleUploadedFile(name or "file", self._read_content(item)))
        except (FileRefused, ValidationError) as error:
            reason = error.messages[0] if isinstance(error, ValidationError) else error
            text = _("media file skipped: %s") % reason
            self._report.remark(text, line=item.line, subject=name)
            return None
        if self._dry_run:
            attachment.is_image = upload.is_image
            attachment.address = settings.MEDIA_URL + upload.name
            return -abs(item.old_id)
        return self._create(item, upload, texts, checksum)

    @transaction.atomic
    def _create(self, item, upload, texts, checksum):
        file = MediaFile(folder=self._find_library_folder(item), **texts)
        setattr(file, "image_file" if upload.is_image else "download_file", upload)
        file.save()
        self._library[file.pk] = (file.file.name, upload.is_image)
        entry = (item.old_id, file.pk, f"{checksum}.{self._read_values(file.pk)}")
        self._mapping.save("media", entry)
        return file.pk

    def _read_content(self, item):
        path = self._find_file(item)
        if path:
            if path.stat().st_size > MAX_BYTES:
                raise FileRefused(_("larger than %d MB") % (MAX_BYTES >> 20))
            return path.read_bytes()
        if self._download and item.attachment_url:
            return self._fetch(item.attachment_url)
        if not self._folder:
            raise FileRefused(_("no folder with the media was named, and nothing is downloaded"))
        raise FileRefused(_("not found"))

    def _fetch(self, url):
        """Return the original of a picture, else what is at its own address."""
        original = VARIANT.sub("", url)
        for address in dict.fromkeys((original, url)):
            try:
                return fetch_file(
                    address, limit=MAX_BYTES, private_hosts=self._private_hosts, attempts=ATTEMPTS
                )
            except FileRefused:
                if address == url:
                    raise
        return None

    def _find_file(self, item):
        """Return the file of an attachment below the uploads folder, or None."""
        if not self._folder:
            return None
        return self._folder.find(*list_candidates(item.attached_file, item.attachment_url))

    def _find_library_folder(self, item):
        """Return the library's folder for the old site and the year of the file."""
        folder, _is_new = Folder.objects.get_or_create(parent=None, name=self._source[:100])
        if item.published_at:
            year = str(item.published_at.year)
            folder, _is_new = Folder.objects.get_or_create(parent=folder, name=year)
        return folder


def _read_own_texts(item):
    """Return what plugins and exports of ours say of a file."""
    own = read_fields(MediaFile, item.own.get(MEDIA), MEDIA_FIELDS)
    if not FOCAL_POINT.fullmatch(own.get(FOCUS, "")):
        own.pop(FOCUS, None)
    credit = extract_text(item.credit)[:1000]
    return own | ({"copyright": credit} if credit else {})


def _build_address(path):
    return MediaFile(image_file=path).image_file.url
