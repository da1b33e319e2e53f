"""What a change set notes of those behind it, as the databases' triggers write it, so that a line of the history is read at
once, however many change sets its job has: whether it is the latest of its job, whether something of it is taken back,
and whether more of it can be. Here it is found out by looking, to be compared."""

from functools import reduce
from operator import or_
from typing import Any

from peewee import fn

from clientdesk.store.engines import Engine
from clientdesk.store.history_models import ChangeSetModel


def noted_wrong(engine: Engine) -> int | None:
    """The first change set that has not noted right whether it is the latest of its job, and whether it is taken back."""
    of, later = ChangeSetModel, ChangeSetModel.alias("later")
    followed = fn.EXISTS(later.select(later.id).where(later.job == of.job, later.id > of.id))
    wrong = ((of.latest == 0) != followed, (of.begun == 1) != begun(of.id), (of.rest == 1) != rest(of.id))
    number = engine.execute(of.select(fn.MIN(of.id)).where(reduce(or_, wrong))).fetchone()[0]
    return None if number is None else int(number)


def begun(number: Any) -> Any:
    """Whether something of a change set is taken back: another one undoes it that was not taken back whole in its turn."""
    back, again = ChangeSetModel.alias("back"), ChangeSetModel.alias("again")
    taken_back = again.select(again.id).where(again.undoes == back.id, again.stayed == 0)
    return fn.EXISTS(back.select(back.id).where(back.undoes == number, ~fn.EXISTS(taken_back)))


def rest(number: Any) -> Any:
    """Whether more of a change set can be taken back: none that undoes it has left nothing, or something of it was done
    again since."""
    back, again, undone = (ChangeSetModel.alias(name) for name in ("whole", "later", "other"))
    since = (
        again.select(again.id)
        .join(undone, on=(undone.id == again.undoes))
        .where(undone.undoes == number, again.id > back.id)
    )  # fmt: skip
    undone_whole = back.select(back.id).where(back.undoes == number, back.stayed == 0, ~fn.EXISTS(since))
    return ~fn.EXISTS(undone_whole)
