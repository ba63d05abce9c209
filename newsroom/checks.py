"""System checks for valid settings that are wrong for a public site."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.http.request import validate_host

WHOLE_INTERNET = 0  # the prefix length of the network of all addresses


@register(Tags.security, deploy=True)
def check_public_site(app_configs, **kwargs):
    risks = [
        (
            not settings.COMMENT_LIMITS,
            "COMMENT_LIMITS is off: anybody can post and vote as fast as a machine can.",
            "Switch it off for load tests only.",
        ),
        (
            not settings.HTTPS,
            f"SITE_URL is {settings.SITE_URL}: passwords and cookies travel unencrypted.",
            "Give the site a certificate and an address that begins with https://.",
        ),
        (
            "*" in settings.ALLOWED_HOSTS,
            "ALLOWED_HOSTS holds *: the site answers under any name.",
            "Name the hosts that it is reached by.",
        ),
    ]
    return [
        Warning(message, hint, id=f"newsroom.W{number:03}")
        for number, (is_given, message, hint) in enumerate(risks, 1)
        if is_given
    ]


@register(Tags.security)
def check_trusted_proxies(app_configs, **kwargs):
    """Refuse to trust every client: each could then choose the address that it votes from."""
    return [
        Error(
            f"TRUSTED_PROXIES holds {network}, which is everybody.",
            hint="Name the addresses of your own proxies only.",
            id="newsroom.E001",
        )
        for network in settings.TRUSTED_PROXIES
        if network != "unix" and network.prefixlen == WHOLE_INTERNET
    ]


@register(Tags.urls)
def check_site_url(app_configs, **kwargs):
    host = urlsplit(settings.SITE_URL).hostname
    if validate_host(f"[{host}]" if ":" in host else host, settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            f"ALLOWED_HOSTS does not hold {host}, the host of SITE_URL.",
            hint="Readers who follow a link to this site would be answered 400.",
            id="newsroom.E002",
        )
    ]
