"""Writes small exports, the way Ghost does."""

import json

AUTHORS = {"a1": "minato", "a2": "oki"}


def user(key, slug, name):
    return {"id": key, "slug": slug, "name": name, "email": f"{slug}@old.example"}


def tag(key, slug, name, visibility="public"):
    return {"id": key, "slug": slug, "name": name, "visibility": visibility}


def post(key, **fields):
    return {
        "id": key,
        "uuid": f"uuid-{key}",
        "title": f"記事 {key}",
        "slug": f"post-{key}",
        "mobiledoc": None,
        "lexical": '{"root":{}}',
        "html": "<p>本文。</p>",
        "plaintext": "本文。",
        "feature_image": None,
        "featured": 0,
        "type": "post",
        "status": "published",
        "visibility": "public",
        "created_at": "2021-01-01T00:00:00.000Z",
        "updated_at": "2021-02-01T00:00:00.000Z",
        "published_at": "2021-01-02T03:00:00.000Z",
        "custom_excerpt": None,
        "codeinjection_head": None,
        "codeinjection_foot": None,
        "canonical_url": None,
    } | fields


def meta(key, **fields):
    return {"id": f"meta-{key}", "post_id": key, "og_image": None, "meta_title": None} | fields


def join(key, name, values):
    return [
        {"id": f"{key}-{value}", "post_id": key, name: value, "sort_order": number}
        for number, value in enumerate(values)
    ]


def export(*posts, **tables):
    """Return an export; ``tables`` replace the defaults."""
    return json.dumps(
        {
            "db": [
                {
                    "meta": {"exported_on": 1700000000000, "version": "5.96.0"},
                    "data": {
                        "posts": list(posts),
                        "posts_authors": [],
                        "posts_meta": [],
                        "posts_tags": [],
                        "tags": [],
                        "users": [user("a1", "minato", "港 太郎"), user("a2", "oki", "沖 花子")],
                        "settings": [],
                    }
                    | tables,
                }
            ]
        },
    ).encode()
