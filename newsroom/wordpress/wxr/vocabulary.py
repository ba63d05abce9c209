"""The names of WXR that reading and writing share: elements, meta keys, taxonomies, states."""

NAMESPACES = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
}
VERSION = "1.2"
GENERATOR = "Newsroom"  # of our own exports
NO_DATE = "0000-00-00 00:00:00"

# Types of items beside post, page and attachment: the guests of the plugin Co-Authors Plus, whose
# taxonomy ``author`` has a term ``cap-<name>`` for each author, and the rules of the plugin Safe
# Redirect Manager.
GUEST, GUEST_PREFIX, BYLINES = "guest-author", "cap-", "author"
REDIRECT_RULE, RULE_FROM, RULE_TO = "redirect_rule", "_redirect_rule_from", "_redirect_rule_to"
RULE_STATUS = "_redirect_rule_status_code"

CATEGORY, TAG = "category", "post_tag"
SERIES, SERIES_PART = "series", "_series_part"  # of the plugin Organize Series
LANGUAGE = "language"  # of the plugin Polylang

THUMBNAIL, OLD_SLUG, FOOTNOTES = "_thumbnail_id", "_wp_old_slug", "footnotes"
ATTACHED_FILE, IMAGE_ALT = "_wp_attached_file", "_wp_attachment_image_alt"
MEDIA_CREDIT = "_media_credit"  # of the plugin Media Credit
TRASHED_FROM, TRASHED_AT = "_wp_trash_meta_status", "_wp_trash_meta_time"

# What plugins for search engines (Yoast SEO, Rank Math, All in One SEO, SEOPress) say of a post,
# by their meta keys. We write those of the first.
SEO = {
    "main_category": ("_yoast_wpseo_primary_category", "rank_math_primary_category"),
    "title": (
        *("_yoast_wpseo_title", "rank_math_title", "_aioseo_title", "_aioseop_title"),
        "_seopress_titles_title",
    ),
    "description": (
        *("_yoast_wpseo_metadesc", "rank_math_description", "_aioseo_description"),
        *("_aioseop_description", "_seopress_titles_desc"),
    ),
    "image": ("_yoast_wpseo_opengraph-image-id", "rank_math_facebook_image_id"),
}

# Meta of our own exports, in JSON, for what WordPress has no field for.
OWN_PREFIX = "_newsroom_"
ARTICLE, CORRECTIONS, SOURCES = "article", "corrections", "sources"
RELATED, PHOTOGRAPHERS = "related", "photographers"
MEDIA, BYLINE, COMMENT = "media", "byline", "comment"
# The columns of an article in ``ARTICLE``.
ARTICLE_FIELDS = (
    *("status", "published_at", "updated_at", "created_at", "expires_at", "featured_until"),
    *("breaking_until", "withdrawal_note", "return_note", "trashed_from", "trashed_at"),
)
MEDIA_FIELDS = ("licence", "decorative", "image_ppoi")
BYLINE_FIELDS = ("kind", "role", "line", "mail")
# The class of what the media library adds to a caption: our import leaves it out.
OF_LIBRARY = "newsroom-library"
