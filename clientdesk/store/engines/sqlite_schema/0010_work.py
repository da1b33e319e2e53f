"""The firm has work: templates with sections and items, what people did of it, and the table that follows from all that."""

from peewee import Database

from clientdesk.store.engines.sqlite_script import statements

TABLES = """
ALTER TABLE firm ADD COLUMN time_zone TEXT NOT NULL DEFAULT '';
ALTER TABLE firm ADD COLUMN soon_days INTEGER DEFAULT 7;

CREATE TABLE template (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    applies TEXT NOT NULL DEFAULT '[]',
    period TEXT NOT NULL,
    due TEXT NOT NULL DEFAULT '',
    roll TEXT NOT NULL DEFAULT 'none',
    calendar TEXT NOT NULL DEFAULT '',
    begins TEXT NOT NULL DEFAULT '',
    closing INTEGER NOT NULL DEFAULT 0,
    roles TEXT NOT NULL DEFAULT '[[1,"Preparer","lead"]]',
    states TEXT NOT NULL DEFAULT '[]',
    place INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE template_section (
    id INTEGER PRIMARY KEY,
    template_id INTEGER NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    place INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE template_item (
    id INTEGER PRIMARY KEY,
    section_id INTEGER NOT NULL REFERENCES template_section (id) ON DELETE RESTRICT,
    title TEXT NOT NULL,
    place INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0,
    client_id INTEGER REFERENCES client (id) ON DELETE RESTRICT,
    first TEXT NOT NULL DEFAULT '',
    last TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE work (
    client_id INTEGER NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id INTEGER NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    period TEXT NOT NULL,
    state INTEGER NOT NULL DEFAULT 0,
    first TEXT NOT NULL DEFAULT '',
    last TEXT NOT NULL DEFAULT '',
    due TEXT NOT NULL DEFAULT '',
    note TEXT NOT NULL DEFAULT '',
    who1_id INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    who2_id INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    who3_id INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    reason TEXT NOT NULL DEFAULT '',
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE work_item (
    client_id INTEGER NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id INTEGER NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    period TEXT NOT NULL,
    item_id INTEGER NOT NULL REFERENCES template_item (id) ON DELETE RESTRICT,
    state TEXT NOT NULL DEFAULT 'todo',
    question TEXT NOT NULL DEFAULT '',
    asked TEXT NOT NULL DEFAULT '',
    by_id INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    at TEXT,
    note TEXT NOT NULL DEFAULT '',
    due TEXT NOT NULL DEFAULT '',
    assignee_id INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id, period, item_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE work_start (
    client_id INTEGER NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id INTEGER NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    first TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE odd_period (
    client_id INTEGER NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    period TEXT NOT NULL,
    first TEXT NOT NULL,
    last TEXT NOT NULL,
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, period)
) STRICT, WITHOUT ROWID;

CREATE TABLE client_account (
    id INTEGER PRIMARY KEY,
    client_id INTEGER NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    name TEXT NOT NULL,
    name_key TEXT NOT NULL,
    currency TEXT NOT NULL DEFAULT '',
    place INTEGER NOT NULL DEFAULT 0,
    retired INTEGER NOT NULL DEFAULT 0,
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

CREATE TABLE reconciliation (
    client_id INTEGER NOT NULL REFERENCES client (id) ON DELETE RESTRICT,
    template_id INTEGER NOT NULL REFERENCES template (id) ON DELETE RESTRICT,
    period TEXT NOT NULL,
    account_id INTEGER NOT NULL REFERENCES client_account (id) ON DELETE RESTRICT,
    through TEXT NOT NULL DEFAULT '',
    balance TEXT NOT NULL DEFAULT '',
    difference TEXT NOT NULL DEFAULT '',
    due TEXT NOT NULL DEFAULT '',
    assignee_id INTEGER REFERENCES team_member (id) ON DELETE RESTRICT,
    state TEXT NOT NULL DEFAULT 'todo',
    version INTEGER NOT NULL DEFAULT 1,
    PRIMARY KEY (client_id, template_id, period, account_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE client_work (
    template_id INTEGER NOT NULL,
    client_id INTEGER NOT NULL,
    of_template INTEGER NOT NULL,
    period TEXT NOT NULL,
    due TEXT NOT NULL,
    state INTEGER NOT NULL,
    open_items INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    who1_id INTEGER,
    who2_id INTEGER,
    who3_id INTEGER,
    PRIMARY KEY (template_id, client_id)
) STRICT, WITHOUT ROWID;

CREATE TABLE work_renewal (
    template_id INTEGER PRIMARY KEY,
    claimed_by INTEGER NOT NULL,
    claimed_at TEXT NOT NULL,
    done_to INTEGER NOT NULL,
    is_widened INTEGER NOT NULL
) STRICT;

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
    for statement in statements(TABLES):
        db.execute_sql(statement)
