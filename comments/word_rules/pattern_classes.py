"""The classes of patterns that a rule can name, as in ``/line/``."""

from comments.word_rules.contacts import CONTACTS
from comments.word_rules.money import find_money

PATTERNS = {**CONTACTS, "money": find_money}
