"""Why a reader's wish is refused, as a sentence for the reader."""

from django.utils.translation import gettext_lazy as _


class Refused(Exception):
    """A post or vote that cannot be; ``status`` is that of the answer, the text is for people."""

    status = 409
    message = _("This is not possible here.")

    def __str__(self):
        return str(self.message)


class Judged(Refused):
    """Refused by a check; ``verdict`` says which and where."""

    def __init__(self, verdict):
        super().__init__(verdict.message)
        self.verdict, self.message, self.status = verdict, verdict.message, verdict.status


class AskedAgain(Judged):
    """Not refused: the writer is asked "sure?"."""


class ThreadClosed(Refused):
    message = _("This thread is closed. Nothing new can be written here.")


class ParentMissing(Refused):
    message = _("The comment you answer is no longer there.")


class WrongThread(Refused):
    status = 400
    message = _("The comment you answer belongs to another article.")


class TooDeep(Refused):
    message = _("This branch has reached its depth. Please answer a comment further up.")


class NotVotable(Refused):
    message = _("There is no vote on a comment that is not public.")


class OwnComment(Refused):
    message = _("You cannot vote on your own comment.")


class NotEditable(Refused):
    status = 403
    message = _("This comment can no longer be changed.")


class DeletedByWriter(Refused):
    message = _("What its writer deleted stays deleted.")


class Changed(Refused):
    message = _("The comment has another text by now. Please look at it again.")
