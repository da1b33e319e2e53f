"""The tables of the history as Peewee models."""

from peewee import AutoField, CompositeKey, ForeignKeyField, IntegerField, Model, TextField

from clientdesk.store.models import TeamMemberModel


class ChangeSetModel(Model):
    id = AutoField()
    at = TextField()
    actor = ForeignKeyField(TeamMemberModel, column_name="actor_id", index=False)
    kind = TextField()
    note = TextField(default="")
    operation = TextField(null=True, unique=True)
    job = IntegerField(null=True)
    undoes = ForeignKeyField("self", column_name="undoes", null=True, index=False)
    stayed = IntegerField(default=0)
    """How many rows it has left as they were, at least in a part, where it takes another one back."""
    entries = IntegerField(default=0)
    """How many entries it has."""
    total = IntegerField(default=0)
    """How many its line has: with those of the earlier change sets of its job."""
    latest = IntegerField(default=1)
    """Whether it is the latest of its job (0 or 1), or of none: then the history has a line for it."""
    begun = IntegerField(default=0)
    """Whether something of it is taken back (0 or 1)."""
    rest = IntegerField(default=1)
    """Whether more of it can be taken back (0 or 1)."""
    seal = TextField(null=True)

    class Meta:
        table_name = "change_set"


class HistoryModel(Model):
    id = AutoField()
    change_set = ForeignKeyField(ChangeSetModel, column_name="change_set_id", index=True)
    entity = TextField()
    key = TextField()
    operation = TextField()
    old = TextField(null=True)
    new = TextField(null=True)
    salt = TextField(null=True)
    digest = TextField(null=True)

    class Meta:
        table_name = "history"


class ArrivalModel(Model):
    client_id = IntegerField()
    change_set = ForeignKeyField(ChangeSetModel, column_name="change_set_id", index=True)
    company_id = TextField()
    from_uid = TextField()
    from_firm = TextField()
    state = TextField()
    entries = TextField(null=True)
    salt = TextField(null=True)
    digest = TextField(null=True)

    class Meta:
        table_name = "arrival"
        primary_key = CompositeKey("client_id", "change_set")


class DeletedClientModel(Model):
    client_id = IntegerField(primary_key=True)
    search_text = TextField()

    class Meta:
        table_name = "deleted_client"
