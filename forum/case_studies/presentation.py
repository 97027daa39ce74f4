"""Pictures where the texts of a case study name them."""

import re
from collections.abc import Sequence
from dataclasses import replace

from forum.case_studies import queries
from forum.case_studies.models import Attachment, CaseStudy
from forum.case_studies.record.presentation import PICTURE, Shown
from forum.web.fragments import part


def placed(case: CaseStudy, parts: Sequence[Shown], files: Sequence[Attachment]) -> tuple[list[Shown], list[Attachment]]:
    """The parts with pictures where their texts name them, and those of `files`, which readers may see, that no text names.

    The name of a picture that readers may not see is left out; a name that is no picture's stays as it was written.
    """
    if not any("[Picture " in p.html for p in parts):
        return list(parts), list(files)
    known = {f.number: f for f in queries.files_of(case) if f.picture}
    shown = {f.number for f in files}
    used: set[int] = set()

    def figure(name: re.Match[str]) -> str:
        number = int(name[1])
        if number not in known:
            return name[0]
        if number in used or number not in shown:
            return ""
        used.add(number)
        return str(part("case_studies/_figure.html", f=known[number], case=case))

    found = [replace(p, html=PICTURE.sub(figure, p.html)) for p in parts]
    return found, [f for f in files if f.number not in used]
