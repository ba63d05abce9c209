"""Every page of the moderators' desk, each with what it shows at its largest."""

from dataclasses import dataclass, field

from django.test import Client
from django.urls import reverse

from comments import chronicle
from comments.models import Comment, ModerationAction, Objection, Report, WordRule
from comments.models.states import LOOKUPS, Verb
from comments.readers import COOKIE, hash_key
from comments.waiting import KINDS, list_waiting
from tests import staff
from tests.benchmarks import servers
from tests.benchmarks.desk_filling import KEY, LONG_THREAD

NOTE = "a benchmark"


@dataclass
class Page:
    """An address that a client asks for; with ``posted`` by POST. ``is_cold``: nothing is
    cached."""

    name: str
    client: Client
    path: str
    posted: dict | None = None
    is_cold: bool = False
    expected: tuple = field(default=(200,))

    def ask(self):
        if self.posted is None:
            return self.client.get(self.path)
        return self.client.post(self.path, self.posted)


def list_pages():
    """Return every page of the desk, and what readers see of moderation."""
    moderator = _sign_in()
    gets = _list_queue() | _list_ledger() | _list_about_one() | _list_searches() | _list_others()
    pages = [Page(name, moderator, path) for name, path in gets.items()]
    return [*pages, *_list_forms(moderator), *_list_public()]


def _sign_in():
    from django.contrib.auth import get_user_model

    user = get_user_model().objects.filter(username="moderator").first() or staff.moderator()
    client = staff.browser_of(user)
    client.defaults["HTTP_HOST"] = servers.HOST
    return client


def _list_queue():
    path = reverse("comments:queue")
    pages = {}
    for kind in KINDS:
        pages[f"queue {kind}"] = f"{path}?kind={kind}"
        pages[f"queue {kind}, newest"] = f"{path}?kind={kind}&order=new"
        entries, _has_more = list_waiting(kind)
        pages[f"queue {kind}, next page"] = f"{path}?kind={kind}&after={entries[-1].cursor}"
        pages[f"entry {kind}"] = reverse("comments:queue_entry", args=[entries[0].key])
    return pages | {
        "queue, list alone": f"{path}?part=list",
        "queue, as a list": f"{path}?view=list",
        "corner": reverse("comments:corner"),
    }


def _list_ledger():
    path, last = reverse("comments:log"), ModerationAction.objects.order_by("-pk").first()
    pages = {f"history {kind}": f"{path}?kind={kind}" for kind in chronicle.KINDS}
    pages |= {f"history {kind}, undone": f"{path}?kind={kind}&undone=1" for kind in chronicle.KINDS}
    pages |= {
        f"history, {reason}": f"{path}?reason={reason}" for reason in ("spam", "privacy", "links")
    }
    pruned = ModerationAction.objects.filter(size__gt=1, verb=Verb.PRUNE).first()
    busy, idle = pruned.moderator_id, 0
    return pages | {
        "history of who did all": f"{path}?who={busy}",
        "history of who did nothing": f"{path}?who={idle}",
        "history, next page": f"{path}?before={last.pk // 2}",
        "an act of one": reverse("comments:action", args=[last.pk]),
        "an act of thousands": reverse("comments:action", args=[pruned.pk]),
    }


def _list_about_one():
    """Return the pages about a comment, a thread or a writer."""
    comment = Comment.objects.held().order_by("-pk").first()
    busiest = _find_busiest()
    root = Comment.objects.get(parent=None, tree_size=LONG_THREAD)
    long = reverse("comments:moderation_thread", args=[root.thread.article_id])
    return {
        "thread of 500": reverse("comments:moderation_thread", args=[comment.thread.article_id]),
        "thread of 20,000": long,
        "thread of 20,000, page 50": f"{long}?page=50",
        "menu": reverse("comments:moderation_menu", args=[comment.pk]),
        "menu above 20,000": reverse("comments:moderation_menu", args=[root.pk]),
        "measures": reverse("comments:measures", args=[comment.pk]),
        "prune of 20,000": reverse("comments:prune", args=[root.pk]),
        "prune of one": reverse("comments:prune", args=[comment.pk]),
        "erase": reverse("comments:erase", args=[comment.pk]),
        "writer": reverse("comments:writer", args=[busiest.pk]),
        "nearly the same": reverse("comments:same", args=[comment.pk]),
        "objection": reverse("comments:objection", args=[Objection.objects.first().pk]),
    }


def _find_busiest():
    own = Comment.objects.filter(reader_hash=hash_key(KEY)).exclude(network_hash="")
    return own.order_by("-pk").first()


def _list_searches():
    path = reverse("comments:desk_search")
    comment = Comment.objects.held().order_by("-pk").first()
    old = Comment.objects.published().first()
    article = comment.thread.article_id
    day = old.posted_at.date().isoformat()
    queries = {
        "a word": f"q={comment.text[:2]}",
        "a sentence": f"q={comment.text[:16]}",
        "a word, held": f"q={comment.text[:2]}&state=held",
        "a word, removed": f"q={comment.text[:2]}&state=removed",
        "a word, an article": f"q={comment.text[:2]}&article={article}",
        "a word, a day": f"q={comment.text[:2]}&since={day}&until={day}",
        "nothing": "q=どこにもない言葉",
        "an ID": f"q=ID:{comment.reader_code}",
        "a number": f"q=>>7&article={article}",
        "a network": f"network={comment.pk}",
        "an article": f"article={article}",
        "a state": "state=removed",
        "a day": f"since={day}&until={day}",
    }
    pages = {f"search: {name}": f"{path}?{query}" for name, query in queries.items()}
    return pages | {"search: next page": f"{path}?q={comment.text[:2]}&before={comment.pk // 2}"}


def _list_others():
    admin = "admin:comments_"
    comment = Comment.objects.held().order_by("-pk").first()
    return {
        "modes": reverse("comments:modes"),
        "word rules": reverse("comments:words"),
        "word rules as text": reverse("comments:words_export"),
        "admin: start": reverse("admin:index"),
        "admin: comments": reverse(f"{admin}comment_changelist"),
        "admin: held comments": f"{reverse(f'{admin}comment_changelist')}?state__exact=held",
        "admin: a comment": reverse(f"{admin}comment_change", args=[comment.pk]),
        "admin: ledger": reverse(f"{admin}moderationaction_changelist"),
        "admin: reports": reverse(f"{admin}report_changelist"),
        "admin: threads": reverse(f"{admin}thread_changelist"),
    }


def _list_forms(client):
    """Return the pages that a moderator asks for by POST, and where they lead to."""
    busiest = _find_busiest()
    rule = WordRule.objects.first()
    tried = {"text": busiest.text[:2], "action": "hold", "step": "try"}
    address = reverse("comments:lookup", args=[busiest.pk])
    found = [
        client.post(address, {"note": NOTE, "kind": kind.value})["Location"] for kind in LOOKUPS
    ]
    scope = {"scope": f"search:q={busiest.text[:2]}", "all": "remove"}
    reported = [str(pk) for pk in Report.objects.open().values_list("comment", flat=True)[:40]]
    bulk = {"chosen": reported, "bulk": "1"} | {f"seen-{pk}": "x.0.0" for pk in reported}
    return [
        Page("dry run of a rule", client, reverse("comments:word", args=[rule.pk]), tried),
        Page("everything of a writer", client, found[0]),
        Page("everything of a network", client, found[1]),
        Page("ask about all found", client, reverse("comments:bulk"), scope),
        Page(
            "ask about 40 of the queue",
            client,
            reverse("comments:queue_decide", args=["remove"]),
            bulk,
            expected=(422,),
        ),
    ]


def _list_public():
    reader = Client(headers={"accept-language": "ja"})
    reader.defaults["HTTP_HOST"] = servers.HOST
    reader.cookies[COOKIE] = KEY
    numbers = reverse("comments:transparency")
    return [
        Page("transparency", reader, numbers),
        Page("transparency, cold", reader, numbers, is_cold=True),
        Page("transparency, table", reader, reverse("comments:transparency_table")),
        Page("me", reader, reverse("comments:me")),
    ]
