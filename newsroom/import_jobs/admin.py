"""The list of all imports, which is their history, and the addresses of their pages."""

from django.contrib import admin
from django.urls import path
from django.utils.translation import gettext_lazy as _

from comments.admin import ReadOnly
from newsroom.import_jobs import views
from newsroom.import_jobs.import_job import LONG_TEXTS, RIGHT, ImportJob
from newsroom.import_sources import SOURCES


@admin.register(ImportJob)
class ImportJobAdmin(ReadOnly):
    list_display = ["name", "source_name", "standing", "created_by", "created_at"]
    list_select_related = ["created_by"]

    def has_module_permission(self, request):
        return request.user.has_perm(RIGHT)

    def has_view_permission(self, request, obj=None):
        return request.user.has_perm(RIGHT)

    def has_add_permission(self, request):
        return request.user.has_perm(RIGHT)

    def get_queryset(self, request):
        return super().get_queryset(request).defer(*LONG_TEXTS)

    def get_urls(self):
        name = "newsroom_importjob_{}".format
        own = [
            path("add/", views.guard(views.choose_files), name=name("add")),
            path("piece/", views.guard(views.store_file), name=name("piece")),
            path("<int:pk>/change/", views.guard(views.show_job), name=name("change")),
            path("<int:pk>/progress/", views.guard(views.show_progress), name=name("progress")),
            path("<int:pk>/act/", views.guard(views.act_on_job), name=name("act")),
            path(
                "<int:pk>/notes/<str:run>/", views.guard(views.download_notes), name=name("notes")
            ),
        ]
        return own + super().get_urls()

    @admin.display(description=_("files"), ordering="pk")
    def name(self, job):
        return str(job)

    @admin.display(description=_("from"), ordering="source")
    def source_name(self, job):
        return SOURCES[job.source].label if job.source in SOURCES else job.source

    @admin.display(description=_("status"), ordering="state")
    def standing(self, job):
        return job.describes_state
