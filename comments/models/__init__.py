from comments.models.claim import Claim
from comments.models.comment import Comment
from comments.models.erasure import Erasure
from comments.models.feed_key import FeedKey
from comments.models.ledger import ModerationAction, ModerationItem
from comments.models.measure import Measure
from comments.models.mention import Mention
from comments.models.objection import Objection
from comments.models.old_text import OldText
from comments.models.push_subscription import PushSubscription
from comments.models.reader_notices import AnswerNotice, ReaderFeed
from comments.models.reference import AwaitedNumber, Reference
from comments.models.report import Report
from comments.models.rule_change import RuleChange
from comments.models.staff_notice import StaffNotice
from comments.models.thread import Thread
from comments.models.trees import TreeNumber
from comments.models.vote import Vote
from comments.models.word_rule import WordRule, WordRuleVersion

__all__ = [
    "AnswerNotice",
    "AwaitedNumber",
    "Claim",
    "Comment",
    "Erasure",
    "FeedKey",
    "Measure",
    "Mention",
    "ModerationAction",
    "ModerationItem",
    "Objection",
    "OldText",
    "PushSubscription",
    "ReaderFeed",
    "Reference",
    "Report",
    "RuleChange",
    "StaffNotice",
    "Thread",
    "TreeNumber",
    "Vote",
    "WordRule",
    "WordRuleVersion",
]
