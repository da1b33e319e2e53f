"""The tables of the imports as Peewee models."""

from peewee import AutoField, CompositeKey, ForeignKeyField, IntegerField, Model, TextField

from clientdesk.store.models import TeamMemberModel


class ImportRunModel(Model):
    id = AutoField()
    at = TextField()
    touched = TextField()
    actor = ForeignKeyField(TeamMemberModel, column_name="actor_id", index=False)
    kind = TextField()
    file = TextField()
    total = IntegerField()
    added = IntegerField(default=0)
    changed = IntegerField(default=0)
    unchanged = IntegerField(default=0)
    refused = IntegerField(default=0)
    skipped = IntegerField(default=0)
    state = TextField(default="running")
    setup = TextField(default="")

    class Meta:
        table_name = "import_run"


class ImportRefusalModel(Model):
    run = ForeignKeyField(ImportRunModel, column_name="run_id", index=False)
    place = IntegerField()
    line = IntegerField()
    cells = TextField()
    problem = TextField()
    verdict = TextField(default="refused")
    retried_at = TextField(null=True)
    retried_by = ForeignKeyField(TeamMemberModel, column_name="retried_by", null=True, index=False)
    search_text = TextField(default="", index=True)

    class Meta:
        table_name = "import_refusal"
        primary_key = CompositeKey("run", "place")


class ImportMappingModel(Model):
    name_key = TextField(primary_key=True)
    name = TextField()
    fields = TextField()

    class Meta:
        table_name = "import_mapping"
