"""Demo content: the invented harbour paper 港湾新報, its articles, readers and pictures.

The texts are in ``articles/`` (one TOML file an article) and ``threads/`` (one outline a thread,
see ``outline``); ``stories`` reads the first. Pictures are drawn by ``drawing`` at load time from
``pictures.toml``. ``loading`` puts all of it into the database through the models' own verbs.
"""
