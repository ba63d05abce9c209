"""Small exports of comment systems, in the shape of real ones."""

import json
import sqlite3
from xml.sax.saxutils import escape

HEAD = (
    '<?xml version="1.0" encoding="utf-8"?>\n<disqus xmlns="http://disqus.com"'
    ' xmlns:dsq="http://disqus.com/disqus-internals"'
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"'
    ' xsi:schemaLocation="http://disqus.com/api/schemas/1.0/disqus.xsd'
    ' http://disqus.com/api/schemas/1.0/disqus-internals.xsd">\n'
    '<category dsq:id="7"><forum>harbour</forum><title>General</title>'
    "<isDefault>true</isDefault></category>\n"
)


def disqus(*parts):
    """An export of Disqus; the parts are threads and posts."""
    return (HEAD + "\n".join(parts) + "\n</disqus>\n").encode()


def disqus_thread(number, link, identifier="", closed="false", deleted="false"):
    return (
        f'<thread dsq:id="{number}"><id>{escape(identifier)}</id><forum>harbour</forum>'
        f'<category dsq:id="7"/><link>{escape(link)}</link><title>題</title><message/>'
        "<createdAt>2020-01-01T00:00:00Z</createdAt><author><email>owner@mail.example</email>"
        "<name>Owner</name><isAnonymous>false</isAnonymous><username>owner</username></author>"
        f"<ipAddress>192.0.2.1</ipAddress><isClosed>{closed}</isClosed>"
        f"<isDeleted>{deleted}</isDeleted></thread>"
    )


def disqus_post(number, thread, message="<p>それな</p>", parent=0, **fields):
    fields = {
        "createdAt": f"2020-02-{number % 28 + 1:02}T10:00:00Z",
        "isDeleted": "false",
        "isSpam": "false",
        **fields,
    }
    name = fields.pop("name", "読者")
    return (
        f'<post dsq:id="{number}"><id>wp_id=52</id><message><![CDATA[{message}]]></message>'
        + "".join(f"<{field}>{value}</{field}>" for field, value in fields.items())
        + f"<author><email>reader@mail.example</email><name>{escape(name)}</name>"
        "<isAnonymous>true</isAnonymous></author><ipAddress>192.0.2.7</ipAddress>"
        f'<thread dsq:id="{thread}"/>'
        + (f'<parent dsq:id="{parent}"/>' if parent else "")
        + "</post>"
    )


def remark42(*comments, posts=(), **header):
    """A backup of Remark42."""
    header = {"version": 1, "users": [], "posts": list(posts), **header}
    return b"".join(json.dumps(each).encode() + b"\n" for each in (header, *comments))


def remark42_comment(key, url, text="<p>それな</p>\n", parent="", **fields):
    return {
        "id": key,
        "pid": parent,
        "text": text,
        "user": {
            "name": "読者",
            "id": "github_1",
            "picture": "",
            "ip": "293ec5b0cf154855258824ec7fac5dc63d176915",
            "admin": False,
        },
        "locator": {"site": "harbour", "url": url},
        "score": 0,
        "vote": 0,
        "time": "2020-02-03T10:00:00.472041123-06:00",
        **fields,
    }


def isso(path, *comments, threads):
    """Write a database of Isso. A comment is (id, thread, text, further columns)."""
    database = sqlite3.connect(path)
    database.executescript(
        """
        CREATE TABLE preferences (key VARCHAR PRIMARY KEY, value VARCHAR);
        CREATE TABLE threads (
            id INTEGER PRIMARY KEY, uri VARCHAR(256) UNIQUE, title VARCHAR(256));
        CREATE TABLE comments (
            tid REFERENCES threads(id), id INTEGER PRIMARY KEY, parent INTEGER,
            created FLOAT NOT NULL, modified FLOAT, mode INTEGER, remote_addr VARCHAR,
            text VARCHAR, author VARCHAR, email VARCHAR, website VARCHAR,
            likes INTEGER DEFAULT 0, dislikes INTEGER DEFAULT 0, voters BLOB NOT NULL,
            notification INTEGER DEFAULT 0);
        PRAGMA user_version = 3;
        """
    )
    database.executemany("INSERT INTO threads VALUES (?, ?, '題')", threads.items())
    for key, thread, text, columns in comments:
        row = {
            "tid": thread,
            "id": key,
            "created": 1_580_700_000.25 + key,
            "mode": 1,
            "remote_addr": "192.0.2.0",
            "text": text,
            "author": "読者",
            "email": "reader@mail.example",
            "voters": b"\0" * 256,
            **columns,
        }
        names = ", ".join(row)
        marks = ", ".join("?" * len(row))
        database.execute(f"INSERT INTO comments ({names}) VALUES ({marks})", tuple(row.values()))
    database.commit()
    database.close()
    return path
