"""The tables of what a firm is, as Peewee models; those of its history and its imports stand beside (`history_models.py`,
`import_models.py`), all together in `all_models.py`. They are bound to no database: each query is executed on the one
given.

Of an entity with history only those columns stand in its class which have an index or a reference, or which the code
names; the others are added from its declaration. An entity of which nothing has to be said has no class here.
"""

from typing import Any

from peewee import AutoField, CompositeKey, ForeignKeyField, IntegerField, Model, TextField

from clientdesk.store.derived_columns import DERIVED
from clientdesk.store.entity import Attribute, Entity
from clientdesk.store.firm_entities import FIRM_ENTITIES


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


def _declared_column(attribute: Attribute) -> Any:
    kind: Any = IntegerField if attribute.number else TextField
    return kind(column_name=attribute.column, null=attribute.default is None, default=attribute.default)


_WRITTEN_OUT: tuple[type[Model], ...] = (TeamMemberModel, FirmModel, ClientTypeModel, ClientModel, ViewModel)
ENTITY_TABLES: dict[str, Any] = {model._meta.table_name: model for model in _WRITTEN_OUT}
"""The models of the entities with history by their tables' names; one comes behind those that it refers to. Those of work are
there when `work_models` is imported."""


def declared(entity: Entity) -> type[Model]:
    """The class of an entity that has none of its own, all from its declaration."""
    reference: Any = ForeignKeyField
    fields: dict[str, Any] = {} if entity.key_attributes else {"id": AutoField()}
    for attribute in entity.attributes:
        if attribute.refers_to:
            about = {"column_name": attribute.column, "null": attribute.column not in entity.identity, "index": False}
            fields[attribute.name] = reference(ENTITY_TABLES[attribute.refers_to], **about)
        else:
            fields[attribute.name] = _declared_column(attribute)
    for column in DERIVED.get(entity.name, ()):
        fields[column] = TextField(default="", unique=column in entity.unique)
    meta: dict[str, Any] = {"table_name": entity.name}
    if entity.key_attributes:
        meta["primary_key"] = CompositeKey(*(attribute.name for attribute in entity.key_attributes))
    name = f"{entity.name.title().replace('_', '')}Model"
    return type(name, (Model,), {**fields, "version": IntegerField(), "Meta": type("Meta", (), meta)})


for _entity in FIRM_ENTITIES:
    if _entity.name not in ENTITY_TABLES:
        ENTITY_TABLES[_entity.name] = declared(_entity)
    else:
        _model = ENTITY_TABLES[_entity.name]
        for _attribute in _entity.attributes:
            if _attribute.column not in _model._meta.columns:
                _model._meta.add_field(_attribute.name, _declared_column(_attribute))
        for _column in DERIVED.get(_entity.name, ()):
            if _column not in _model._meta.columns:
                _model._meta.add_field(_column, TextField(default=""))
