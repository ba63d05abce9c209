"""Invented Japanese texts. The n-th word is used 1/n as often as the first, as in real texts, so
that searches find few entries or very many."""

from itertools import accumulate

WORDS = 8_000
SIGNS = 1_500  # that the words are made of
OPENINGS, CLOSINGS = 20_000, 20_000
PARTICLES = ["は", "が", "を", "に", "で", "と", "も", "の", "から", "まで", "という"]
ENDINGS = ["です。", "した。", "だろう。", "と思う。", "のでは。", "らしい。", "かもしれない。"]


class Invention:
    """Sentences of invented words, the same for the same ``chance``."""

    def __init__(self, chance):
        self._chance = chance
        signs = [chr(0x4E00 + number) for number in chance.sample(range(8_000), SIGNS)]
        words = {"".join(chance.choices(signs, k=chance.choice((2, 2, 3)))) for _ in range(WORDS)}
        self.words = sorted(words)
        chance.shuffle(self.words)
        self._weights = list(accumulate(1 / (rank + 60) for rank in range(len(self.words))))

    def write_phrase(self, count):
        """Return so many words with their particles, without an end."""
        words = self._chance.choices(self.words, cum_weights=self._weights, k=count)
        return "".join(word + self._chance.choice(PARTICLES) for word in words)

    def write_sentence(self, count):
        return self.write_phrase(count) + self._chance.choice(ENDINGS)

    def write_text(self, length):
        """Return sentences with about so many characters in all, some a half, some double."""
        left, sentences = length * self._chance.uniform(0.5, 2), []
        while left > 0:
            sentences.append(self.write_sentence(self._chance.randint(2, 9)))
            left -= len(sentences[-1])
        return "".join(sentences)


class Remarks:
    """Texts of comments. Each is one of many openings and one of many closings, so that hardly any
    is written twice, and none costs more than two choices."""

    def __init__(self, invention, chance):
        self._openings = [invention.write_text(30) for _ in range(OPENINGS)]
        self._closings = [invention.write_text(40) for _ in range(CLOSINGS)]
        self._chance = chance

    def write(self):
        chance = self._chance.random
        opening = self._openings[int(chance() * OPENINGS)]
        closing = self._closings[int(chance() * CLOSINGS)]
        return opening + ("\n" if chance() < 0.2 else "") + closing
