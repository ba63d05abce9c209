"""Writes small exports, the way WordPress does."""

HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<!-- This is a WordPress eXtended RSS file. An <item> in a comment is none. -->
<rss version="2.0"
\txmlns:excerpt="http://wordpress.org/export/1.2/excerpt/"
\txmlns:content="http://purl.org/rss/1.0/modules/content/"
\txmlns:dc="http://purl.org/dc/elements/1.1/"
\txmlns:wp="http://wordpress.org/export/1.2/">
<channel>
\t<title>港の古い新聞</title>
\t<link>https://old.example</link>
\t<wp:wxr_version>1.2</wp:wxr_version>
\t<wp:base_site_url>https://old.example</wp:base_site_url>
\t<wp:base_blog_url>https://old.example</wp:base_blog_url>
"""
TAIL = "</channel>\n</rss>\n"


def cdata(text):
    return f"<![CDATA[{text.replace(']]>', ']]]]><![CDATA[>')}]]>"


def export(*parts):
    return (HEAD + "".join(parts) + TAIL).encode()


def author(login, old_id=1, name="", email="writer@old.example"):
    return (
        f"<wp:author><wp:author_id>{old_id}</wp:author_id>"
        f"<wp:author_login>{cdata(login)}</wp:author_login>"
        f"<wp:author_email>{cdata(email)}</wp:author_email>"
        f"<wp:author_display_name>{cdata(name or login)}</wp:author_display_name></wp:author>\n"
    )


def category(slug, name, parent="", old_id=0):
    return (
        f"<wp:category><wp:term_id>{old_id}</wp:term_id>"
        f"<wp:category_nicename>{cdata(slug)}</wp:category_nicename>"
        f"<wp:category_parent>{cdata(parent)}</wp:category_parent>"
        f"<wp:cat_name>{cdata(name)}</wp:cat_name></wp:category>\n"
    )


def tag(slug, name):
    return (
        f"<wp:tag><wp:term_id>7</wp:term_id><wp:tag_slug>{cdata(slug)}</wp:tag_slug>"
        f"<wp:tag_name>{cdata(name)}</wp:tag_name></wp:tag>\n"
    )


def item(old_id, *inner, **fields):
    """Return an item; ``inner`` are ready-made parts of it, ``fields`` replace the defaults."""
    values = {
        "title": f"記事 {old_id}",
        "link": f"https://old.example/2020/01/post-{old_id}/",
        "author": "writer",
        "content": "本文。",
        "excerpt": "",
        "date": "2020-01-02 12:00:00",
        "date_gmt": "2020-01-02 03:00:00",
        "comments": "open",
        "slug": f"post-{old_id}",
        "status": "publish",
        "parent": 0,
        "type": "post",
        "password": "",
        "sticky": 0,
    } | fields
    return (
        "\t<item>\n"
        f"\t\t<title>{cdata(values['title'])}</title>\n"
        f"\t\t<link>{values['link']}</link>\n"
        f"\t\t<dc:creator>{cdata(values['author'])}</dc:creator>\n"
        f"\t\t<content:encoded>{cdata(values['content'])}</content:encoded>\n"
        f"\t\t<excerpt:encoded>{cdata(values['excerpt'])}</excerpt:encoded>\n"
        f"\t\t<wp:post_id>{old_id}</wp:post_id>\n"
        f"\t\t<wp:post_date>{cdata(values['date'])}</wp:post_date>\n"
        f"\t\t<wp:post_date_gmt>{cdata(values['date_gmt'])}</wp:post_date_gmt>\n"
        f"\t\t<wp:comment_status>{cdata(values['comments'])}</wp:comment_status>\n"
        f"\t\t<wp:post_name>{cdata(values['slug'])}</wp:post_name>\n"
        f"\t\t<wp:status>{cdata(values['status'])}</wp:status>\n"
        f"\t\t<wp:post_parent>{values['parent']}</wp:post_parent>\n"
        f"\t\t<wp:post_type>{cdata(values['type'])}</wp:post_type>\n"
        f"\t\t<wp:post_password>{cdata(values['password'])}</wp:post_password>\n"
        f"\t\t<wp:is_sticky>{values['sticky']}</wp:is_sticky>\n" + "".join(inner) + "\t</item>\n"
    )


def attachment(old_id, path, **fields):
    url = f"https://old.example/wp-content/uploads/{path}"
    return item(
        old_id,
        f"\t\t<wp:attachment_url>{cdata(url)}</wp:attachment_url>\n",
        meta("_wp_attached_file", path),
        meta("_wp_attachment_image_alt", fields.pop("alt", "")),
        **{
            "type": "attachment",
            "status": "inherit",
            "content": "",
            "link": f"https://old.example/attachment-{old_id}/",
        }
        | fields,
    )


def term(domain, slug, name):
    return f'\t\t<category domain="{domain}" nicename="{slug}">{cdata(name)}</category>\n'


def meta(key, value):
    return (
        f"\t\t<wp:postmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(str(value))}</wp:meta_value></wp:postmeta>\n"
    )


def comment(old_id, parent=0, text="それな", **fields):
    values = {
        "author": "匿名希望",
        "email": "reader@private.example",
        "url": "https://private.example/?a=1&b=2",
        "ip": "203.0.113.77",
        "date": "2020-01-03 12:00:00",
        "date_gmt": f"2020-01-03 03:{old_id // 60 % 60:02}:{old_id % 60:02}",
        "approved": "1",
        "type": "comment",
        "user_id": 0,
        "meta": {},
    } | fields
    metas = "".join(
        f"<wp:commentmeta><wp:meta_key>{cdata(key)}</wp:meta_key>"
        f"<wp:meta_value>{cdata(str(value))}</wp:meta_value></wp:commentmeta>\n"
        for key, value in values["meta"].items()
    )
    return (
        "\t\t<wp:comment>\n"
        f"\t\t\t<wp:comment_id>{old_id}</wp:comment_id>\n"
        f"\t\t\t<wp:comment_author>{cdata(values['author'])}</wp:comment_author>\n"
        f"\t\t\t<wp:comment_author_email>{cdata(values['email'])}</wp:comment_author_email>\n"
        f"\t\t\t<wp:comment_author_url>{values['url']}</wp:comment_author_url>\n"
        f"\t\t\t<wp:comment_author_IP>{cdata(values['ip'])}</wp:comment_author_IP>\n"
        f"\t\t\t<wp:comment_date>{cdata(values['date'])}</wp:comment_date>\n"
        f"\t\t\t<wp:comment_date_gmt>{cdata(values['date_gmt'])}</wp:comment_date_gmt>\n"
        f"\t\t\t<wp:comment_content>{cdata(text)}</wp:comment_content>\n"
        f"\t\t\t<wp:comment_approved>{cdata(values['approved'])}</wp:comment_approved>\n"
        f"\t\t\t<wp:comment_type>{cdata(values['type'])}</wp:comment_type>\n"
        f"\t\t\t<wp:comment_parent>{parent}</wp:comment_parent>\n"
        f"\t\t\t<wp:comment_user_id>{values['user_id']}</wp:comment_user_id>\n"
        f"{metas}\t\t</wp:comment>\n"
    )


# One export with something of every kind.
WHOLE = (
    author("writer", 3, "港 太郎"),
    category("news", "ニュース", old_id=11),
    category("harbour", "港", parent="news", old_id=12),
    tag("boat", "船"),
    item(
        10,
        term("category", "news", "ニュース"),
        term("category", "harbour", "港"),
        term("post_tag", "boat", "船"),
        comment(101, text="最初"),
        comment(102, 101, text="返事 >>1"),
        comment(103, 102, approved="0"),
        comment(104, 999, approved="spam"),
        comment(105, type="pingback", author="他の新聞", text="引用"),
        title="<b>灯台</b> &amp; 船",
        slug="%e7%81%af%e5%8f%b0",
        link="https://old.example/2020/01/%e7%81%af%e5%8f%b0/",
        content="一\n\n<a href='https://old.example/2020/01/post-20/#comment-7'>次</a>",
        excerpt="要約。",
        sticky=1,
    ),
    item(20, status="future", date_gmt="2090-01-01 00:00:00"),
    item(21, status="draft", slug="", link="https://old.example/?p=21"),
    item(22, status="pending"),
    item(23, status="private"),
    item(24, status="trash"),
    item(25, password="secret"),
    item(26, type="page", comments="closed", link="https://old.example/about/us/"),
    item(27, type="nav_menu_item"),
    item(28, type="recipe"),
)
