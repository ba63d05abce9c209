"""What is done to several files of the library at once: credit, licence, deletion."""

from cabinet.base_admin import FileAdminBase, SelectFolderForm
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from articles.admin.library_uses import find_drafted_files
from articles.models import MediaFile
from articles.web.paging import read_integer

TEMPLATE = "admin/articles/mediafile/ask.html"


class CreditForm(forms.Form):
    copyright = MediaFile._meta.get_field("copyright").formfield()


class LicenceForm(forms.Form):
    licence = MediaFile._meta.get_field("licence").formfield()


class DeletionForm(forms.Form):
    """A yes."""

    sure = forms.BooleanField(widget=forms.HiddenInput, initial=True)


class LibraryActions(FileAdminBase):
    actions = ["set_credit", "set_licence", "move_to_folder", "delete_unused"]

    def get_actions(self, request):
        """Without Django's own deletion, which deletes nothing if one file is in use."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    @admin.action(description=gettext_lazy("Credit…"), permissions=["change"])
    def set_credit(self, request, queryset):
        return self._set(request, queryset, CreditForm, "set_credit", _("Credit for all"))

    @admin.action(description=gettext_lazy("Licence…"), permissions=["change"])
    def set_licence(self, request, queryset):
        return self._set(request, queryset, LicenceForm, "set_licence", _("Licence for all"))

    @admin.action(description=gettext_lazy("Move…"), permissions=["change"])
    def move_to_folder(self, request, queryset):
        return super().move_to_folder(request, queryset)

    def folder_select(self, request):
        """Ask for a folder, then move the files that the user may change."""
        if request.method == "POST" and self.has_change_permission(request):
            chosen = {read_integer(pk) for pk in request.POST.getlist("files")} - {None}
            files = MediaFile.objects.filter(pk__in=chosen)
            form = SelectFolderForm(request.POST, files=files) if files else None
            if form and form.is_valid():
                folder = form.cleaned_data["folder"]
                self._change_each(request, files, "folder", folder)
                return self.redirect_to_folder(request, folder.pk)
        return super().folder_select(request)

    def _set(self, request, queryset, form_class, action, title):
        """Ask for one field on a page of its own, which sends the action again; then set it."""
        [name] = form_class.base_fields
        form = form_class(request.POST if name in request.POST else None)
        if not form.is_valid():
            return self._ask(request, queryset, form, action=action, title=title)
        self._change_each(request, queryset, name, form.cleaned_data[name])
        return None

    def _change_each(self, request, files, name, value):
        """Set a field of the files that the user may change; say how many those are."""
        changed = 0
        for file in files:
            if self.has_change_permission(request, file):
                file.changed_by = request.user
                setattr(file, name, value)
                file.save()
                changed += 1
        self._tell(request, changed, len(files) - changed)

    def _tell(self, request, changed, refused):
        message = ngettext("%(count)d file changed.", "%(count)d files changed.", changed)
        messages.success(request, message % {"count": changed})
        if refused:
            message = ngettext(
                "%(count)d file is shown by a public article: only editors change it.",
                "%(count)d files are shown by public articles: only editors change them.",
                refused,
            )
            messages.warning(request, message % {"count": refused})

    @admin.action(description=gettext_lazy("Delete unused…"), permissions=["delete"])
    def delete_unused(self, request, queryset):
        """Ask, then delete those of the chosen files that no article uses."""
        unused = queryset.unused().exclude(pk__in=find_drafted_files())
        form = DeletionForm(request.POST if "sure" in request.POST else None)
        if not form.is_valid():
            title = _("Delete unused files")
            return self._ask(request, unused, form, action="delete_unused", title=title)
        count = 0
        for file in unused:
            self.log_deletions(request, [file])
            file.delete()
            count += 1
        message = ngettext("%(count)d file deleted.", "%(count)d files deleted.", count)
        messages.success(request, message % {"count": count})
        return None

    def _ask(self, request, files, form, *, action, title):
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "opts": self.opts,
            "files": files,
            "is_deletion": action == "delete_unused",
            "in_use": len(request.POST.getlist(ACTION_CHECKBOX_NAME)) - files.count(),
            "form": form,
            "action": action,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "select_across": "0",
            "action_checkbox_name": ACTION_CHECKBOX_NAME,
        }
        return TemplateResponse(request, TEMPLATE, context)
