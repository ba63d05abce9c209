"""Comment systems whose comments an import brings to articles by address.

disqus     the XML export
isso       the SQLite database
remark42   the backup, JSON by line
markdown   the Markdown of comments as text

E-mail and IP addresses are not read.
"""
