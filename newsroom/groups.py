"""The groups of the staff and their permissions.

Writers write drafts and submit them. Editors publish and manage bylines, categories, series,
tags, media and redirects. Moderators decide on comments. A user may be in several groups.
"""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db.models import Q

VIEW = ("view",)
EDIT = ("view", "add", "change")
ALL = (*EDIT, "delete")

GROUPS = {
    "Writer": {
        "articles.article": ALL,
        "articles.articlesource": ALL,
        "articles.relatedarticle": ALL,
        "articles.byline": VIEW,
        "articles.category": VIEW,
        "articles.credit": ALL,
        "articles.mediafile": EDIT,
        "articles.series": VIEW,
        "cabinet.folder": VIEW,
        "taggit.tag": VIEW,
    },
    "Editor": {
        "articles.article": (*ALL, "publish", "change_any"),
        "articles.articlesource": ALL,
        "articles.relatedarticle": ALL,
        "articles.byline": ALL,
        "articles.category": ALL,
        "articles.credit": ALL,
        "articles.mediafile": ALL,
        "articles.series": ALL,
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


def create_groups(sender, using, apps=installed_apps, **kwargs):
    """Create the groups and add missing permissions. Runs after every migration.

    Permissions that an administrator added stay. Removed ones are added again, so that the groups
    mean the same on every site. ``apps`` holds the models as of the migration; ``flush`` omits it.
    """
    try:
        group_model = apps.get_model("auth", "Group")
    except LookupError:  # the migration went back to before auth
        return
    labels = {model.partition(".")[0] for rights in GROUPS.values() for model in rights}
    for label in sorted(labels):
        # Django creates permissions app by app, and this app comes first.
        app_config = installed_apps.get_app_config(label)
        create_permissions(app_config, verbosity=0, using=using, apps=apps)
    for name, rights in GROUPS.items():
        group, _created = group_model.objects.using(using).get_or_create(name=name)
        group.permissions.add(*find_permissions(rights, using=using, apps=apps))


def find_permissions(rights, *, using, apps):
    """Return the permissions that ``rights`` names, as {model: verbs}, and that exist."""
    permission_model = apps.get_model("auth", "Permission")
    wanted = Q()
    for model, verbs in rights.items():
        app_label, _dot, model = model.partition(".")
        codenames = [f"{verb}_{model}" for verb in verbs]
        wanted |= Q(content_type__app_label=app_label, codename__in=codenames)
    return permission_model.objects.using(using).filter(wanted)
