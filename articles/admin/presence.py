"""Presence: who has which article open, by the signs of life of the forms."""

from django.contrib import admin
from django.utils.formats import date_format, time_format
from django.utils.timezone import localdate, localtime

from articles.models import WorkingCopy


class Presence(admin.ModelAdmin):
    """Marks the articles of the list that colleagues have open."""

    def get_changelist_instance(self, request):
        changelist = super().get_changelist_instance(request)
        open_forms = WorkingCopy.objects.open_now().exclude(user=request.user)
        open_forms = open_forms.filter(
            article__in=[article.pk for article in changelist.result_list]
        )
        names = {}
        for copy in open_forms.select_related("user").defer("fields"):
            names.setdefault(copy.article_id, {})[copy.user_id] = str(copy.user)
        for article in changelist.result_list:
            article.open_by = list(names.get(article.pk, {}).values())
        return changelist


def format_moment(moment):
    """Return the time of a moment, with the date if it is not today."""
    local = localtime(moment)
    time = time_format(local, "H:i")
    return time if local.date() == localdate() else f"{date_format(local, 'n/j')} {time}"


def describe_people(copies, user):
    """Return the colleagues who have a form open or left words in one, each once."""
    people = {}
    for copy in (
        copies.exclude(user=user).select_related("user").defer("fields").order_by("saved_at")
    ):
        if copy.is_open or copy.saved_at:
            known = people.setdefault(copy.user_id, {"name": str(copy.user), "is_open": False})
            _add_form(known, copy)
    return list(people.values())


def _add_form(person, copy):
    """Add an open form or left words to what is known of a person; the newest come last."""
    if copy.saved_at:
        person["typed"] = format_moment(copy.saved_at)
    if copy.is_open and not person["is_open"]:
        person |= {"is_open": True, "since": format_moment(copy.opened_at)}
