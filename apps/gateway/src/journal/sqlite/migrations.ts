/** The schema, step by step: the first brings an empty file to version 1, and so on. Never edit one; append. */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE turns (
    seq INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    session TEXT NOT NULL,
    message_id TEXT,
    kind TEXT NOT NULL CHECK (kind IN ('external', 'internal')),
    text TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('accepted', 'running', 'done', 'failed', 'interrupted')),
    attempts INTEGER NOT NULL,
    reply TEXT,
    problem TEXT,
    accepted_at INTEGER NOT NULL,
    started_at INTEGER,
    ended_at INTEGER
  ) STRICT;
  CREATE UNIQUE INDEX turns_by_message ON turns (session, message_id) WHERE message_id IS NOT NULL;
  CREATE INDEX turns_unfinished ON turns (seq) WHERE ended_at IS NULL;

  CREATE TABLE events (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    session TEXT NOT NULL,
    type TEXT NOT NULL,
    data TEXT NOT NULL,
    at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX events_by_session ON events (session, seq);

  CREATE TABLE drain_notices (
    session TEXT NOT NULL,
    drain TEXT NOT NULL,
    told_at INTEGER NOT NULL,
    back_at INTEGER,
    PRIMARY KEY (session, drain)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX drain_notices_open ON drain_notices (session) WHERE back_at IS NULL;

  CREATE TABLE deliveries (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    channel TEXT NOT NULL,
    session TEXT NOT NULL,
    event TEXT NOT NULL,
    at INTEGER NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_at INTEGER NOT NULL,
    expires_at INTEGER,
    dead_at INTEGER,
    error TEXT
  ) STRICT;
  CREATE INDEX deliveries_pending ON deliveries (channel, session, seq) WHERE dead_at IS NULL;
  `,
  `
  ALTER TABLE turns ADD COLUMN agent_group INTEGER;
  ALTER TABLE turns ADD COLUMN agent_start_time TEXT;
  ALTER TABLE turns ADD COLUMN agent_epoch TEXT;
  `,
  `
  ALTER TABLE turns ADD COLUMN fingerprint TEXT;
  `,
  `
  CREATE TABLE identity (id TEXT NOT NULL) STRICT;
  INSERT INTO identity VALUES (lower(hex(randomblob(6))));
  `,
  `
  CREATE INDEX deliveries_given_up ON deliveries (channel) WHERE dead_at IS NOT NULL;
  `,
  `
  ALTER TABLE turns ADD COLUMN form TEXT;
  `,
  `
  ALTER TABLE turns ADD COLUMN conversation TEXT NOT NULL DEFAULT 'exchange'
    CHECK (conversation IN ('exchange', 'separate', 'start'));
  CREATE INDEX turns_of_conversation ON turns (session, seq) WHERE conversation <> 'separate';
  `,
];
