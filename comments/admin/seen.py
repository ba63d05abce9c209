"""Lists in the admin whose rows are sent with what was seen of them."""

from django.contrib import messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from articles.web.paging import read_integer
from comments.admin.base import NAMED, ForModerators

SEEN = "seen_"  # and the primary key: the name of a row's stamp


class SeenAdmin(ForModerators):
    """A list that sends a stamp with every row. Nothing is decided about a row without one: if all
    pages are selected, that concerns the rows of the page that was shown."""

    def stamp(self, row):
        return row.stamp

    def action_checkbox(self, row):
        box = super().action_checkbox(row)
        stamp = self.stamp(row)
        return format_html(
            '{}<input type="hidden" name="{}{}" value="{}">', box, SEEN, row.pk, stamp
        )

    def read_seen(self, request):
        """Return the stamps that the page sent, by primary key."""
        fields = request.POST.items()
        stamps = {name.removeprefix(SEEN): value for name, value in fields if SEEN in name}
        return {read_integer(pk): stamp for pk, stamp in stamps.items() if read_integer(pk)}

    def choose_seen(self, request, queryset):
        """Return the selected rows that the page showed; say so if that is not all of them."""
        seen = self.read_seen(request)
        if queryset.exclude(pk__in=seen).exists():
            message = _("Nothing was decided about what the page did not show.")
            self.message_user(request, message, messages.WARNING)
        return queryset.filter(pk__in=seen)

    def ask(self, request, template, *, title, action, form, rows, **context):
        """Ask before an action. The page shows the rows as they are now and sends their stamps
        (``seen``) with the action."""
        context |= {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "rows": rows,
            "chosen": [row.pk for row in rows],
            "select_across": "0",
            "form": form,
            "action": action,
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, template, context)

    def report_refusals(self, request, refusals):
        """Say what was not done and why: ``refusals`` maps rows to refusals."""
        for row, refusal in list(refusals.items())[:NAMED]:
            self.message_user(request, f"{row}: {refusal}", messages.WARNING)
        more = len(refusals) - NAMED
        if more > 0:
            message = ngettext("and %(count)d more", "and %(count)d more", more)
            self.message_user(request, message % {"count": more}, messages.WARNING)
