from django.apps import AppConfig
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class NewsroomConfig(AppConfig):
    name = "newsroom"
    verbose_name = _("Newsroom")

    def ready(self):
        from newsroom import checks, deploy_checks, edition  # noqa: F401
        from newsroom.groups import create_groups
        from newsroom.private_files import make_database_private
        from newsroom.rights import watch_rights
        from newsroom.second_factor.policy import watch_requirements

        edition.watch_models()
        watch_rights()
        watch_requirements()
        connection_created.connect(make_database_private)
        post_migrate.connect(create_groups, sender=self, dispatch_uid="newsroom.groups")
