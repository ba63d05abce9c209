"""The groups that every site has."""

import pytest
from django.apps import apps
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db.models.signals import post_migrate

from newsroom import groups

pytestmark = pytest.mark.django_db


def rights_of(name):
    permissions = Group.objects.get(name=name).permissions.select_related("content_type")
    return {f"{p.content_type.app_label}.{p.codename}" for p in permissions}


def tell_migrated(app_label="newsroom"):
    config = apps.get_app_config(app_label)
    post_migrate.send(sender=config, app_config=config, using="default", verbosity=0)


@pytest.mark.parametrize("name", groups.GROUPS)
def test_a_migrated_site_has_the_group_with_all_its_rights(name):
    wanted = {
        f"{model.partition('.')[0]}.{verb}_{model.partition('.')[2]}"
        for model, verbs in groups.GROUPS[name].items()
        for verb in verbs
    }
    assert rights_of(name) == wanted


def test_writers_cannot_publish_nor_touch_the_work_of_others():
    rights = rights_of("Writer")
    assert "articles.add_article" in rights
    assert not rights & {"articles.publish_article", "articles.change_any_article"}


def test_moderators_decide_over_comments_and_write_no_articles():
    rights = rights_of("Moderator")
    assert "comments.moderate_comment" in rights
    assert not {right for right in rights if right.startswith("articles.")}


def test_migrating_again_creates_no_duplicates():
    before = Group.objects.count(), Permission.objects.count(), rights_of("Editor")
    call_command("migrate", verbosity=0)
    assert (Group.objects.count(), Permission.objects.count(), rights_of("Editor")) == before


def test_removed_permissions_return_and_added_ones_stay():
    group = Group.objects.get(name="Moderator")
    group.permissions.set(Permission.objects.filter(codename="view_category"))
    tell_migrated()
    assert rights_of("Moderator") >= {"comments.moderate_comment", "articles.view_category"}


def test_groups_are_created_before_djangos_permissions():
    Group.objects.all().delete()
    Permission.objects.all().delete()
    tell_migrated()
    assert "articles.publish_article" in rights_of("Editor")
