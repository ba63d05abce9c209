"""Refusals: the reasons why a request is not carried out, as sentences for people."""

from math import ceil

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from articles.web.outages import Outage
from comments.notices import say_closed, say_locked

OUTAGES = {
    Outage.READ_ONLY: _(
        "Read-only for the moment: nothing can be posted, voted on or changed. Please try again"
        " in a few minutes."
    ),
    Outage.BUSY: _("Very busy at the moment. Please try again in a few seconds."),
}


class Refused(Exception):
    """A request that is not carried out. ``status`` is that of the response, ``message`` is for
    people."""

    status = 409
    message = _("This is not possible.")
    is_question = False
    shows_comment = False  # as it is now, so that it can be read again
    is_final = False  # sending the form again would be refused too
    wait = 0  # seconds until it may succeed, where that is known

    def __str__(self):
        return str(self.message)

    @property
    def messages(self):
        return [str(self)]


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
    """``until``: when the thread opens again by itself."""

    def __init__(self, until=None):
        super().__init__()
        self.message = say_closed(until)


class BranchLocked(Refused):
    """``until``: when the lock ends by itself."""

    def __init__(self, until=None):
        super().__init__()
        self.message = say_locked(until)


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


class Banned(Refused):
    """The reader is banned; the message says until when, and why."""

    status = 403

    def __init__(self, message):
        self.message = message
        super().__init__(message)


class NotRecognised(Refused):
    message = _(
        "This commenter cannot be recognised: the comment was imported, or its traces are purged."
    )


class NoneChosen(Refused):
    status = 400
    message = _("Please choose at least one comment.")


class NoCause(Refused):
    status = 400
    message = _("Please write why you look up this commenter. It is saved in the log.")


class NetworkForgotten(Refused):
    message = _("The network of this comment is not known, or no longer known.")


class NotEditable(Refused):
    status = 403
    message = _("This comment can no longer be changed.")


class DeletedByWriter(Refused):
    message = _("A comment that the commenter deleted cannot be restored.")


class TextErased(Refused):
    message = _("The text of this comment has been erased for good. Nothing brings it back.")


class Changed(Refused):
    """Somebody saw an older state; ``changes`` says in sentences what happened since."""

    shows_comment = True
    message = _("The comment has been edited in the meantime. Please check it again.")

    def __init__(self, changes=()):
        self.changes = list(changes)
        if self.changes:
            self.message = _("Not done, because something has changed: %(changes)s") % {
                "changes": " / ".join(self.changes)
            }
        super().__init__(self.message)


class NotUndoable(Refused):
    message = _("This cannot be undone. Please decide about the comment instead.")


class UnfitMeasure(Refused):
    status = 400
    message = _("This measure is not possible here. Please check what you chose.")


class Unseen(Refused):
    """The form does not say what its sender saw."""

    shows_comment = True
    message = _("This form does not say what you saw. Please check the comment again.")


class NoVote(Refused):
    status = 400
    message = _("This vote is not valid.")


class NoDecision(Refused):
    status = 404
    message = _("Unknown decision.")


class NoReason(Refused):
    status = 400
    message = _("Please choose a reason.")


class NoNote(Refused):
    status = 400
    message = _("Please write a note.")


class NothingChosen(Refused):
    status = 400
    message = _("Please choose at least one entry.")


class UnfitNote(Refused):
    status = 400
    message = _("The note is too long, or contains characters that cannot be displayed.")


class TooFast(Refused):
    """One vote or report too many; another is allowed after ``wait`` seconds."""

    status = 429

    def __init__(self, wait):
        minutes = ceil(wait / 60)
        message = ngettext(
            "Too many requests in a short time. Please try again in %(minutes)d minute.",
            "Too many requests in a short time. Please try again in %(minutes)d minutes.",
            minutes,
        )
        self.wait, self.message = wait, message % {"minutes": minutes}
        super().__init__(self.message)


class OwnReport(Refused):
    is_final = True
    message = _("This is your own comment. You can delete it instead of reporting it.")


class AnsweredReport(Refused):
    is_final = True
    message = _("You cannot report a comment that you replied to.")


class AlreadyReported(Refused):
    is_final = True
    message = _("You have already reported this comment.")


class NotObjectable(Refused):
    is_final = True
    status = 403
    message = _("You can object only to a decision that hides your own comment.")


class AlreadyObjected(Refused):
    is_final = True
    message = _("You have already objected to this decision.")


class AlreadyAnswered(Changed):
    message = _("This objection has been answered in the meantime.")


class OwnDecision(Refused):
    status = 403
    message = _("You made this decision yourself. Another moderator answers the objection.")


class NoSentence(Refused):
    status = 400
    message = _("Please tell the commenter in a sentence why the decision stays.")


class ErasureRequested(Refused):
    message = _("The erasure of this comment has already been requested.")


class ErasureSettled(Changed):
    message = _("This request has been withdrawn or carried out in the meantime.")


class SamePerson(Refused):
    status = 403
    message = _("You requested this yourself. Another moderator has to confirm it.")


class NoteRepeatsText(Refused):
    status = 422
    message = _("The note stays in the log. It must not repeat the text or the name.")


class Gone(Refused):
    status = 404
    message = _("This no longer exists.")


class NotWritable(Refused):
    """The database writes nothing at the moment."""

    status = 503

    def __init__(self, outage):
        self.message = OUTAGES[outage]
        self.wait = outage.retry_after
        super().__init__()


class FromElsewhere(Refused):
    status = 403
    message = _("Your browser did not confirm that this form was sent from this site.")
