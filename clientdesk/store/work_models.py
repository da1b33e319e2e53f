"""The tables of the clients' work as Peewee models: those of its entities, and those that follow from them."""

from peewee import CompositeKey, IntegerField, Model, TextField

from clientdesk.store.models import ENTITY_TABLES, declared
from clientdesk.store.work_entities import WORK_ENTITIES

for _entity in WORK_ENTITIES:
    ENTITY_TABLES[_entity.name] = declared(_entity)


class ClientWorkModel(Model):
    """What follows of clients' work from templates, clients and what people did: a row for each template that applies to a
    client, and one of template 0 for its earliest due date."""

    template_id = IntegerField()
    client_id = IntegerField()
    of_template = IntegerField()
    """The template whose work is due first; of any other row its own."""
    period = TextField()
    """The key of the first open period."""
    due = TextField()
    state = IntegerField()
    open_items = IntegerField()
    waiting = IntegerField()
    who1_id = IntegerField(null=True)
    who2_id = IntegerField(null=True)
    who3_id = IntegerField(null=True)

    class Meta:
        table_name = "client_work"
        primary_key = CompositeKey("template_id", "client_id")


class WorkRenewalModel(Model):
    """A template of whose rows in `client_work` some are still to be made anew: who does it, since when, and up to which
    client it is done."""

    template_id = IntegerField(primary_key=True)
    claimed_by = IntegerField()
    claimed_at = TextField()
    done_to = IntegerField()
    is_widened = IntegerField()
    """Whether it applies to other clients than before (0 or 1)."""

    class Meta:
        table_name = "work_renewal"
