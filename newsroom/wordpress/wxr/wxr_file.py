"""A file of an export as a source of records."""

from django.utils import timezone

from newsroom.importing.packing import ExportFile
from newsroom.wordpress.wxr.reader import read_records
from newsroom.wordpress.wxr.scan import Scanner, map_export


class WxrFile(ExportFile):
    """One kind of source of records. Others have a name, a size and ``read`` too."""

    def read(self, *, with_comments):
        """Yield each record with the share of ``size`` that is read then, see ``read_records``."""
        zone = timezone.get_default_timezone()
        with map_export(self.path) as text:
            scanner = Scanner(text)
            for record in read_records(scanner, timezone=zone, with_comments=with_comments):
                yield record, scanner.bytes_done
