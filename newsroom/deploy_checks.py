"""System checks of a public site's files, accounts and proxies: ``check --deploy``."""

import ipaddress
import os
import stat
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.checks import Error, Tags, Warning, register
from django.db import DatabaseError, connection

from newsroom.demo.staff import STAFF
from newsroom.private_files import SIDE_FILES, find_database_file
from newsroom.second_factor.policy import SUPERUSERS

WIDEST = {4: 12, 6: 28}  # prefix lengths; the networks of large CDNs are narrower
READABLE = stat.S_IROTH
WRITABLE = stat.S_IWOTH


def is_local_site():
    """Return whether SITE_URL is an address of this machine."""
    host = urlsplit(settings.SITE_URL).hostname
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@register(Tags.security, deploy=True)
def check_demo_passwords(app_configs, **kwargs):
    """Refuse the logins whose passwords this project prints."""
    database = find_database_file(connection)
    if is_local_site() or (database and not database.exists()):  # looking would create the file
        return []
    try:
        names = _list_demo_logins()
    except DatabaseError as error:
        message = f"The database cannot be searched for demo passwords: {error}"
        return [Warning(message.strip(), hint="Repeat the check.", id="newsroom.W005")]
    return [
        Error(
            f"The account {name} has the password of the demo, which everybody can read.",
            hint=f"Run manage.py changepassword {name}, or deactivate the account.",
            id="newsroom.E003",
        )
        for name in names
    ]


def _list_demo_logins():
    user_model = get_user_model()
    if user_model._meta.db_table not in connection.introspection.table_names():
        return []  # before the first migration
    users = user_model.objects.filter(is_active=True).in_bulk(
        [member.login for member in STAFF], field_name="username"
    )
    return [
        member.login
        for member in STAFF
        if member.login in users and users[member.login].check_password(member.password)
    ]


@register(Tags.security, deploy=True)
def check_data_folders(app_configs, **kwargs):
    """Refuse folders that any user of the machine may change."""
    database = find_database_file(connection)
    folders = {
        settings.VAR_DIR,
        Path(settings.MEDIA_ROOT),
        *([database.parent] if database else []),
    }
    return [
        Error(
            f"Every user of this machine may write into {folder}.",
            hint=f"Run chmod o-w {folder}",
            id="newsroom.E004",
        )
        for folder in sorted(folders)
        if _allows_others(folder, WRITABLE)
    ]


@register(Tags.security, deploy=True)
def check_media_folder(app_configs, **kwargs):
    """Refuse a media folder in which no upload could be stored."""
    folder = Path(settings.MEDIA_ROOT)
    nearest = next(path for path in (folder, *folder.parents) if path.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        return []
    return [
        Error(
            f"The site cannot write into its media folder, {folder}.",
            hint="Run the check as the user of the site, and let that user own the folder.",
            id="newsroom.E005",
        )
    ]


@register(Tags.security, deploy=True)
def check_private_files(app_configs, **kwargs):
    """Refuse a file with secrets or readers' texts that any user of the machine may read."""
    database = find_database_file(connection)
    files = [database.with_name(database.name + end) for end in SIDE_FILES] if database else []
    return [
        Error(
            f"Every user of this machine may read {file}.",
            hint=f"Run chmod o-rwx {file}",
            id="newsroom.E006",
        )
        for file in [settings.ENV_FILE, *files]
        if _allows_others(file, READABLE | WRITABLE)
    ]


def _allows_others(path, rights):
    try:
        return bool(path.stat().st_mode & rights)
    except OSError:  # it does not exist, or is out of reach
        return False


@register(Tags.security, deploy=True)
def check_needless_trust(app_configs, **kwargs):
    """Warn of proxies that are trusted without need."""
    if settings.TRUSTED_PROXIES and is_local_site() and not settings.HTTPS:
        message = f"TRUSTED_PROXIES is set, but readers reach {settings.SITE_URL} without a proxy."
        return [Warning(message, hint="Remove the setting.", id="newsroom.W004")]
    return [
        Warning(
            f"TRUSTED_PROXIES holds {network}: each of its machines can choose the address that"
            " the site sees.",
            hint="Name the addresses of your own proxies only.",
            id="newsroom.W004",
        )
        for network in settings.TRUSTED_PROXIES
        if network != "unix" and 0 < network.prefixlen < WIDEST[network.version]
    ]


@register(Tags.security, deploy=True)
def check_second_factor_groups(app_configs, **kwargs):
    """Refuse a group that must have a second factor and does not exist: nobody is asked for one."""
    database = find_database_file(connection)
    if not settings.SECOND_FACTOR_GROUPS or (database and not database.exists()):
        return []
    try:
        known = {name.casefold() for name in Group.objects.values_list("name", flat=True)}
    except DatabaseError:  # before the first migration
        return []
    return [
        Error(
            f"SECOND_FACTOR_GROUPS names the group {name}, which does not exist.",
            hint=f"Use the name of a group, or {SUPERUSERS}.",
            id="newsroom.E008",
        )
        for name in settings.SECOND_FACTOR_GROUPS
        if name.casefold() not in {*known, SUPERUSERS}
    ]
