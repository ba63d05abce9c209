"""The error of every import whose file cannot be read."""

from django.utils.translation import gettext as _


class BrokenExport(Exception):
    """The file cannot be read beyond a line; what came before is whole.

    ``line`` is 0 for a file that has no lines.
    """

    def __init__(self, line, reason):
        self.line = line
        self.reason = reason
        place = _("Line %(line)d: %(reason)s") % {"line": line, "reason": reason}
        super().__init__(place if line else reason)
