"""What discussions add to the site."""

from forum.discussions import actions, cards, editing_views, events, queries, views
from forum.discussions.moderation import views as moderation_views
from forum.discussions.moderation.actions import JUDGED
from forum.discussions.moderation.queue import QUEUE
from forum.discussions.notifications import KINDS
from forum.discussions.search import SOURCES
from forum.discussions.seed import open_key_questions
from forum.feature import Feature

FEATURE = Feature(
    name="discussions",
    blueprints=(editing_views.bp, moderation_views.bp, views.bp),
    events=(
        events.ThreadStarted,
        events.ThreadChanged,
        events.ReplyPosted,
        events.ReplyChanged,
        events.AnswerAccepted,
        events.PostThanked,
        events.PostDecided,
    ),
    drafts=editing_views.DRAFTS,
    brings=open_key_questions,
    renders=(actions.render_older,),
    tables={"posts": "posts", "threads": "discussions"},
    searches=SOURCES,
    notifications=KINDS,
    queues=(QUEUE,),
    versions={"thread": queries.thread_versions, "reply": queries.reply_versions},
    cards={"thread": cards.thread_cards, "reply": cards.reply_cards},
    judged=JUDGED,
)
