"""Attachments become files of the media library, as far as it takes them."""

import os
from pathlib import Path

from cabinet.models import Folder
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from articles.models import MediaFile
from articles.uploads import MAX_BYTES, verify_upload
from newsroom.imported import checksum
from newsroom.wordpress.download import Refused, fetched
from newsroom.wordpress.export_index import UPLOADS
from newsroom.wordpress.markup.article_html import plain_text
from newsroom.wordpress.old_urls import path_of


class Media:
    """Imports attachments from the old uploads folder or from their addresses.

    ``folder`` is wp-content/uploads, or None; ``download`` says whether to fetch what is not
    there. ``private_hosts`` are hosts that may have addresses of a private network.
    """

    def __init__(self, mapping, tally, *, source, dry_run, folder, download, private_hosts):
        self._mapping = mapping
        self._tally = tally
        self._source = source
        self._dry_run = dry_run
        self._folder = Path(folder).resolve() if folder else None
        self._download = download
        self._private_hosts = private_hosts
        self._known = mapping.all_of("media")
        rows = MediaFile.objects.values_list("pk", "image_file", "download_file")
        self._library = {pk: (image or other, bool(image)) for pk, image, other in rows.iterator()}
        self._folders = {}

    def recall(self, index):
        """Tell the index of the files that earlier runs brought: an export may be in parts."""
        for old_id, (pk, _check) in self._known.items():
            if pk in self._library and old_id.isdigit():
                path, is_image = self._library[pk]
                index.recall_attachment(int(old_id), pk, is_image, _address(path))

    def import_attachment(self, item, attachment):
        """Import one attachment and note in the index where it stands now."""
        texts = {
            "caption": plain_text(item.excerpt)[:1000],
            "image_alt_text": plain_text(item.alt)[:1000],
        }
        check = checksum([item.attachment_url, texts])
        pk, known_check = self._known.get(str(item.old_id), (None, ""))
        if pk in self._library:
            self._tally.count("media", "same" if known_check == check else "changed")
            if known_check != check and not self._dry_run:
                MediaFile.objects.filter(pk=pk).update(**texts)
                self._mapping.remember("media", (item.old_id, pk, check))
        else:
            pk = self._import_file(item, attachment, texts, check)
            self._tally.count("media", "new" if pk else "left out")
        if pk in self._library:
            path, attachment.is_image = self._library[pk]
            attachment.address = _address(path)
        attachment.file_id = pk

    def _import_file(self, item, attachment, texts, check):
        """Return the id of the new file (a negative one in a dry run, which no file has); None
        where it is not to be had or not taken, which is told."""
        name = os.path.basename(path_of(item.attachment_url))
        try:
            upload = verify_upload(SimpleUploadedFile(name or "file", self._content(item)))
        except (Refused, ValidationError) as error:
            reason = error.messages[0] if isinstance(error, ValidationError) else error
            text = _("media file left out: %s") % reason
            self._tally.remark(text, line=item.line, subject=name)
            return None
        if self._dry_run:
            attachment.is_image = upload.is_image
            attachment.address = settings.MEDIA_URL + upload.name
            return -item.old_id
        return self._write(item, upload, texts, check)

    @transaction.atomic
    def _write(self, item, upload, texts, check):
        file = MediaFile(folder=self._folder_for(item), **texts)
        setattr(file, "image_file" if upload.is_image else "download_file", upload)
        file.save()
        self._library[file.pk] = (file.file.name, upload.is_image)
        self._mapping.remember("media", (item.old_id, file.pk, check))
        return file.pk

    def _content(self, item):
        path = self._path(item)
        if path:
            if path.stat().st_size > MAX_BYTES:
                raise Refused(_("larger than %d MB") % (MAX_BYTES >> 20))
            return path.read_bytes()
        if self._download and item.attachment_url:
            return fetched(item.attachment_url, limit=MAX_BYTES, private_hosts=self._private_hosts)
        raise Refused(_("not found"))

    def _path(self, item):
        """Return the file of an attachment below the uploads folder, or None."""
        if not self._folder:
            return None
        path = path_of(item.attachment_url)
        candidates = [item.attached_file, UPLOADS.sub("", path), path.lstrip("/")]
        for candidate in candidates:
            if candidate and (found := self._found(candidate)):
                return found
        return None

    def _found(self, candidate):
        """Return the file of a relative path below the folder, or None, whatever the path is."""
        try:
            found = (self._folder / candidate.lstrip("/")).resolve()
            return found if found.is_relative_to(self._folder) and found.is_file() else None
        except (OSError, ValueError):
            return None

    def _folder_for(self, item):
        """Return the library's folder for the old site and the year of the file."""
        year = str(item.published_at.year) if item.published_at else ""
        if year not in self._folders:
            parent = Folder.objects.get_or_create(parent=None, name=self._source[:100])[0]
            if year:
                parent = Folder.objects.get_or_create(parent=parent, name=year)[0]
            self._folders[year] = parent
        return self._folders[year]


def _address(path):
    return MediaFile(image_file=path).image_file.url
