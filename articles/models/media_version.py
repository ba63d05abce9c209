"""The history of the files in the media library: who changed what, and the files from before."""

from datetime import timedelta
from functools import partial

from django.conf import settings
from django.db import models, transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext_lazy as _

SAME_SITTING = timedelta(minutes=10)  # fields are saved as one types: one entry for all of it
SECRET_LENGTH = 32  # characters; what was taken from the public stays under no known address


class Act(models.TextChoices):
    ADDED = "added", _("added")
    TEXTS = "texts", _("texts changed")
    REPLACED = "replaced", _("file replaced")
    CROPPED = "cropped", _("cropped")
    ROTATED = "rotated", _("rotated")
    RESTORED = "restored", _("earlier file restored")


def choose_path(version, name):
    """Return a path that nobody can guess for a file that readers no longer get."""
    return f"kept/{get_random_string(SECRET_LENGTH)}/{name}"


class MediaVersionQuerySet(models.QuerySet):
    def note(self, file, act, *, user, changes, content=None):
        """Note a change. Texts that the same person changes one after the other are one entry."""
        last = self.filter(file=file).order_by("-pk").first() if act == Act.TEXTS else None
        if last and last.act == act and last.is_of(user):
            changes = {name: [before, after] for name, (before, after) in changes.items()}
            for name, (_before, after) in changes.items():
                last.changes[name] = [last.changes.get(name, [_before])[0], after]
            last.at = timezone.now()
            last.save(update_fields=["changes", "at"])
            return last
        return self.create(file=file, act=act, user=user, changes=changes, content=content or "")


class MediaVersion(models.Model):
    """A change of a file. ``changes`` is {field: [before, after]}; ``content`` holds the file as it
    was before, if it was another one."""

    file = models.ForeignKey(settings.CABINET_FILE_MODEL, models.CASCADE, related_name="versions")
    act = models.CharField(max_length=8, choices=Act)
    at = models.DateTimeField(default=timezone.now)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+"
    )
    changes = models.JSONField(default=dict)
    content = models.FileField(upload_to=choose_path, max_length=1000, blank=True)

    objects = MediaVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("change of a file")
        verbose_name_plural = _("changes of files")
        ordering = ["-pk"]
        default_permissions = ()

    def __str__(self):
        return f"{self.file}: {self.get_act_display()}"

    @property
    def changed_texts(self):
        """(name of the field, before, after) of the changed fields."""
        model = MediaVersion._meta.get_field("file").related_model
        return [
            (model._meta.get_field(name.removesuffix("_id")).verbose_name, *values)
            for name, values in self.changes.items()
        ]

    def is_of(self, user):
        """Whether the same person made this change a moment ago."""
        return self.user_id == (user and user.pk) and timezone.now() - self.at < SAME_SITTING


@receiver(post_delete, sender=MediaVersion)
def delete_content(sender, instance, using, **kwargs):
    """Delete the stored file of a deleted row once it is certain that the row is gone."""
    if instance.content:
        delete = partial(instance.content.delete, save=False)
        transaction.on_commit(delete, using=using, robust=True)
