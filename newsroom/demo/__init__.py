"""Demo content: two invented harbour papers, their articles, readers and pictures.

``ja/`` is 港湾新報, ``en/`` The Saltmere Courier: each has articles, pages and threads of its own,
and the demo loads the one that speaks the language of the site. ``articles/`` holds one TOML file
an article, ``pages/`` one a page, ``threads/`` one outline a thread (see ``outline``),
``pictures.toml`` the texts of the pictures, ``categories.toml`` the categories. Both papers share
the files in ``pictures/``. ``stories`` reads them; ``loading`` puts all of it into the database
through the models' own verbs.
"""
