"""Asks this site for old addresses: ``manage.py check_old_addresses sitemap.xml``."""

import csv
import gzip
import re
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from newsroom.importing.import_report import defuse_formula
from newsroom.importing.old_urls import split_url
from newsroom.management.import_command import check_file, check_report

GZIP = b"\x1f\x8b"
LOCATION = re.compile(r"<(?:\w++:)?loc>\s*+(?:<!\[CDATA\[)?([^<\]]++)")
# A line of a server's log: what was asked for, and how it was answered.
REQUEST = re.compile(r'"(?:GET|HEAD) ([^\s"]++)[^"]*+" (\d{3})\b')
ANY_REQUEST = re.compile(r'"[A-Z]++ [^\s"]++ HTTP/[^"]*+" \d{3}\b')
MARKUP = re.compile(r"\s*+[<{]|SQLite format")
SHOWN = 50


class Command(BaseCommand):
    help = "Tell which addresses of a sitemap, a server log or a list this site does not answer."

    def add_arguments(self, parser):
        parser.add_argument(
            "file",
            type=Path,
            nargs="+",
            help="a sitemap, a server log, or a list with an address a line; .gz too",
        )
        parser.add_argument(
            "--report", type=Path, metavar="FILE", help="write every address into a CSV file"
        )

    def handle(self, *args, **options):
        try:
            check_report(options["report"])
            for path in options["file"]:
                check_file(path)
        except ValueError as error:
            raise CommandError(str(error)) from error
        times = Counter()
        for path in options["file"]:
            text = _read_text(path)
            if MARKUP.match(text) and not LOCATION.search(text):
                raise CommandError(_("Neither a sitemap nor a list nor a log: %s") % path)
            times.update(list_addresses(text))
        if not times:
            raise CommandError(_("No address found in the file."))
        answers = {address: ask_site(address) for address in times}
        if options["report"]:
            _write_csv(options["report"], answers, times)
        self._print(answers, times)

    def _print(self, answers, times):
        missing = [address for address, (status, _place) in answers.items() if status >= 400]
        missing.sort(key=lambda address: (-times[address], address))
        kinds = Counter(_describe(status) for status, _place in answers.values())
        for kind, number in kinds.most_common():
            self.stdout.write(f"{kind}: {number}")
        for address in missing[:SHOWN]:
            self.stdout.write(f"  {answers[address][0]} {address} ({times[address]})")
        if len(missing) > SHOWN:
            more = len(missing) - SHOWN
            text = ngettext("  and %d more, see --report", "  and %d more, see --report", more)
            self.stdout.write(text % more)


def _read_text(path):
    content = path.read_bytes()
    if content.startswith(GZIP):
        content = gzip.decompress(content)
    return content.decode(errors="replace").removeprefix("\ufeff")


def list_addresses(text):
    """Yield the path and query of each address in a text: of a log those that were answered."""
    if "<loc" in text or ":loc>" in text:
        addresses = (match.replace("&amp;", "&") for match in LOCATION.findall(text))
    elif ANY_REQUEST.search(text):
        addresses = (address for address, status in REQUEST.findall(text) if status < "400")
    else:
        addresses = (line.split(None, 1)[0] for line in text.splitlines() if line.strip())
    for address in addresses:
        parts = split_url(address.strip())
        yield (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def ask_site(address):
    """Return the status and the place that a reader of an old address ends at.

    A redirect counts as what its target answers; a second one as the status of a redirect.
    """
    host = {"host": urlsplit(settings.SITE_URL).netloc}
    client = Client(raise_request_exception=False, headers=host)
    is_secure = settings.SITE_URL.startswith("https:")
    response = client.head(address, secure=is_secure)
    place = response.get("Location", "")
    if response.status_code not in {301, 302, 308} or not place:
        return response.status_code, ""
    if urlsplit(place).netloc not in {"", urlsplit(settings.SITE_URL).netloc}:
        return response.status_code, place
    target = urlsplit(place)
    follow = target.path + (f"?{target.query}" if target.query else "")
    status = client.head(follow, secure=is_secure).status_code
    return (301 if status < 300 else status), place


def _describe(status):
    if status == 301:
        return _("redirected to their page")
    if status < 300:
        return _("answered as they are")
    return _("would be not found") if status == 404 else _("with status %d") % status


def _write_csv(path, answers, times):
    with open(path, "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_("Address"), _("HTTP status"), _("Target"), _("Number")])
        for address, (status, place) in answers.items():
            row = (defuse_formula(address), status, defuse_formula(place), times[address])
            writer.writerow(row)
