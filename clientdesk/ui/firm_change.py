"""That the firm has changed: the reason for which what is shown is read again."""

from clientdesk.named_tuple import NamedTuple


class FirmChange(NamedTuple):
    """Something in the firm is other than what is shown, or may be."""

    yours: bool = True
    """You have changed it, or want to see what is new: it is read at once, and keys wait for it. What others have
    changed is read as soon as you rest, and no key waits."""
    row_id: int | None = None
    """The row to which the cursor goes."""


BY_YOU, BY_OTHERS = FirmChange(), FirmChange(yours=False)
