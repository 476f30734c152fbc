/**
 * The schema, step by step: the first brings an empty schema to version 1, and so on. Never edit one; append. Gateways of
 * the previous release run while a migration is applied: it must not change what their functions need. A changed function
 * gets a new number.
 */
export const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE identity (id text NOT NULL);
  INSERT INTO identity VALUES (substr(md5(random()::text || clock_timestamp()::text), 1, 12));

  CREATE TABLE gateways (
    owner uuid PRIMARY KEY,
    name text NOT NULL,
    -- The key of the advisory lock that its process holds as long as it lives.
    life_key bigint NOT NULL,
    life_pid integer NOT NULL,
    takes_turns boolean NOT NULL DEFAULT false,
    started_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    seen_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    gone_at timestamptz
  );

  CREATE TABLE turns (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    id text NOT NULL UNIQUE,
    session text NOT NULL COLLATE "C",
    message_id text,
    kind text NOT NULL CHECK (kind IN ('external', 'internal')),
    fingerprint text,
    text text NOT NULL,
    status text NOT NULL CHECK (status IN ('accepted', 'running', 'done', 'failed', 'interrupted')),
    attempts integer NOT NULL,
    reply text,
    problem text,
    accepted_at bigint NOT NULL,
    started_at bigint,
    ended_at bigint,
    -- The gateway that runs it, or ran it last; NULL while it waits.
    owner uuid,
    end_event bigint,
    agent_group integer,
    agent_start_time text,
    agent_epoch text,
    CHECK ((status = 'accepted') = (owner IS NULL) OR ended_at IS NOT NULL)
  );
  CREATE UNIQUE INDEX turns_by_message ON turns (session, message_id) WHERE message_id IS NOT NULL;
  CREATE UNIQUE INDEX turns_one_running ON turns (session) WHERE status = 'running';
  CREATE INDEX turns_open ON turns (session, seq) WHERE ended_at IS NULL;
  CREATE INDEX turns_waiting ON turns (seq) WHERE status = 'accepted';
  CREATE INDEX turns_running ON turns (owner) WHERE status = 'running';
  CREATE INDEX turns_by_session ON turns (session, seq);

  CREATE TABLE events (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    session text NOT NULL COLLATE "C",
    type text NOT NULL,
    data text NOT NULL,
    at bigint NOT NULL
  );
  CREATE INDEX events_by_session ON events (session, seq);

  CREATE TABLE drain_notices (
    session text NOT NULL COLLATE "C",
    drain text NOT NULL,
    -- The gateway of the drain.
    gateway text NOT NULL,
    told_at bigint NOT NULL,
    back_at bigint,
    PRIMARY KEY (session, drain)
  );
  CREATE INDEX drain_notices_open ON drain_notices (gateway, session) WHERE back_at IS NULL;

  CREATE TABLE deliveries (
    seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    channel text NOT NULL,
    session text NOT NULL COLLATE "C",
    event text NOT NULL,
    at bigint NOT NULL,
    attempts integer NOT NULL DEFAULT 0,
    next_at bigint NOT NULL,
    expires_at bigint,
    dead_at bigint,
    error text
  );
  CREATE INDEX deliveries_pending ON deliveries (channel, session, seq) WHERE dead_at IS NULL;

  -- Of the lock under which all changes of a session are made. Its events get their numbers in the order of the commits.
  CREATE FUNCTION session_key(session text) RETURNS bigint LANGUAGE sql STABLE AS $$
    SELECT hashtextextended(current_schema() || '/' || session, 0)
  $$;

  CREATE FUNCTION require_owner(me uuid) RETURNS void LANGUAGE plpgsql AS $$
  BEGIN
    IF NOT EXISTS (SELECT 1 FROM gateways WHERE owner = me AND gone_at IS NULL) THEN
      RAISE EXCEPTION 'another gateway has taken over from this one' USING ERRCODE = 'HG001';
    END IF;
  END
  $$;

  -- Stores an event and its deliveries. Returns the number of the event.
  CREATE FUNCTION announce(op jsonb) RETURNS bigint LANGUAGE plpgsql AS $$
  DECLARE
    number bigint;
    event jsonb := op->'event';
    delivery jsonb;
  BEGIN
    INSERT INTO events (session, type, data, at)
      VALUES (event->>'session', event->>'type', event->>'data', (event->>'at')::bigint) RETURNING seq INTO number;
    FOR delivery IN SELECT value FROM jsonb_array_elements(op->'deliveries') LOOP
      INSERT INTO deliveries (channel, session, event, at, next_at, expires_at) VALUES (
        delivery->>'channel', delivery->>'session', left(delivery->>'event', -1) || ',"event_id":"' || number || '"}',
        (event->>'at')::bigint, (event->>'at')::bigint, (delivery->>'expiresAt')::bigint);
    END LOOP;
    RETURN number;
  END
  $$;

  CREATE FUNCTION end_turn(me uuid, op jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    ended turns;
    next turns;
  BEGIN
    SELECT * INTO ended FROM turns WHERE id = op->>'id' FOR UPDATE;
    IF ended.ended_at IS NOT NULL AND ended.owner = me AND ended.ended_at = (op->>'endedAt')::bigint
      AND EXISTS (SELECT 1 FROM events WHERE seq = ended.end_event AND data = op->'event'->>'data') THEN
      -- The same call again: the answer to the first one was lost with the connection.
      RETURN jsonb_build_object('event', ended.end_event);
    END IF;
    IF ended.id IS NULL OR ended.ended_at IS NOT NULL OR (ended.status = 'running' AND ended.owner <> me) THEN
      RAISE EXCEPTION 'turn % has ended already, or another gateway runs it', op->>'id' USING ERRCODE = 'HG002';
    END IF;
    UPDATE turns SET status = op->>'status', reply = op->>'reply', problem = op->>'problem', owner = me,
      ended_at = (op->>'endedAt')::bigint, end_event = announce(op) WHERE seq = ended.seq RETURNING * INTO ended;
    IF op->>'claimAt' IS NOT NULL THEN
      UPDATE turns SET status = 'running', owner = me, attempts = attempts + 1, started_at = (op->>'claimAt')::bigint
        WHERE seq = (SELECT seq FROM turns WHERE session = ended.session AND status = 'accepted' ORDER BY seq LIMIT 1)
        AND NOT EXISTS (SELECT 1 FROM turns WHERE session = ended.session AND status = 'running')
        RETURNING * INTO next;
      IF next.id IS NOT NULL THEN
        RETURN jsonb_build_object('event', ended.end_event, 'next', to_jsonb(next));
      END IF;
    END IF;
    RETURN jsonb_build_object('event', ended.end_event,
      'waiting', EXISTS (SELECT 1 FROM turns WHERE session = ended.session AND status = 'accepted'));
  END
  $$;

  CREATE FUNCTION apply_one(me uuid, op jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    placed text := op->>'status';
    found_text text;
    counted integer;
  BEGIN
    CASE op->>'op'
    WHEN 'accept' THEN
      IF placed = 'running' AND EXISTS (SELECT 1 FROM turns WHERE session = op->>'session' AND ended_at IS NULL) THEN
        placed := 'accepted';
      END IF;
      INSERT INTO turns (id, session, message_id, kind, fingerprint, text, status, attempts, accepted_at, started_at, owner)
        VALUES (op->>'id', op->>'session', op->>'messageId', op->>'kind', op->>'fingerprint', op->>'text', placed,
          CASE placed WHEN 'running' THEN (op->>'attempts')::integer ELSE 0 END, (op->>'acceptedAt')::bigint,
          CASE placed WHEN 'running' THEN (op->>'startedAt')::bigint END, CASE placed WHEN 'running' THEN me END);
      RETURN to_jsonb(placed);
    WHEN 'start' THEN
      UPDATE turns SET status = 'running', owner = me, attempts = attempts + 1, started_at = (op->>'at')::bigint
        WHERE id = op->>'id' AND (status = 'accepted' OR status = 'running' AND owner = me) RETURNING text INTO found_text;
      IF found_text IS NULL THEN
        RAISE EXCEPTION 'turn % is not waiting', op->>'id' USING ERRCODE = 'HG002';
      END IF;
      RETURN to_jsonb(found_text);
    WHEN 'process' THEN
      UPDATE turns SET agent_group = (op->>'group')::integer, agent_start_time = op->>'startTime', agent_epoch = op->>'epoch'
        WHERE id = op->>'id' AND status = 'running' AND owner = me;
      IF NOT FOUND THEN
        RAISE EXCEPTION 'turn % is not running', op->>'id' USING ERRCODE = 'HG002';
      END IF;
    WHEN 'end' THEN
      RETURN end_turn(me, op);
    WHEN 'giveBack' THEN
      UPDATE turns SET status = 'accepted', owner = NULL, attempts = (op->>'attempts')::integer, started_at = NULL
        WHERE id = op->>'id' AND status = 'running' AND owner = me;
    WHEN 'tell' THEN
      RETURN to_jsonb(announce(op));
    WHEN 'notice' THEN
      INSERT INTO drain_notices (session, drain, gateway, told_at)
        VALUES (op->>'session', op->>'drain', op->>'gateway', (op->'event'->>'at')::bigint) ON CONFLICT DO NOTHING;
      GET DIAGNOSTICS counted = ROW_COUNT;
      IF counted > 0 THEN
        RETURN to_jsonb(announce(op));
      END IF;
    WHEN 'drainEnd' THEN
      UPDATE drain_notices SET back_at = (op->'event'->>'at')::bigint
        WHERE session = op->>'session' AND gateway = op->>'gateway' AND back_at IS NULL;
      RETURN to_jsonb(announce(op));
    WHEN 'delivered' THEN
      DELETE FROM deliveries WHERE seq = (op->>'seq')::bigint;
    WHEN 'failed' THEN
      UPDATE deliveries SET attempts = attempts + 1, error = op->>'error',
        next_at = coalesce((op->>'nextAt')::bigint, next_at), dead_at = (op->>'deadAt')::bigint
        WHERE seq = (op->>'seq')::bigint;
    WHEN 'probe' THEN
      UPDATE identity SET id = id;
    END CASE;
    RETURN NULL;
  END
  $$;

  -- Applies writes in order, in one transaction. One that fails does not affect the others. Returns the result of each:
  -- its value, or its error.
  CREATE FUNCTION apply_1(me uuid, ops jsonb) RETURNS jsonb LANGUAGE plpgsql AS $$
  DECLARE
    op jsonb;
    results jsonb[] := '{}';
  BEGIN
    PERFORM require_owner(me);
    -- In the order of the keys, or two gateways could wait for each other.
    PERFORM pg_advisory_xact_lock(locked.key) FROM (
      SELECT DISTINCT session_key(coalesce(o->>'session', t.session)) AS key
      FROM jsonb_array_elements(ops) o LEFT JOIN turns t ON o->>'session' IS NULL AND t.id = o->>'id'
      WHERE coalesce(o->>'session', t.session) IS NOT NULL ORDER BY 1) AS locked;
    FOR op IN SELECT value FROM jsonb_array_elements(ops) WITH ORDINALITY ORDER BY ordinality LOOP
      BEGIN
        results := results || jsonb_build_object('value', apply_one(me, op));
      EXCEPTION WHEN OTHERS THEN
        results := results || jsonb_build_object('code', SQLSTATE, 'message', SQLERRM);
      END;
    END LOOP;
    RETURN to_jsonb(results);
  END
  $$;

  -- Starts turns that wait and are the next of their session.
  CREATE FUNCTION claim_1(me uuid, max_turns integer, max_bytes bigint, at bigint) RETURNS SETOF turns LANGUAGE plpgsql AS $$
  DECLARE
    candidate record;
    claimed turns;
    bytes bigint := 0;
  BEGIN
    PERFORM require_owner(me);
    FOR candidate IN
      SELECT w.seq, w.session, octet_length(w.text) AS size FROM turns w WHERE w.status = 'accepted'
        AND NOT EXISTS (SELECT 1 FROM turns o WHERE o.session = w.session AND o.ended_at IS NULL AND (o.status = 'running' OR o.seq < w.seq))
      ORDER BY w.seq LIMIT max_turns
    LOOP
      EXIT WHEN bytes > 0 AND bytes + candidate.size > max_bytes;
      -- Another gateway is at it.
      CONTINUE WHEN NOT pg_try_advisory_xact_lock(session_key(candidate.session));
      UPDATE turns w SET status = 'running', owner = me, attempts = w.attempts + 1, started_at = at
        WHERE w.seq = candidate.seq AND w.status = 'accepted'
        AND NOT EXISTS (SELECT 1 FROM turns o WHERE o.session = w.session AND o.ended_at IS NULL AND (o.status = 'running' OR o.seq < w.seq))
        RETURNING * INTO claimed;
      CONTINUE WHEN NOT FOUND;
      bytes := bytes + greatest(candidate.size, 1);
      RETURN NEXT claimed;
    END LOOP;
  END
  $$;

  -- Declares a gateway gone, and takes its running turns over.
  CREATE FUNCTION take_over_1(me uuid, gone uuid) RETURNS SETOF turns LANGUAGE plpgsql AS $$
  BEGIN
    PERFORM require_owner(me);
    UPDATE gateways SET gone_at = clock_timestamp(), takes_turns = false WHERE owner = gone AND gone_at IS NULL;
    RETURN QUERY UPDATE turns SET owner = me WHERE owner = gone AND status = 'running' RETURNING *;
  END
  $$;
  `,
];
