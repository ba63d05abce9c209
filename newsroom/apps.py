from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self):
        from newsroom import checks, edition  # noqa: F401
        from newsroom.groups import create_groups
        from newsroom.rights import watch_rights

        edition.watch_models()
        watch_rights()
        post_migrate.connect(create_groups, sender=self, dispatch_uid="newsroom.groups")
