"""Backups: the database and the media of a site in one folder, and a site made of such a folder.

A backup is made while the site serves. The database is dumped as of one moment, the media are
copied after it, so the copy has every file that the dump names, but for those that an editor has
deleted meanwhile. A folder with the backup's name is a whole one: it was written under another
name, read back and renamed at the end.
"""
