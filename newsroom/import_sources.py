"""The systems from which the admin's page imports, in the order in which it offers them.

To add one, declare an ``ImportSource`` in the package of the system and name it here; the page, the
background job and its report need nothing else.
"""

from newsroom.comment_systems.comment_sources import DISQUS, ISSO, REMARK42
from newsroom.ghost.ghost_source import GHOST
from newsroom.wordpress.wordpress_source import WORDPRESS

SOURCES = {source.code: source for source in (WORDPRESS, GHOST, DISQUS, ISSO, REMARK42)}
