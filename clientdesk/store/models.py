"""The tables as Peewee models. They are bound to no database: each query is executed on the one given.

Of an entity with history only those columns stand in its class which have an index or a reference, or which the code
names; the others are added from its declaration. An entity of which nothing has to be said has no class here.
"""

from typing import Any

from peewee import AutoField, CompositeKey, ForeignKeyField, IntegerField, Model, TextField

from clientdesk.store.derived_columns import DERIVED
from clientdesk.store.entities import ENTITIES, Attribute, Entity
from clientdesk.store.order_keys import Form, order_indexes


class TeamMemberModel(Model):
    id = AutoField()
    name = TextField()
    name_key = TextField(unique=True)
    login = TextField(unique=True)
    active = IntegerField()
    version = IntegerField()

    class Meta:
        table_name = "team_member"


class FirmModel(Model):
    id = AutoField()
    primary_admin = ForeignKeyField(TeamMemberModel, column_name="primary_admin_id", index=False)
    offered_to = ForeignKeyField(TeamMemberModel, column_name="offered_to_id", null=True, index=False)
    version = IntegerField()

    class Meta:
        table_name = "firm"


class ClientTypeModel(Model):
    id = AutoField()
    name = TextField()
    name_key = TextField(unique=True)
    version = IntegerField()

    class Meta:
        table_name = "client_type"


class ViewModel(Model):
    id = AutoField()
    name = TextField()
    name_key = TextField(unique=True)
    version = IntegerField()

    class Meta:
        table_name = "view"


class ClientModel(Model):
    """A client's row; most columns come from the declaration of the entity, see below."""

    id = AutoField()
    company_id = TextField(unique=True)
    number_key = TextField(null=True, unique=True)
    client_type_ref = ForeignKeyField(ClientTypeModel, column_name="client_type_id", null=True, index=False)
    lead_ref = ForeignKeyField(TeamMemberModel, column_name="lead_id", null=True, index=False)
    version = IntegerField()

    class Meta:
        table_name = "client"
        indexes = ()


class ClientOwnModel(Model):
    """The index of what clients have in the firm's own fields: a row for each value, and for each tag (of field 0)."""

    field_id = IntegerField()
    client_id = IntegerField()
    value = TextField()
    sort_key = TextField()
    unique_key = TextField(null=True)

    class Meta:
        table_name = "client_own"
        primary_key = CompositeKey("field_id", "client_id", "value")


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

    class Meta:
        table_name = "work_renewal"


class IdCounterModel(Model):
    entity = TextField(primary_key=True)
    next = IntegerField()

    class Meta:
        table_name = "id_counter"


class MemberSettingModel(Model):
    member = ForeignKeyField(TeamMemberModel, column_name="member_id", index=False)
    name = TextField()
    value = TextField()

    class Meta:
        table_name = "member_setting"
        primary_key = CompositeKey("member", "name")


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


class DeletedClientModel(Model):
    client_id = IntegerField(primary_key=True)
    search_text = TextField()

    class Meta:
        table_name = "deleted_client"


class ImportMappingModel(Model):
    name_key = TextField(primary_key=True)
    name = TextField()
    fields = TextField()

    class Meta:
        table_name = "import_mapping"


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


def _declared_column(attribute: Attribute) -> Any:
    kind: Any = IntegerField if attribute.number else TextField
    return kind(column_name=attribute.column, null=attribute.default is None, default=attribute.default)


_WRITTEN_OUT: tuple[type[Model], ...] = (TeamMemberModel, FirmModel, ClientTypeModel, ClientModel, ViewModel)
_BY_ENTITY = {model._meta.table_name: model for model in _WRITTEN_OUT}


def _declared(entity: Entity) -> type[Model]:
    """The class of an entity that has none of its own, all from its declaration."""
    reference: Any = ForeignKeyField
    fields: dict[str, Any] = {} if entity.key_attributes else {"id": AutoField()}
    for attribute in entity.attributes:
        if attribute.refers_to:
            about = {"column_name": attribute.column, "null": attribute.column not in entity.identity, "index": False}
            fields[attribute.name] = reference(_BY_ENTITY[attribute.refers_to], **about)
        else:
            fields[attribute.name] = _declared_column(attribute)
    for column in DERIVED.get(entity.name, ()):
        fields[column] = TextField(default="", unique=column in entity.unique)
    meta: dict[str, Any] = {"table_name": entity.name}
    if entity.key_attributes:
        meta["primary_key"] = CompositeKey(*(attribute.name for attribute in entity.key_attributes))
    name = f"{entity.name.title().replace('_', '')}Model"
    return type(name, (Model,), {**fields, "version": IntegerField(), "Meta": type("Meta", (), meta)})


for _entity in ENTITIES.values():
    if _entity.name not in _BY_ENTITY:
        _BY_ENTITY[_entity.name] = _declared(_entity)
for _model in _WRITTEN_OUT:
    _entity, _columns = ENTITIES[_model._meta.table_name], _model._meta.columns
    for _attribute in _entity.attributes:
        if _attribute.column not in _columns:
            _model._meta.add_field(_attribute.name, _declared_column(_attribute))
    for _column in DERIVED.get(_entity.name, ()):
        if _column not in _columns:
            _model._meta.add_field(_column, TextField(default=""))
# The indexes as the firm has them. Partial ones, and those of expressions, are compared by name.
for _index in order_indexes():
    if _index.key.form is Form.WHOLE:
        _names = (_index.key.column, *_index.then, *_index.also)
        _names += ("search_text",) if _index.name == "client_by_name" else ()
        ClientModel.add_index(*(ClientModel._meta.columns[name] for name in _names))
ClientOwnModel.add_index(ClientOwnModel.field_id, ClientOwnModel.sort_key, ClientOwnModel.client_id)
ClientOwnModel.add_index(ClientOwnModel.field_id, ClientOwnModel.unique_key, unique=True)
for _field in (ClientWorkModel.due, ClientWorkModel.state, ClientWorkModel.open_items, ClientWorkModel.who1_id):
    ClientWorkModel.add_index(ClientWorkModel.template_id, _field, ClientWorkModel.client_id)
for _name, _column in (
    ("template_item", "section_id"),
    ("template_item", "client_id"),
    ("client_account", "client_id"),
):
    _BY_ENTITY[_name].add_index(_BY_ENTITY[_name]._meta.columns[_column])
ChangeSetModel.add_index(ChangeSetModel.actor, ChangeSetModel.id)
ChangeSetModel.add_index(ChangeSetModel.latest, ChangeSetModel.id)
ChangeSetModel.add_index(ChangeSetModel.actor, ChangeSetModel.latest, ChangeSetModel.id)
HistoryModel.add_index(HistoryModel.entity, HistoryModel.key, HistoryModel.id)

MODELS: tuple[type[Model], ...] = (
    TeamMemberModel,
    FirmModel,
    ClientTypeModel,
    ClientModel,
    ViewModel,
    *(model for model in _BY_ENTITY.values() if model not in _WRITTEN_OUT),
    ClientOwnModel,
    ClientWorkModel,
    WorkRenewalModel,
    IdCounterModel,
    MemberSettingModel,
    ChangeSetModel,
    HistoryModel,
    ImportRunModel,
    ImportRefusalModel,
    DeletedClientModel,
    ImportMappingModel,
    ArrivalModel,
)
