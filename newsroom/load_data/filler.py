"""Fills a site with invented articles and threads, in one transaction."""

import random

from django.db import transaction

from articles.search import describe_rows
from comments.models import Comment, Reference, Vote
from comments.models.trees import TreeNumber
from newsroom.edition import raise_edition
from newsroom.load_data.article_rows import PICTURES, find_user, write_articles
from newsroom.load_data.bulk_rows import count_rows, prepare_for_bulk, reset_sequences
from newsroom.load_data.comment_rows import write_threads
from newsroom.load_data.invention import Invention, Remarks
from newsroom.load_data.shapes import draw_lengths
from newsroom.ranking_renewal import renew_all_rankings

MODELS = [Comment, Vote, Reference, TreeNumber]  # whose rows come by the million


def fill_site(
    articles=0,
    comments=0,
    *,
    lengths=None,
    seed=1,
    pictures=PICTURES,
    progress=lambda step, share: None,
):
    """Write so many articles and comments; returns the articles, the oldest first.

    ``lengths`` gives the number of comments of each article instead, the oldest first.
    ``progress`` is called with the step, 1 or 2, and what share of it is done.
    """
    chance = random.Random(seed)
    invention = Invention(chance)
    lengths = draw_lengths(chance, articles, comments) if lengths is None else lengths
    total = sum(lengths)
    tables = [model._meta.db_table for model in MODELS] + [describe_rows([])[0]]
    with transaction.atomic(), prepare_for_bulk(tables):
        written = write_articles(
            invention,
            chance,
            len(lengths),
            pictures=pictures,
            progress=lambda done: progress(1, done / len(lengths)),
        )
        write_threads(
            Remarks(invention, chance),
            chance,
            list(zip(written, lengths, strict=True)),
            moderator=find_user("load-moderator", "司会"),
            progress=lambda done: progress(2, done / total),
        )
        reset_sequences(MODELS)
        raise_edition()
    count_rows()
    renew_all_rankings()
    return written
