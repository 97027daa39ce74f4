"""What accounts add to the site."""

from datetime import timedelta

from forum.accounts import joining
from forum.accounts.actions import approve_post, bounced
from forum.accounts.contact_views import bp as contact
from forum.accounts.events import AddressBounced, MessageSent, ProfileChanged
from forum.accounts.messages import receiver
from forum.accounts.notifications import KINDS
from forum.accounts.queries import acting, addresses, another_moderator, people
from forum.accounts.views import bp
from forum.feature import Feature
from forum.kernel.tokens import Lifetime
from forum.moderation.events import ReportDecided, ReportMade, StaffActed
from forum.moderation.queries import open_reports, report_items
from forum.moderation.queue import QueueSource

FEATURE = Feature(
    name="accounts",
    blueprints=(bp, contact),
    events=(ProfileChanged, MessageSent, AddressBounced, ReportMade, ReportDecided, StaffActed),
    notifications=KINDS,
    drafts={"message": receiver},
    queues=(QueueSource("report", "Reports", report_items, open_reports),),
    addresses=addresses,
    acting=acting,
    bounced=bounced,
    another_moderator=another_moderator,
    approved=approve_post,
    context={"people": people},
    handlers={joining.QUEUE: joining.carry_out},
    links={"confirm": Lifetime(timedelta(hours=48)), "reset": Lifetime(timedelta(minutes=60))},
)
