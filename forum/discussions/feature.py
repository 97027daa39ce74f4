"""What discussions add to the site."""

from forum.discussions import actions, cards, curation, desk, doing, events, queries, views, writing
from forum.discussions.notifications import KINDS
from forum.discussions.search import SOURCES
from forum.discussions.seed import open_key_questions
from forum.feature import Feature

FEATURE = Feature(
    name="discussions",
    blueprints=(writing.bp, doing.bp, views.bp),
    events=(
        events.ThreadStarted,
        events.ThreadChanged,
        events.ReplyPosted,
        events.ReplyChanged,
        events.AnswerAccepted,
        events.PostThanked,
        events.PostDecided,
    ),
    drafts=writing.DRAFTS,
    brings=open_key_questions,
    renders=(actions.render_older,),
    tables={"posts": "posts", "threads": "discussions"},
    searches=SOURCES,
    notifications=KINDS,
    queues=(desk.QUEUE,),
    versions={"thread": queries.thread_versions, "reply": queries.reply_versions},
    cards={"thread": cards.thread_cards, "reply": cards.reply_cards},
    hides={
        "thread": lambda actor, id_, reason: curation.hide(actor, "thread", id_, reason),
        "reply": lambda actor, id_, reason: curation.hide(actor, "reply", id_, reason),
    },
)
