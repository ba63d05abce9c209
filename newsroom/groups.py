"""Who may do what: the groups of the staff.

Writers write drafts and hand them in. Editors publish, and keep the categories, tags, media and
redirects. Moderators decide over comments. Somebody may be in several groups.
"""

from django.apps import apps as installed
from django.contrib.auth.management import create_permissions
from django.db.models import Q

VIEW = ("view",)
KEEP = ("view", "add", "change")
ALL = (*KEEP, "delete")

GROUPS = {
    "Writer": {
        "articles.article": ALL,
        "articles.articlesource": ALL,
        "articles.relatedarticle": ALL,
        "articles.category": VIEW,
        "articles.mediafile": KEEP,
        "cabinet.folder": VIEW,
        "taggit.tag": VIEW,
    },
    "Editor": {
        "articles.article": (*ALL, "publish", "change_any"),
        "articles.articlesource": ALL,
        "articles.relatedarticle": ALL,
        "articles.category": ALL,
        "articles.mediafile": ALL,
        "articles.redirect": ALL,
        "cabinet.folder": ALL,
        "comments.thread": ("view", "change"),
        "taggit.tag": ALL,
    },
    "Moderator": {
        "comments.comment": ("view", "moderate"),
        "comments.mention": ("view", "change"),
        "comments.moderationaction": VIEW,
        "comments.thread": ("view", "change"),
        "comments.vote": VIEW,
    },
}


def make_groups(sender, using, apps=installed, **kwargs):
    """Make the groups and give each what it needs; run after every migration.

    What an administrator added to a group stays. A permission that is new, or that was taken
    away, is given (again): the groups mean the same on every site.
    """
    try:
        group_model = apps.get_model("auth", "Group")
    except LookupError:  # migrated back to a state without groups
        return
    for label in sorted(
        {model.partition(".")[0] for rights in GROUPS.values() for model in rights}
    ):
        # Django makes an app's permissions when that app's turn comes; ours comes first.
        create_permissions(installed.get_app_config(label), verbosity=0, using=using, apps=apps)
    for name, rights in GROUPS.items():
        group, _created = group_model.objects.using(using).get_or_create(name=name)
        group.permissions.add(*permissions(rights, using=using, apps=apps))


def permissions(rights, *, using="default", apps=installed):
    """Return the permissions that a table of rights names, as far as they exist."""
    permission_model = apps.get_model("auth", "Permission")
    wanted = Q()
    for model, verbs in rights.items():
        app_label, _dot, model = model.partition(".")
        codenames = [f"{verb}_{model}" for verb in verbs]
        wanted |= Q(content_type__app_label=app_label, codename__in=codenames)
    return permission_model.objects.using(using).filter(wanted)
