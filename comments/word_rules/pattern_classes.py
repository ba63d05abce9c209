"""The classes of patterns that a rule can name, as in ``/line/``."""

from comments.word_rules.contacts import CONTACTS
from comments.word_rules.money import MONEY

PATTERNS = {**CONTACTS, "money": MONEY}
