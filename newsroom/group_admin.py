"""The admin of groups: one that SECOND_FACTOR_GROUPS names keeps its name."""

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.models import Group
from django.utils.translation import gettext as _

from newsroom.second_factor.policy import requires_of_group

admin.site.unregister(Group)


class GroupForm(forms.ModelForm):
    class Meta:
        model = Group
        fields = ["name", "permissions"]

    def clean_name(self):
        """Refuse a new name under which nobody would be asked for a second factor."""
        old, new = self.initial.get("name", ""), self.cleaned_data["name"]
        if requires_of_group(old) and not requires_of_group(new):
            raise forms.ValidationError(
                _(
                    "SECOND_FACTOR_GROUPS names this group: under another name its members would"
                    " need no second factor. An operator changes the setting first."
                )
            )
        return new


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin):
    form = GroupForm

    def has_delete_permission(self, request, obj=None):
        allowed = super().has_delete_permission(request, obj)
        return allowed and not (obj and requires_of_group(obj.name))

    def get_deleted_objects(self, objs, request):
        """Name the groups that cannot be deleted on the page that asks before."""
        objects, counts, needed, protected = super().get_deleted_objects(objs, request)
        kept = [group.name for group in objs if requires_of_group(group.name)]
        return objects, counts, needed, [*protected, *kept]
