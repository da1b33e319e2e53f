"""The clients of a firm that is open, written into files: what the front ends bring together."""

from functools import partial
from typing import BinaryIO

from clientdesk.desk.clients import values_in_pages
from clientdesk.desk.session import Session
from clientdesk.exchange import export as files
from clientdesk.exchange.export import Export, Watch, Written


def export_clients(
    session: Session, export: Export, path: str, overwrite: bool = False, watch: Watch | None = None
) -> Written:
    """Writes a file, as `exchange.export` does."""
    return files.export_clients(partial(values_in_pages, session), export, path, session.location, overwrite, watch)


def stream_clients(session: Session, export: Export, file: BinaryIO) -> Written:
    """Writes into an open file, as `exchange.export` does."""
    return files.stream_clients(partial(values_in_pages, session), export, file)
