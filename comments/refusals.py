"""Refusals: the reasons why a request is not carried out, as sentences for people."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A request that is not carried out. ``status`` is that of the response, ``message`` is for
    people."""

    status = 409
    message = _("This is not possible.")
    is_question = False

    def __str__(self):
        return str(self.message)


class Judged(Refused):
    """Refused by a check; ``verdict`` names the check and the matched text."""

    def __init__(self, verdict):
        super().__init__(verdict.message)
        self.verdict, self.message, self.status = verdict, verdict.message, verdict.status


class AskedAgain(Judged):
    """Not refused: the writer is asked "sure?"."""

    is_question = True


class FormShown(Refused):
    """Nothing is done yet: the form is shown, with its own errors."""

    message = ""

    def __init__(self, *, status):
        super().__init__()
        self.status = status


class ThreadClosed(Refused):
    message = _("This thread is closed to new comments.")


class ParentMissing(Refused):
    message = _("The comment you are replying to no longer exists.")


class WrongThread(Refused):
    status = 400
    message = _("The comment you are replying to belongs to another article.")


class TooDeep(Refused):
    message = _("This branch cannot go any deeper. Please reply to a comment further up.")


class NotVotable(Refused):
    message = _("You can only vote on published comments.")


class VotingClosed(Refused):
    message = _("This thread is closed to votes.")


class OwnComment(Refused):
    message = _("You cannot vote on your own comment.")


class OwnNetwork(Refused):
    message = _(
        "This comment was posted from your network today, and your browser is new here: it may be"
        " your own. You can vote on it tomorrow."
    )


class NotEditable(Refused):
    status = 403
    message = _("This comment can no longer be changed.")


class DeletedByWriter(Refused):
    message = _("A comment that the commenter deleted cannot be restored.")


class Changed(Refused):
    message = _("The comment has been edited in the meantime. Please check it again.")


class NoVote(Refused):
    status = 400
    message = _("This vote is not valid.")


class NoDecision(Refused):
    status = 404
    message = _("Unknown decision.")


class NoReason(Refused):
    status = 400
    message = _("Please choose a reason.")


class TooManyReports(Refused):
    status = 429
    message = _("Too many reports came from your network. Please try again in an hour.")


class Gone(Refused):
    status = 404
    message = _("This no longer exists.")


class FromElsewhere(Refused):
    status = 403
    message = _("Your browser did not confirm that this form was sent from this site.")
