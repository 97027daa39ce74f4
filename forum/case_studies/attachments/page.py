"""What several addresses with pictures and files share."""

from flask import Response

#: Far more than is stored: so that who sends too much gets back what was typed beside it.
LARGEST_UPLOAD = 31 * 1024 * 1024


def served(file: Response) -> Response:
    """A file as the site sends it: nothing in it can run, and no cache of others keeps it."""
    file.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    file.headers["Cache-Control"] = "private, no-cache"
    return file
