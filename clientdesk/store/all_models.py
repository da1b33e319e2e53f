"""All tables as Peewee models: for what goes through the whole firm."""

from collections.abc import Mapping
from typing import Any

from peewee import Model

from clientdesk.store.history_models import ArrivalModel, ChangeSetModel, DeletedClientModel, HistoryModel
from clientdesk.store.import_models import ImportMappingModel, ImportRefusalModel, ImportRunModel
from clientdesk.store.models import (
    ENTITY_TABLES,
    ClientOwnModel,
    ClientWorkModel,
    IdCounterModel,
    MemberSettingModel,
    WorkRenewalModel,
)

MODELS: tuple[type[Model], ...] = (
    *ENTITY_TABLES.values(),
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
TABLES: Mapping[str, Any] = {model._meta.table_name: model for model in MODELS}
"""The models by the names of their tables."""
