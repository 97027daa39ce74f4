"""The form of the last step."""

from forum.case_studies.record.fields import CONFIRMATIONS
from forum.moderation.forms import ByStaff
from forum.web.forms import Ticks


class SendForm(ByStaff):
    """The last step: confirmations, and a reason for an edit after publication. Answers to findings are read beside it."""

    confirmed = Ticks("Please confirm", choices=CONFIRMATIONS)
