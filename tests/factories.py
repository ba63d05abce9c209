"""The fixed cast and the things they work with, made with as few words as a test needs."""

import itertools
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.contrib.auth.models import Permission
from django.utils import timezone

from articles.models import Article, Byline, Category
from articles.workflow import Verb
from comments.models import Comment, Thread, trees
from comments.posting import post
from comments.readers import Reader, hash_key

_numbers = itertools.count(1)

SPAM = "今だけ限定、高額の報酬をお約束します。興味のある方は今すぐ下の番号まで。"


def category(name="国内", **fields):
    fields.setdefault("slug", f"category-{next(_numbers)}")
    return Category.objects.create(name=name, **fields)


def guest(name="港野 灯", **fields):
    fields.setdefault("slug", f"guest-{next(_numbers)}")
    return Byline.objects.create(name=name, **fields)


def article(**fields):
    number = next(_numbers)
    defaults = {
        "title": f"記事{number}",
        "slug": f"article-{number}",
        "lead": "港の一日を伝える。",
        "body": "<p>本文。</p>",
        "status": Article.Status.PUBLISHED,
        "published_at": timezone.now() - timedelta(hours=1),
    }
    if fields.get("status") == "trash":
        defaults |= {"trashed_at": timezone.now(), "trashed_from": "published"}
    made = Article(**defaults | fields)
    made.verb = Verb.IMPORT  # an article of any state, as if it had been public elsewhere
    made.save()
    return made


def articles(count, **fields):
    """Articles called 記事0 and so on, each published an hour before the one ahead of it."""
    now = timezone.now()
    return [
        article(title=f"記事{number}", published_at=now - timedelta(hours=1 + number), **fields)
        for number in range(count)
    ]


def reader(name="reader", network=None):
    """A reader with a key of their own, on a network of their own."""
    key = f"a-reader-key-long-enough-{name}"
    return Reader(hash=hash_key(key), network_hash=network or f"network of {name}")


def comment(under, *, text="それな", parent=None, **fields):
    return post(under, text=text, parent_id=parent and parent.pk, **fields)


def scored(under, score, *, posted_at=None, **fields):
    """A comment with a score, as if so many had voted for it."""
    made, changes = comment(under, **fields), {"score": score}
    changes |= {"posted_at": posted_at} if posted_at else {}
    type(made).objects.filter(pk=made.pk).update(**changes)
    made.refresh_from_db()
    return made


def thread_of(under):
    return Thread.objects.of(under)


def long_thread(under, size, *, fanout=3):
    """Fill a thread with comments, each answering an earlier one; returns them."""
    made = []
    with trees.thread_write(under) as thread:
        for index in range(size):
            parent = made[(index - 1) // fanout] if index % 7 else None
            made.append(Comment(parent=parent, text=f"意見 {index}", html=f"<p>意見 {index}</p>"))
        trees.insert_many(made, thread=thread, max_depth=100)
    return made


def raid(under, size, *, networks):
    """Fill four threads with nearly the same text, by as many readers from some networks."""
    places = [under, *(article() for _ in range(3))]
    for index, place in enumerate(places):
        made = [
            Comment(
                text=f"{SPAM}{'☎' * (number % 3)}0{number}",
                html=f"<p>{SPAM}{'☎' * (number % 3)}0{number}</p>",
                reader_hash=f"{number:064x}",
                network_hash=f"n{number % networks}",
            )
            for number in range(index, size, len(places))
        ]
        with trees.thread_write(place) as thread:
            trees.insert_many(made, thread=thread, max_depth=1)


def user(name, *permissions, **fields):
    made = get_user_model().objects.create_user(name, password="a good password", **fields)
    made.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return made


def moderator(name="moderator"):
    return user(name, "moderate_comment", "view_comment", is_staff=True, display_name="司会")
