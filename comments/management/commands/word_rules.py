"""Import and export word rules, and show what they would have found."""

import sys
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from comments.models import WordRule
from comments.models.rule_change import save_lines
from comments.rule_matcher import compile_rules
from comments.rule_trials import DAYS, switch_off_untried, try_rules
from comments.word_rules.rule_text import RuleTextError, parse_rules, write_rules


class Command(BaseCommand):
    help = (
        "Import word rules from a text, or export them. With --dry-run nothing is saved: the hits "
        "among the comments of the last days are shown, for the rules of the file or, without "
        "one, for those that are switched off."
    )

    def add_arguments(self, parser):
        way = parser.add_mutually_exclusive_group()
        way.add_argument("--import", dest="source", metavar="FILE", help="- is standard input")
        parser.add_argument(
            "--as-written",
            action="store_true",
            help="switch imported rules on as the file says; else those that are new or find"
            " other texts come switched off",
        )
        way.add_argument("--export", dest="target", metavar="FILE", help="- is standard output")
        parser.add_argument("--dry-run", action="store_true", help="save nothing, show the hits")
        parser.add_argument("--days", type=int, default=DAYS, help=f"default: {DAYS}")

    def handle(self, *, source, target, dry_run, days, as_written, **options):
        if target:
            self._export(target)
        elif dry_run:
            lines = self._parse(source) if source else None
            self._try(lines, days)
        elif source:
            lines = self._parse(source)
            self._import(lines if as_written else list(switch_off_untried(lines)))
        else:
            raise CommandError("Give --import FILE, --export FILE or --dry-run.")

    def _parse(self, source):
        try:
            text = sys.stdin.read() if source == "-" else Path(source).read_text(encoding="utf-8")
            return parse_rules(text)
        except (OSError, UnicodeDecodeError) as error:
            raise CommandError(f"{source}: {error}") from error
        except RuleTextError as error:
            faults = (f"{source}:{line}: {sentence}" for line, sentence in error.faults)
            raise CommandError("\n".join(faults)) from error

    def _import(self, lines):
        act = save_lines(lines, by=None)
        changes = list(act.rule_changes.all()) if act else []
        added = sum(change.is_addition for change in changes)
        self.stdout.write(f"{added} rules added, {len(changes) - added} changed.")

    def _export(self, target):
        text = write_rules(rule.as_line() for rule in WordRule.objects.listed())
        if target == "-":
            self.stdout.write(text, ending="")
        else:
            Path(target).write_text(text, encoding="utf-8")

    def _try(self, lines, days):
        rules = WordRule.objects.listed().filter(is_on=False)
        if lines is not None:
            rules = [WordRule.from_line(line) for line in lines if line.is_on]
        trial = try_rules(compile_rules(rules), days=days)
        for hit in trial.hits:
            text = f"{hit.before}[{hit.match}]{hit.after}".replace("\n", " ")
            self.stdout.write(f"{hit.comment.pk}: {text}")
        for rule, count in trial.counts.most_common():
            self.stdout.write(f"{count:6} {rule.text}")
        self.stdout.write(f"{trial.total} of {trial.read} comments of {days} days.")
