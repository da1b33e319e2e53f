"""The first schema: firm, team, client types, clients, history, search, imports, transfers."""

from peewee import Database

from clientdesk.store.engines.postgres_script import TEXT, run, without_controls

_NAMES = (
    *("display_name", "business_name", "company_id", "client_number", "email", "phone", "contact_first_name"),
    *("contact_last_name", "mobile", "website", "street", "city", "region", "postal_code", "country", "tax_id"),
)

# Every text is compared by its code points (COLLATE "C"), as SQLite does it: the order of a list does not depend
# on the server's locale. What is sorted by is folded by the program, once, for both engines.
# Nothing is ever written into `turn`: whoever writes to the firm locks it. An advisory lock would be anybody's.
TABLES = f"""
CREATE TABLE team_member (
    id bigint PRIMARY KEY,
    name {TEXT} NOT NULL CHECK (name <> '') CHECK ({without_controls("name")}),
    name_key {TEXT} NOT NULL,
    email {TEXT} NOT NULL DEFAULT '',
    login {TEXT} NOT NULL CHECK (login <> '') CHECK ({without_controls("login")}),
    access {TEXT} NOT NULL CHECK (access IN ('full', 'basic')),
    active integer NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE firm (
    id integer PRIMARY KEY CHECK (id = 1),
    name {TEXT} NOT NULL CHECK (name <> '') CHECK ({without_controls("name")}),
    client_notice bigint CHECK (client_notice > 0),
    primary_admin_id bigint NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    offered_to_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    upload_limit integer NOT NULL DEFAULT 1 CHECK (upload_limit IN (0, 1)),
    uid {TEXT} NOT NULL DEFAULT '',
    origin bigint NOT NULL DEFAULT 0 CHECK (origin >= 0),
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE client_type (
    id bigint PRIMARY KEY,
    name {TEXT} NOT NULL CHECK (name <> '') CHECK ({without_controls("name")}),
    name_key {TEXT} NOT NULL,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE client (
    id bigint PRIMARY KEY,
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
    version bigint NOT NULL DEFAULT 1,
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

CREATE TABLE id_counter (
    entity {TEXT} NOT NULL PRIMARY KEY,
    next bigint NOT NULL
);

CREATE TABLE turn ();

CREATE TABLE member_setting (
    member_id bigint NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT,
    name {TEXT} NOT NULL,
    value {TEXT} NOT NULL,
    PRIMARY KEY (member_id, name)
);

CREATE TABLE change_set (
    id bigint PRIMARY KEY,
    at {TEXT} NOT NULL,
    actor_id bigint NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    kind {TEXT} NOT NULL CHECK (kind ~ '^[a-z_.]+$'),
    note {TEXT} NOT NULL DEFAULT '',
    operation {TEXT},
    job bigint,
    undoes bigint REFERENCES change_set (id) ON DELETE RESTRICT,
    stayed bigint NOT NULL DEFAULT 0 CHECK (stayed >= 0),
    entries bigint NOT NULL DEFAULT 0,
    total bigint NOT NULL DEFAULT 0,
    latest integer NOT NULL DEFAULT 1 CHECK (latest IN (0, 1)),
    begun integer NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)),
    rest integer NOT NULL DEFAULT 1 CHECK (rest IN (0, 1)),
    seal {TEXT},
    CHECK (undoes < id),
    CHECK (stayed = 0 OR undoes IS NOT NULL)
);

CREATE TABLE history (
    id bigint PRIMARY KEY,
    change_set_id bigint NOT NULL REFERENCES change_set (id) ON DELETE RESTRICT,
    entity {TEXT} NOT NULL,
    key {TEXT} NOT NULL,
    operation {TEXT} NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
    old {TEXT},
    new {TEXT},
    salt {TEXT},
    digest {TEXT}
);

CREATE TABLE arrival (
    client_id bigint NOT NULL,
    change_set_id bigint NOT NULL REFERENCES change_set (id) ON DELETE RESTRICT,
    company_id {TEXT} NOT NULL,
    from_uid {TEXT} NOT NULL,
    from_firm {TEXT} NOT NULL,
    state {TEXT} NOT NULL,
    entries {TEXT},
    salt {TEXT},
    digest {TEXT},
    PRIMARY KEY (client_id, change_set_id)
);

CREATE UNIQUE INDEX change_set_operation ON change_set (operation);
CREATE INDEX change_set_open ON change_set (id) WHERE seal IS NULL;
CREATE INDEX change_set_by_actor ON change_set (actor_id, id);
CREATE INDEX change_set_lines ON change_set (latest, id);
CREATE INDEX change_set_lines_of_actor ON change_set (actor_id, latest, id);
CREATE INDEX change_set_of_job ON change_set (job, id) WHERE job IS NOT NULL;
CREATE INDEX change_set_begun ON change_set (job, begun) WHERE job IS NOT NULL;
CREATE INDEX change_set_rest ON change_set (job, rest) WHERE job IS NOT NULL;
CREATE INDEX change_set_undone ON change_set (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX history_of_entity ON history (entity, key, id);
CREATE INDEX history_of_change_set ON history (change_set_id, id);
CREATE INDEX arrival_of_change_set ON arrival (change_set_id);

CREATE TABLE import_run (
    id bigint PRIMARY KEY,
    at {TEXT} NOT NULL,
    touched {TEXT} NOT NULL,
    actor_id bigint NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT,
    kind {TEXT} NOT NULL CHECK (kind <> ''),
    file {TEXT} NOT NULL,
    total integer NOT NULL,
    added integer NOT NULL DEFAULT 0,
    changed integer NOT NULL DEFAULT 0,
    unchanged integer NOT NULL DEFAULT 0,
    refused integer NOT NULL DEFAULT 0,
    skipped integer NOT NULL DEFAULT 0,
    state {TEXT} NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped')),
    setup {TEXT} NOT NULL DEFAULT ''
);

CREATE TABLE import_refusal (
    run_id bigint NOT NULL REFERENCES import_run (id) ON DELETE RESTRICT,
    place integer NOT NULL,
    line integer NOT NULL,
    cells {TEXT} NOT NULL,
    problem {TEXT} NOT NULL,
    verdict {TEXT} NOT NULL DEFAULT 'refused'
        CHECK (verdict IN ('refused', 'new', 'changed', 'unchanged', 'skipped')),
    retried_at {TEXT},
    retried_by bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    PRIMARY KEY (run_id, place)
);

CREATE TABLE import_mapping (
    name_key {TEXT} NOT NULL PRIMARY KEY,
    name {TEXT} NOT NULL CHECK (name <> ''),
    fields {TEXT} NOT NULL
);
"""


def up(migrator: object, db: Database) -> None:
    """Make the tables and their indexes."""
    run(db, TABLES)
