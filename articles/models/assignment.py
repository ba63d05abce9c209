"""Assignments: who is to finish an article, and until which day."""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from articles.workflow import CHANGE_ANY, OPEN, may_change_any

BACKEND = "django.contrib.auth.backends.ModelBackend"


class AssignmentQuerySet(models.QuerySet):
    def open(self):
        """The assignments of articles that are not finished."""
        return self.filter(article__status__in=OPEN)

    def visible_to(self, user):
        """Those that a member of the staff may know of."""
        return self if may_change_any(user) else self.filter(assignee=user)

    def due(self):
        """Those whose day is today or has passed."""
        return self.filter(due_on__lte=timezone.localdate())


class Assignment(models.Model):
    article = models.OneToOneField(
        "articles.Article", models.CASCADE, related_name="assignment", verbose_name=_("article")
    )
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("assigned to")
    )
    due_on = models.DateField(_("due on"), null=True, blank=True, db_index=True)
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+"
    )
    assigned_at = models.DateTimeField(default=timezone.now)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assignment")
        verbose_name_plural = _("assignments")
        default_permissions = ()

    def __str__(self):
        return str(self.article)

    @property
    def is_overdue(self):
        return self.due_on is not None and self.due_on < timezone.localdate()

    @property
    def is_due_today(self):
        return self.due_on == timezone.localdate()


class Assignable(models.Model):
    class Meta:
        abstract = True

    @property
    def open_assignment(self):
        """The assignment while the article is not finished, or None."""
        return getattr(self, "assignment", None) if self.status in OPEN else None

    def list_possible_assignees(self):
        """Return the active users who may change the article while it is not finished."""
        users = get_user_model().objects
        editors = users.with_perm(CHANGE_ANY, backend=BACKEND).order_by().values("pk")
        may_change_it = Q(pk__in=editors) | Q(pk=self.author_id, is_staff=True)
        return users.filter(may_change_it, is_active=True).order_by("username")

    def assign(self, assignee, *, due_on=None, by=None):
        """Assign the article to a user, or to nobody for None; returns the assignment or None.

        Raises ``ValidationError`` for an article that is finished, and for a user who may not
        change it. Assigning to the same user again only moves the day.
        """
        if self.status not in OPEN:
            raise ValidationError(_("Only a draft or an article in review is assigned."))
        known = Assignment.objects.filter(article=self)
        if assignee is None:
            known.delete()
            return None
        if not self.list_possible_assignees().filter(pk=assignee.pk).exists():
            raise ValidationError(_("This person may not change the article."))
        if known.filter(assignee=assignee).update(due_on=due_on):
            return known.get()
        values = {"assignee": assignee, "due_on": due_on, "assigned_by": by}
        values["assigned_at"] = timezone.now()
        return Assignment.objects.update_or_create(article=self, defaults=values)[0]
