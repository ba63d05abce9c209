"""What the forms for measures show: the choices, and what is in force."""

from comments.measure_forms import list_minutes, list_terms
from comments.models import Measure, ModerationAction
from comments.models.stamps import add_act_stamps
from comments.models.states import Mode, Verb

MOST = 200  # measures in a list
AT_COMMENT = {Verb.LOCK, Verb.SLOW, Verb.PIN, Verb.FEATURE}


def build_mode_choices():
    """Return the context of the form for a mode."""
    return {"modes": Mode.choices, "terms": list_terms()}


def list_measures(measures):
    """Return those of some measures that hold, with what a list shows. Two queries."""
    listed = list(measures.holding().for_list()[:MOST])
    add_act_stamps([measure.action for measure in listed])
    return listed


def build_measure_choices(comment):
    """Return the context of the forms for measures at a comment."""
    own = ModerationAction.objects.undoable().filter(comment=comment, verb__in=AT_COMMENT)
    in_force = list(own.filter(pk__in=Measure.objects.in_force().values("action")))
    add_act_stamps(in_force)
    notes = comment.moderation_items.filter(action__verb=Verb.NOTE).order_by("-action_id")
    reports = list(comment.reports.order_by("-reported_at")[:MOST])
    return {
        "comment": comment,
        "article": comment.thread.article,
        "in_force": in_force,
        "reports": reports,
        "open_reports": sum(report.answered_at is None for report in reports),
        "notes": notes.select_related("action__moderator"),
        "terms": list_terms(),
        "minutes": list_minutes(),
    }
