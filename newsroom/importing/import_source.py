"""What a system is from which articles or comments come: its importer and its options.

Each system declares one ``ImportSource`` in its own package. Its command is an ``ImportCommand``
(newsroom.management.import_command) that names the source; ``newsroom.import_sources`` lists the
sources that the admin's page offers. Options are declared once, for both.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from urllib.parse import urlsplit

from django.utils.translation import gettext as _


class Kind(Enum):
    """What a person gives for an option, and what stands for nothing."""

    FLAG = False
    TEXT = ""
    LINES = ()  # several texts: a line each on the page, a repeated option of a command
    FOLDER = None


@dataclass(frozen=True, slots=True)
class ImportOption:
    """An option of an importer, beside ``dry_run``, which every importer has.

    ``name`` is the keyword of the importer and the field of the page, ``flag`` the option of the
    command. ``read`` makes the importer's value of what a person wrote; it raises a ValueError
    with a sentence. Without ``label`` the page does not offer the option.
    """

    name: str
    flag: str
    kind: Kind
    help: str
    label: str = ""
    metavar: str | None = None
    read: Callable = lambda value: value

    def add_argument(self, parser):
        settings = {"dest": self.name, "help": str(self.help), "default": self.kind.value}
        if self.kind is Kind.FLAG:
            parser.add_argument(self.flag, action="store_true", **settings)
        elif self.kind is Kind.LINES:
            settings |= {"default": [], "help": _("%s; can be repeated") % self.help}
            parser.add_argument(self.flag, action="append", metavar=self.metavar, **settings)
        else:
            kind = Path if self.kind is Kind.FOLDER else str
            parser.add_argument(self.flag, type=kind, metavar=self.metavar, **settings)


@dataclass(frozen=True, slots=True)
class ImportSource:
    """A system from which articles or comments come, in files.

    ``build_importer(*paths, progress, dry_run, **options)`` returns an object with ``report``, an
    ``ImportReport``, and ``run()``, which raises ``BrokenExport``. It calls ``progress`` often,
    outside of transactions, with (step, share of it that is done); whatever that raises ends the
    run. A later run goes on where an earlier one ended. ``steps`` is how often it reads the files,
    ``endings`` how the names of files may end, in small letters.
    """

    code: str  # in the database
    label: str
    build_importer: Callable
    endings: tuple[str, ...]
    options: tuple[ImportOption, ...] = ()
    steps: int = 1

    def read_options(self, values):
        """Return the importer's options for what a person wrote, as {name: value}; raises a
        ValueError with a sentence."""
        return {
            option.name: option.read(values.get(option.name, option.kind.value))
            for option in self.options
        }


def read_pairs(texts, among):
    """Return {name: kind} of texts such as ``news=article``."""
    pairs = {}
    for text in texts:
        name, _equals, kind = text.partition("=")
        if not name or kind not in among:
            example = " / ".join(f"{name or 'name'}={each}" for each in among)
            raise ValueError(
                _("Not understood: %(text)s. Write it as %(example)s.")
                % {"text": text, "example": example}
            )
        pairs[name] = kind
    return pairs


def read_address(text):
    """Return the address of a site; raises a ValueError with a sentence for anything else."""
    if not text.strip():
        raise ValueError(
            _("The address of the old site is missing. Write it as https://old.example.")
        )
    try:
        parts = urlsplit(text.strip())
    except ValueError:
        parts = urlsplit("")
    if "@" in (parts.netloc or text):  # not repeated: it may hold a password
        raise ValueError(
            _("Leave name and password out of the address. Write it as https://old.example.")
        )
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(_("Not an address: “%s”. Write it as https://old.example.") % text.strip())
    return text.strip()
