"""The commands of newsroom/deploy/README.md, and what a container needs in their place."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "newsroom" / "deploy" / "README.md"
UPGRADE = "8. An upgrade"


@dataclass(frozen=True)
class Substitution:
    """A part of the page that a container cannot run, what takes its place, and why."""

    old: str
    new: str
    why: str


SUBSTITUTIONS = (
    Substitution(
        "git clone --quiet ADDRESS ",
        "git clone --quiet /mnt ",
        "the repository is this one",
    ),
    Substitution("nano .env\n", "", "a dialogue; the settings of the example will do"),
    Substitution(
        "manage createsuperuser\n",
        "DJANGO_SUPERUSER_PASSWORD=$(openssl rand -hex 9) manage createsuperuser --noinput"
        " --username chief --email chief@news.example.org\n",
        "a dialogue",
    ),
    Substitution(
        'certbot certonly --webroot --webroot-path /var/www/acme --domain "$HOST" --agree-tos'
        ' --email "admin@$HOST" --non-interactive --deploy-hook "systemctl reload nginx"\n',
        "certbot --version\necho proof > /var/www/acme/proof\n",
        "nobody signs a certificate for a container",
    ),
    Substitution(
        'ln -sfn "/etc/letsencrypt/live/$HOST/fullchain.pem"'
        ' "/etc/letsencrypt/live/$HOST/privkey.pem" /etc/newsroom/tls/\n',
        "",
        "the certificate stays the first one",
    ),
    Substitution(
        'curl --fail --silent --retry 30 --retry-delay 1 --output /dev/null "https://$HOST/"\n',
        'echo "127.0.0.1 $HOST" >> /etc/hosts\n'
        "curl --fail --silent --retry 30 --retry-delay 1 --output /dev/null"
        ' --cacert /etc/newsroom/tls/fullchain.pem "https://$HOST/"\n',
        "the host name leads to the container, and its certificate is not signed",
    ),
)


def read_steps():
    """Return {heading: commands} as they stand on the page."""
    sections = re.split(r"^## (.+)$", PAGE.read_text(), flags=re.MULTILINE)[1:]
    return {
        heading: "".join(re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE))
        for heading, text in zip(sections[::2], sections[1::2], strict=True)
    }


def join_steps(steps):
    """Return the commands, with a headline before each step."""
    return "".join(
        f"echo '-- {heading}'\n{commands}" for heading, commands in steps.items() if commands
    )


def build_script(steps):
    """Return the commands with every substitution made. Raises ValueError if the page no longer
    holds what would be substituted."""
    script = join_steps(steps)
    for substitution in SUBSTITUTIONS:
        if script.count(substitution.old) != 1:
            raise ValueError(f"The page no longer says: {substitution.old}")
        script = script.replace(substitution.old, substitution.new)
    return script
