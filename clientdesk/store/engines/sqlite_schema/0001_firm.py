"""The first schema: firm, team, client types, clients, history, search, imports, transfers."""

from peewee import Database

from clientdesk.store.engines.sqlite_script import statements

TABLES = """
CREATE TABLE team_member (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL,
    email TEXT NOT NULL DEFAULT '',
    login TEXT NOT NULL CHECK (login <> ''),
    access TEXT NOT NULL CHECK (access IN ('full', 'basic')),
    active INTEGER NOT NULL DEFAULT 1 CHECK (active IN (0, 1)),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE firm (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    name TEXT NOT NULL CHECK (name <> ''),
    client_notice INTEGER CHECK (client_notice > 0),
    primary_admin_id INTEGER NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    offered_to_id INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    upload_limit INTEGER NOT NULL DEFAULT 1 CHECK (upload_limit IN (0, 1)),
    uid TEXT NOT NULL DEFAULT '',
    origin INTEGER NOT NULL DEFAULT 0 CHECK (origin >= 0),
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE client_type (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    name_key TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE client (
    id INTEGER PRIMARY KEY,
    company_id TEXT NOT NULL CHECK (company_id <> ''),
    client_number TEXT NOT NULL DEFAULT '' CHECK (length(client_number) <= 100),
    number_key TEXT,
    display_name TEXT NOT NULL CHECK (display_name <> ''),
    business_name TEXT NOT NULL DEFAULT '',
    client_type_id INTEGER REFERENCES client_type (id) ON DELETE RESTRICT,
    lead_id INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'inactive')),
    email TEXT NOT NULL DEFAULT '',
    phone TEXT NOT NULL DEFAULT '',
    contact_first_name TEXT NOT NULL DEFAULT '',
    contact_last_name TEXT NOT NULL DEFAULT '',
    mobile TEXT NOT NULL DEFAULT '',
    website TEXT NOT NULL DEFAULT '',
    street TEXT NOT NULL DEFAULT '',
    city TEXT NOT NULL DEFAULT '',
    region TEXT NOT NULL DEFAULT '',
    postal_code TEXT NOT NULL DEFAULT '',
    country TEXT NOT NULL DEFAULT '',
    tax_id TEXT NOT NULL DEFAULT '',
    fiscal_year_end TEXT NOT NULL DEFAULT '',
    subscription TEXT NOT NULL DEFAULT '',
    billed_to TEXT NOT NULL DEFAULT '' CHECK (billed_to IN ('', 'firm', 'client')),
    primary_admin TEXT NOT NULL DEFAULT 'client' CHECK (primary_admin IN ('client', 'firm', 'requested')),
    notes TEXT NOT NULL DEFAULT '',
    number_sort TEXT NOT NULL,
    display_name_sort TEXT NOT NULL,
    business_name_sort TEXT NOT NULL DEFAULT '',
    contact_first_name_sort TEXT NOT NULL DEFAULT '',
    contact_last_name_sort TEXT NOT NULL DEFAULT '',
    street_sort TEXT NOT NULL DEFAULT '',
    city_sort TEXT NOT NULL DEFAULT '',
    region_sort TEXT NOT NULL DEFAULT '',
    country_sort TEXT NOT NULL DEFAULT '',
    search_text TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    CHECK ((client_number = '') = (number_key IS NULL))
) STRICT;

CREATE UNIQUE INDEX team_member_name ON team_member (name_key);
CREATE UNIQUE INDEX team_member_login ON team_member (login);
CREATE UNIQUE INDEX client_type_name ON client_type (name_key);
CREATE UNIQUE INDEX client_company_id ON client (company_id);
CREATE UNIQUE INDEX client_number_key ON client (number_key);
CREATE INDEX client_by_name
    ON client (display_name_sort, id, status, client_type_id, lead_id, billed_to, search_text);
CREATE INDEX client_by_number ON client (number_sort, id, status);
CREATE INDEX client_inactive ON client (display_name_sort, id) WHERE status = 'inactive';
CREATE INDEX client_by_type ON client (client_type_id, display_name_sort, id, status);
CREATE INDEX client_by_lead ON client (lead_id, display_name_sort, id, status);
CREATE INDEX client_on_plan ON client (display_name_sort, id, status) WHERE billed_to = 'firm';
CREATE INDEX client_by_id
    ON client (id, status, client_type_id, lead_id, billed_to, display_name_sort);

CREATE TABLE id_counter (
    entity TEXT NOT NULL PRIMARY KEY,
    next INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE member_setting (
    member_id INTEGER NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT,
    name TEXT NOT NULL,
    value TEXT NOT NULL,
    PRIMARY KEY (member_id, name)
) STRICT, WITHOUT ROWID;

CREATE TABLE change_set (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED,
    kind TEXT NOT NULL CHECK (kind <> ''),
    note TEXT NOT NULL DEFAULT '',
    operation TEXT,
    job INTEGER,
    undoes INTEGER REFERENCES change_set (id) ON DELETE RESTRICT,
    stayed INTEGER NOT NULL DEFAULT 0 CHECK (stayed >= 0),
    entries INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0,
    latest INTEGER NOT NULL DEFAULT 1 CHECK (latest IN (0, 1)),
    begun INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)),
    rest INTEGER NOT NULL DEFAULT 1 CHECK (rest IN (0, 1)),
    seal TEXT,
    CHECK (undoes < id),
    CHECK (stayed = 0 OR undoes IS NOT NULL)
) STRICT;

CREATE TABLE history (
    id INTEGER PRIMARY KEY,
    change_set_id INTEGER NOT NULL REFERENCES change_set (id) ON DELETE RESTRICT,
    entity TEXT NOT NULL,
    key TEXT NOT NULL,
    operation TEXT NOT NULL CHECK (operation IN ('insert', 'update', 'delete')),
    old TEXT,
    new TEXT,
    salt TEXT,
    digest TEXT
) STRICT;

CREATE TABLE arrival (
    client_id INTEGER NOT NULL,
    change_set_id INTEGER NOT NULL REFERENCES change_set (id) ON DELETE RESTRICT,
    company_id TEXT NOT NULL,
    from_uid TEXT NOT NULL,
    from_firm TEXT NOT NULL,
    state TEXT NOT NULL,
    entries TEXT,
    salt TEXT,
    digest TEXT,
    PRIMARY KEY (client_id, change_set_id)
) STRICT;

CREATE UNIQUE INDEX change_set_operation ON change_set (operation);
CREATE INDEX change_set_by_actor ON change_set (actor_id, id);
CREATE INDEX change_set_lines ON change_set (latest, id);
CREATE INDEX change_set_lines_of_actor ON change_set (actor_id, latest, id);
CREATE INDEX change_set_of_job ON change_set (job, id) WHERE job IS NOT NULL;
CREATE INDEX change_set_begun ON change_set (job, begun) WHERE job IS NOT NULL;
CREATE INDEX change_set_rest ON change_set (job, rest) WHERE job IS NOT NULL;
CREATE INDEX change_set_undone ON change_set (undoes) WHERE undoes IS NOT NULL;
CREATE INDEX history_of_entity ON history (entity, key, id);
CREATE INDEX history_of_change_set ON history (change_set_id);
CREATE INDEX arrival_of_change_set ON arrival (change_set_id);

CREATE TABLE import_run (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    touched TEXT NOT NULL,
    actor_id INTEGER NOT NULL REFERENCES team_member (id) ON DELETE RESTRICT,
    kind TEXT NOT NULL CHECK (kind <> ''),
    file TEXT NOT NULL,
    total INTEGER NOT NULL,
    added INTEGER NOT NULL DEFAULT 0,
    changed INTEGER NOT NULL DEFAULT 0,
    unchanged INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    skipped INTEGER NOT NULL DEFAULT 0,
    state TEXT NOT NULL DEFAULT 'running' CHECK (state IN ('running', 'done', 'stopped')),
    setup TEXT NOT NULL DEFAULT ''
) STRICT;

CREATE TABLE import_refusal (
    run_id INTEGER NOT NULL REFERENCES import_run (id) ON DELETE RESTRICT,
    place INTEGER NOT NULL,
    line INTEGER NOT NULL,
    cells TEXT NOT NULL,
    problem TEXT NOT NULL,
    verdict TEXT NOT NULL DEFAULT 'refused'
        CHECK (verdict IN ('refused', 'new', 'changed', 'unchanged', 'skipped')),
    retried_at TEXT,
    retried_by INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    PRIMARY KEY (run_id, place)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_mapping (
    name_key TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL CHECK (name <> ''),
    fields TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE VIRTUAL TABLE client_search USING fts5 (search_text, content='client', content_rowid='id', columnsize=0, tokenize='trigram');
INSERT INTO client_search (client_search, rank) VALUES ('hashsize', 8000000);
CREATE VIRTUAL TABLE client_search_terms USING fts5vocab (client_search, 'instance');
"""


def up(migrator: object, db: Database) -> None:
    """Make the tables and their indexes."""
    for statement in statements(TABLES):
        db.execute_sql(statement)
