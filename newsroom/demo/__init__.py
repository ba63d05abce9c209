"""Demo content: the invented harbour paper 港湾新報, its articles, readers and pictures.

``articles/`` holds one TOML file an article, ``threads/`` one outline a thread (see ``outline``),
``pictures/`` one file a picture with its texts in ``pictures.toml``, ``categories.toml`` the
categories. ``stories`` reads them; ``loading`` puts all of it into the database through the
models' own verbs.
"""
