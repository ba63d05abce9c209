"""Word rules: finding words in Japanese texts however they are written. No model, no request.

``Matcher(rules).find(text)`` returns hits with their spans in the original text.
"""

from comments.word_rules.matching import Hit, Matcher, Rule

__all__ = ["Hit", "Matcher", "Rule"]
