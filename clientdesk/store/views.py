"""The firm's views."""

from clientdesk.named_tuple import NamedTuple
from clientdesk.store.engines import Engine
from clientdesk.store.models import ViewModel


class ViewRow(NamedTuple):
    """A view of the firm; `content` is how it is kept (JSON)."""

    id: int
    version: int
    name: str
    content: str


def views(engine: Engine) -> list[ViewRow]:
    """The firm's views by name."""
    of, columns = ViewModel, ViewModel._meta.columns
    query = of.select(of.id, of.version, of.name, columns["content"]).order_by(of.name_key)
    return [ViewRow(*row) for row in engine.execute(query).fetchall()]
