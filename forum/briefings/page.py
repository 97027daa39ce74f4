"""What the addresses of papers share."""

from flask import Response, request

from forum.kernel import rate_limits
from forum.web.devices import asker

TYPES = {
    "pdf": "application/pdf",
    "png": "image/png",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
}


def spend() -> None:
    """Count one more paper of whoever asks. Raises `TooMany`."""
    rate_limits.spend_quickly("papers", asker(), 30, 60, "There were many downloads in a short time.")


def given(data: bytes, name: str) -> Response:
    """A file to keep; a browser that has it already is told so."""
    response = Response(data, content_type=TYPES[name.rpartition(".")[2]])
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Cache-Control"] = "private, no-cache"
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]
