"""The players of other services that a page may hold, once a reader has asked for one."""

YOUTUBE = "https://www.youtube-nocookie.com/embed/"
VIMEO = "https://player.vimeo.com/video/"
NICONICO = "https://embed.nicovideo.jp/watch/"
MAPS = "https://www.google.com/maps/embed"

ALLOWED = (YOUTUBE, VIMEO, NICONICO, MAPS)
