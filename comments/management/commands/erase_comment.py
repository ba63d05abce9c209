"""Erase a comment for a legal order, where no second moderator exists."""

from django.core.management.base import BaseCommand, CommandError

from articles import search
from comments.erasing import erase_alone
from comments.models import Comment
from comments.models.states import Reason
from comments.quoting import find_quotations
from comments.refusals import Refused


class Command(BaseCommand):
    help = (
        "Erase the text of a comment for good, with what repeats it, without a second person."
        " Moderators do the same at /moderation/comments/ID/erase/, where another one confirms."
    )

    def add_arguments(self, parser):
        parser.add_argument("id", type=int)
        parser.add_argument("--reason", required=True, choices=[Reason.ILLEGAL, Reason.PRIVACY])
        parser.add_argument("--ground", required=True, help="court, file number, date; it stays")
        parser.add_argument("--dry-run", action="store_true", help="only say what would be erased")

    def handle(self, *, id, reason, ground, dry_run, **options):
        comment = Comment.objects.select_related("thread__article").filter(pk=id).first()
        if comment is None:
            raise CommandError(f"There is no comment {id}.")
        quoting = len(find_quotations(Comment.objects.filter(pk=id)))
        if not dry_run:
            try:
                erase_alone(comment, reason=reason, note=f"manage.py erase_comment: {ground}")
            except Refused as refusal:
                raise CommandError(str(refusal)) from refusal
            search.optimize_index()
        place = f">>{comment.number} of {comment.thread} and its text in {quoting} others"
        said = "would be erased" if dry_run else "erased for good, without a second person's yes"
        self.stdout.write(f"{place}: {said}.")
