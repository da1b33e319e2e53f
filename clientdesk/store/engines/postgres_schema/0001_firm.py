"""The first schema: firm, team, client types, clients, history, search."""

from peewee import Database

from clientdesk.store.engines.postgres_script import ID, TEXT, run, without_controls

_NAMES = (
    *("display_name", "business_name", "company_id", "client_number", "email", "phone", "contact_first_name"),
    *("contact_last_name", "mobile", "website", "street", "city", "region", "postal_code", "country", "tax_id"),
)

# Every text is compared by its code points (COLLATE "C"), as SQLite does it: the order of a list does not depend
# on the server's locale. What is sorted by is folded by the program, once, for both engines.
TABLES = f"""
CREATE TABLE team_member (
    id {ID},
    name {TEXT} NOT NULL CHECK (name <> '') CHECK ({without_controls("name")}),
    name_key {TEXT} NOT NULL,
    email {TEXT} NOT NULL DEFAULT '',
    login {TEXT} NOT NULL CHECK (login <> '') CHECK ({without_controls("login")}),
    access {TEXT} NOT NULL CHECK (access IN ('full', 'basic')),
    active integer NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE firm (
    id integer PRIMARY KEY CHECK (id = 1),
    name {TEXT} NOT NULL CHECK (name <> '') CHECK ({without_controls("name")}),
    client_notice bigint CHECK (client_notice > 0),
    primary_admin_id bigint NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    offered_to_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE client_type (
    id {ID},
    name {TEXT} NOT NULL CHECK (name <> '') CHECK ({without_controls("name")}),
    name_key {TEXT} NOT NULL,
    version integer NOT NULL DEFAULT 1
);

CREATE TABLE client (
    id {ID},
    company_id {TEXT} NOT NULL CHECK (company_id <> ''),
    client_number {TEXT} NOT NULL DEFAULT '' CHECK (length(client_number) <= 100),
    number_key {TEXT},
    display_name {TEXT} NOT NULL CHECK (display_name <> ''),
    business_name {TEXT} NOT NULL DEFAULT '',
    client_type_id bigint REFERENCES client_type (id) ON DELETE RESTRICT,
    lead_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    status {TEXT} NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive')),
    email {TEXT} NOT NULL DEFAULT '',
    phone {TEXT} NOT NULL DEFAULT '',
    contact_first_name {TEXT} NOT NULL DEFAULT '',
    contact_last_name {TEXT} NOT NULL DEFAULT '',
    mobile {TEXT} NOT NULL DEFAULT '',
    website {TEXT} NOT NULL DEFAULT '',
    street {TEXT} NOT NULL DEFAULT '',
    city {TEXT} NOT NULL DEFAULT '',
    region {TEXT} NOT NULL DEFAULT '',
    postal_code {TEXT} NOT NULL DEFAULT '',
    country {TEXT} NOT NULL DEFAULT '',
    tax_id {TEXT} NOT NULL DEFAULT '',
    fiscal_year_end {TEXT} NOT NULL DEFAULT '',
    subscription {TEXT} NOT NULL DEFAULT '',
    billed_to {TEXT} NOT NULL DEFAULT '' CHECK (billed_to IN ('', 'firm', 'client')),
    primary_admin {TEXT} NOT NULL DEFAULT 'client' CHECK (primary_admin IN ('client', 'firm', 'requested')),
    notes {TEXT} NOT NULL DEFAULT '',
    number_sort {TEXT} NOT NULL,
    display_name_sort {TEXT} NOT NULL,
    business_name_sort {TEXT} NOT NULL DEFAULT '',
    contact_first_name_sort {TEXT} NOT NULL DEFAULT '',
    contact_last_name_sort {TEXT} NOT NULL DEFAULT '',
    street_sort {TEXT} NOT NULL DEFAULT '',
    city_sort {TEXT} NOT NULL DEFAULT '',
    region_sort {TEXT} NOT NULL DEFAULT '',
    country_sort {TEXT} NOT NULL DEFAULT '',
    search_text {TEXT} NOT NULL,
    version integer NOT NULL DEFAULT 1,
    CHECK ((client_number = '') = (number_key IS NULL)),
    CONSTRAINT client_without_control_characters CHECK ({without_controls(*_NAMES)})
);

CREATE UNIQUE INDEX team_member_name ON team_member (name_key);
CREATE UNIQUE INDEX team_member_login ON team_member (login);
CREATE UNIQUE INDEX client_type_name ON client_type (name_key);
CREATE UNIQUE INDEX client_company_id ON client (company_id);
CREATE UNIQUE INDEX client_number_key ON client (number_key);
CREATE INDEX client_by_name ON client (display_name_sort, id);
CREATE INDEX client_by_number ON client (number_sort, id);
CREATE INDEX client_inactive ON client (display_name_sort, id) WHERE status = 'inactive';
CREATE INDEX client_by_type ON client (client_type_id, display_name_sort, id);
CREATE INDEX client_by_lead ON client (lead_id, display_name_sort, id);
CREATE INDEX client_on_plan ON client (display_name_sort, id) WHERE billed_to = 'firm';
CREATE INDEX client_search ON client USING gin (search_text gin_trgm_ops);

CREATE TABLE member_setting (
    member_id bigint NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT,
    name {TEXT} NOT NULL,
    value {TEXT} NOT NULL,
    PRIMARY KEY (member_id, name)
);

CREATE TABLE change_set (
    id {ID},
    at {TEXT} NOT NULL,
    actor_id bigint NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    kind {TEXT} NOT NULL CHECK (kind ~ '^[a-z_.]+$'),
    seal {TEXT}
);

CREATE TABLE history (
    id {ID},
    change_set_id bigint NOT NULL REFERENCES change_set (id) ON DELETE RESTRICT,
    entity {TEXT} NOT NULL,
    entity_id bigint NOT NULL,
    operation {TEXT} NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
    old {TEXT},
    new {TEXT}
);

CREATE INDEX history_of_entity ON history (entity, entity_id, id);
CREATE INDEX history_of_change_set ON history (change_set_id);
CREATE INDEX change_set_open ON change_set (id) WHERE seal IS NULL;
"""


def up(migrator: object, db: Database) -> None:
    """Make the tables and their indexes."""
    run(db, TABLES)
