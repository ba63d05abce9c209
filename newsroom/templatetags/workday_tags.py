"""Template tags of the desk's start page."""

from django import template
from django.utils import timezone

from articles.models import Article
from articles.state_cells import LABELS
from articles.workflow import Status
from newsroom.workday.charts import list_newest, rank_week
from newsroom.workday.days import list_days
from newsroom.workday.tasks import count_today, list_corrections, list_tasks

register = template.Library()

FOOT = (
    Status.DRAFT.value,
    Status.WITHDRAWN.value,
    Status.TRASH.value,
)  # states with a link below the tasks


@register.inclusion_tag("admin/_workday.html", takes_context=True)
def workday(context):
    """Show what is to be done, what was published, and what readers make of it."""
    user = context["request"].user
    sees_articles = user.has_perm("articles.view_article")
    read, discussed = rank_week()
    states = Article.objects.changeable_by(user).count_states() if sees_articles else {}
    return {
        "may_write": user.has_perm("articles.add_article"),
        "may_upload": user.has_perm("articles.add_mediafile"),
        "tasks": list_tasks(user),
        "newest": list_newest() if sees_articles else [],
        "days": list_days(user) if sees_articles else [],
        "read": read if sees_articles else [],
        "discussed": discussed,
        "corrections": list_corrections() if sees_articles else [],
        "states": [(name, LABELS[name], states[name]) for name in FOOT if states.get(name)],
    }


@register.inclusion_tag("admin/_workday_head.html")
def workday_head():
    """Show the date and the numbers of the day."""
    return {"today": timezone.localdate(), "numbers": count_today()}
