"""The firm has work: templates with sections and items, what people did of it, and the table that follows from all that."""

from peewee import Database

from clientdesk.store.engines.postgres_script import TEXT, run

TABLES = f"""
ALTER TABLE firm ADD COLUMN time_zone {TEXT} NOT NULL DEFAULT '';
ALTER TABLE firm ADD COLUMN soon_days bigint DEFAULT 7;

CREATE TABLE template (
    id bigint PRIMARY KEY,
    name {TEXT} NOT NULL,
    name_key {TEXT} NOT NULL,
    applies {TEXT} NOT NULL DEFAULT '[]',
    period {TEXT} NOT NULL,
    due {TEXT} NOT NULL DEFAULT '',
    roll {TEXT} NOT NULL DEFAULT 'none',
    calendar {TEXT} NOT NULL DEFAULT '',
    begins {TEXT} NOT NULL DEFAULT '',
    closing bigint NOT NULL DEFAULT 0,
    roles {TEXT} NOT NULL DEFAULT '[[1,"Preparer","lead"]]',
    states {TEXT} NOT NULL DEFAULT '[]',
    place bigint NOT NULL DEFAULT 0,
    retired bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE template_section (
    id bigint PRIMARY KEY,
    template_id bigint NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    name {TEXT} NOT NULL,
    name_key {TEXT} NOT NULL,
    place bigint NOT NULL DEFAULT 0,
    retired bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE template_item (
    id bigint PRIMARY KEY,
    section_id bigint NOT NULL REFERENCES template_section (id) ON DELETE RESTRICT,
    title {TEXT} NOT NULL,
    place bigint NOT NULL DEFAULT 0,
    retired bigint NOT NULL DEFAULT 0,
    client_id bigint REFERENCES client (id) ON DELETE RESTRICT,
    first {TEXT} NOT NULL DEFAULT '',
    last {TEXT} NOT NULL DEFAULT '',
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE work (
    client_id bigint NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id bigint NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    period {TEXT} NOT NULL,
    state bigint NOT NULL DEFAULT 0,
    first {TEXT} NOT NULL DEFAULT '',
    last {TEXT} NOT NULL DEFAULT '',
    due {TEXT} NOT NULL DEFAULT '',
    note {TEXT} NOT NULL DEFAULT '',
    who1_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    who2_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    who3_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    reason {TEXT} NOT NULL DEFAULT '',
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id, period)
);

CREATE TABLE work_item (
    client_id bigint NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id bigint NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    period {TEXT} NOT NULL,
    item_id bigint NOT NULL REFERENCES template_item (id) ON DELETE RESTRICT,
    state {TEXT} NOT NULL DEFAULT 'todo',
    question {TEXT} NOT NULL DEFAULT '',
    asked {TEXT} NOT NULL DEFAULT '',
    by_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    at {TEXT},
    note {TEXT} NOT NULL DEFAULT '',
    due {TEXT} NOT NULL DEFAULT '',
    assignee_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id, period, item_id)
);

CREATE TABLE work_start (
    client_id bigint NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id bigint NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    first {TEXT} NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id)
);

CREATE TABLE odd_period (
    client_id bigint NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    period {TEXT} NOT NULL,
    first {TEXT} NOT NULL,
    last {TEXT} NOT NULL,
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, period)
);

CREATE TABLE client_account (
    id bigint PRIMARY KEY,
    client_id bigint NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    name {TEXT} NOT NULL,
    name_key {TEXT} NOT NULL,
    currency {TEXT} NOT NULL DEFAULT '',
    place bigint NOT NULL DEFAULT 0,
    retired bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1
);

CREATE TABLE reconciliation (
    client_id bigint NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id bigint NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    period {TEXT} NOT NULL,
    account_id bigint NOT NULL REFERENCES client_account (id) ON DELETE RESTRICT,
    through {TEXT} NOT NULL DEFAULT '',
    balance {TEXT} NOT NULL DEFAULT '',
    difference {TEXT} NOT NULL DEFAULT '',
    due {TEXT} NOT NULL DEFAULT '',
    assignee_id bigint REFERENCES team_member (id) ON DELETE RESTRICT,
    state {TEXT} NOT NULL DEFAULT 'todo',
    version bigint NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id, period, account_id)
);

CREATE TABLE client_work (
    template_id bigint NOT NULL,
    client_id bigint NOT NULL,
    of_template bigint NOT NULL,
    period {TEXT} NOT NULL,
    due {TEXT} NOT NULL,
    state bigint NOT NULL,
    open_items bigint NOT NULL,
    waiting bigint NOT NULL,
    who1_id bigint,
    who2_id bigint,
    who3_id bigint,
    PRIMARY KEY (template_id, client_id)
);

CREATE TABLE work_renewal (
    template_id bigint PRIMARY KEY,
    claimed_by bigint NOT NULL,
    claimed_at {TEXT} NOT NULL,
    done_to bigint NOT NULL,
    is_widened bigint NOT NULL
);

CREATE UNIQUE INDEX template_name ON template (name_key);
CREATE UNIQUE INDEX template_section_name ON template_section (name_key);
CREATE UNIQUE INDEX client_account_name ON client_account (name_key);
CREATE INDEX template_item_section ON template_item (section_id);
CREATE INDEX template_item_client ON template_item (client_id);
CREATE INDEX client_account_client ON client_account (client_id);
CREATE INDEX client_work_client ON client_work (client_id);
CREATE INDEX client_work_by_due ON client_work (template_id, due, client_id);
CREATE INDEX client_work_by_state ON client_work (template_id, state, client_id);
CREATE INDEX client_work_by_open_items ON client_work (template_id, open_items, client_id);
CREATE INDEX client_work_by_who ON client_work (template_id, who1_id, client_id);
"""


def up(migrator: object, db: Database) -> None:
    """Makes the tables, and the settings that work needs."""
    run(db, TABLES)
