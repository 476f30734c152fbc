/**
 * The functions of version 1. Their names carry the version: gateways of an older release call the older ones while a
 * newer release migrates.
 */
export const FUNCTIONS_1 = `
-- The key of an advisory lock. All schemas of a database share one space of keys.
create function lock_key_1(kind text, name text) returns bigint language sql stable as $$
  select hashtextextended(name, hashtextextended(current_schema()::text || '/' || kind, 0))
$$;

create function store_announcement_1(announcement jsonb) returns bigint language plpgsql as $$
declare
  number bigint;
begin
  insert into events (session, type, data, at)
    select a.session, a.type, a.data, a.at
    from jsonb_to_record(announcement) as a (session text, type text, data text, at bigint)
    returning seq into number;
  insert into deliveries (channel, session, event, event_seq, at, next_at, expires_at)
    select d.channel, d.session, d.event, number, (announcement->>'at')::bigint, (announcement->>'at')::bigint, d.expires_at
    from jsonb_to_recordset(announcement->'deliveries') as d (channel text, session text, event text, expires_at bigint);
  return number;
end
$$;

-- A turn without its text.
create function open_turn_1(t turns) returns jsonb language sql immutable as $$
  select jsonb_build_object('seq', t.seq, 'id', t.id, 'session', t.session, 'message_id', t.message_id, 'kind', t.kind,
    'conversation', t.conversation, 'fingerprint', t.fingerprint, 'status', t.status, 'attempts', t.attempts, 'accepted_at', t.accepted_at,
    'started_at', t.started_at, 'bytes', octet_length(t.text))
$$;

-- Stores a turn; one to run only waits if its session has one that has not ended.
create function accept_1(me uuid, write jsonb) returns jsonb language plpgsql as $$
declare
  is_idle boolean := not exists (
    select from turns where session = write->>'session' and status in ('accepted', 'running'));
  runs boolean := write->>'status' = 'running' and is_idle;
begin
  insert into turns (id, session, message_id, kind, conversation, fingerprint, text, status, attempts, accepted_at,
      started_at, owner)
    select w.id, w.session, w.message_id, w.kind, w.conversation, w.fingerprint, w.text, case when runs then 'running' else 'accepted' end,
      case when runs or w.status = 'accepted' then w.attempts else 0 end, w.accepted_at,
      case when runs then w.started_at end, case when runs then me end
    from jsonb_to_record(write) as w (id text, session text, message_id text, kind text, conversation text,
      fingerprint text, text text,
      status text, attempts integer, accepted_at bigint, started_at bigint)
    on conflict do nothing;
  if not found then
    return '{"code": "ERR_DUPLICATE_TURN"}';
  end if;
  return jsonb_build_object('status', case when runs then 'running' else 'accepted' end,
    'session', write->>'session', 'waits', not runs and is_idle);
end
$$;

-- Stores a turn that has ended already, with its event.
create function answer_1(write jsonb) returns jsonb language plpgsql as $$
begin
  insert into turns (id, session, message_id, kind, conversation, fingerprint, text, status, attempts, reply, problem,
      accepted_at, started_at, ended_at)
    select w.id, w.session, w.message_id, w.kind, w.conversation, w.fingerprint, w.text, w.status, w.attempts, w.reply,
      w.problem, w.accepted_at, w.started_at, w.ended_at
    from jsonb_to_record(write) as w (id text, session text, message_id text, kind text, conversation text,
      fingerprint text, text text, status text, attempts integer, reply text, problem text, accepted_at bigint,
      started_at bigint, ended_at bigint)
    on conflict do nothing;
  if not found then
    return '{"code": "ERR_DUPLICATE_TURN"}';
  end if;
  if write ? 'drain' then
    insert into drain_notices (session, drain, gateway, told_at)
      values (write->>'session', write->>'drain', write->>'gateway', (write->'announcement'->>'at')::bigint)
      on conflict do nothing;
  end if;
  return jsonb_build_object('event', store_announcement_1(write->'announcement'));
end
$$;

create function start_1(me uuid, write jsonb) returns jsonb language plpgsql as $$
declare
  started turns;
begin
  update turns t set status = 'running', owner = me, attempts = t.attempts + 1, started_at = (write->>'at')::bigint
    where t.id = write->>'id' and (
      t.status = 'running' and t.owner = me
      or t.status = 'accepted' and not exists (select from turns r where r.session = t.session and r.status = 'running'))
    returning * into started;
  if not found then
    return '{"code": "ERR_NO_SUCH_TURN"}';
  end if;
  return jsonb_build_object('started', started.id, 'session', started.session);
end
$$;

-- Starts the next turn of a session whose lock this transaction has. Null if none waits, or one runs.
create function start_next_1(me uuid, of_session text, at bigint) returns turns language plpgsql as $$
declare
  started turns;
begin
  update turns t set status = 'running', owner = me, attempts = t.attempts + 1, started_at = at
    where t.seq = (select min(w.seq) from turns w where w.session = of_session and w.status = 'accepted')
      and not exists (select from turns r where r.session = of_session and r.status = 'running')
    returning * into started;
  return started;
end
$$;

create function end_1(me uuid, write jsonb) returns jsonb language plpgsql as $$
declare
  ended turns;
  next turns;
  number bigint;
begin
  update turns t set status = write->>'status', reply = write->>'reply', problem = write->>'problem',
      ended_at = (write->>'ended_at')::bigint
    where t.id = write->>'id' and (write->>'owner')::uuid = me and (t.status = 'running' and t.owner = me or t.status = 'accepted')
    returning * into ended;
  if not found then
    return '{"code": "ERR_NO_SUCH_TURN"}';
  end if;
  number := store_announcement_1(write->'announcement');
  if write ? 'claim_at' then
    next := start_next_1(me, ended.session, (write->>'claim_at')::bigint);
  end if;
  return jsonb_build_object('event', number, 'session', ended.session,
    'claimed', case when next.id is null then '[]' else jsonb_build_array(open_turn_1(next)) end,
    'waits', not write ? 'claim_at' and exists (select from turns where session = ended.session and status = 'accepted'));
end
$$;

-- Starts the next turns of sessions without a running one. A session that another transaction writes to is skipped.
create function claim_1(me uuid, write jsonb) returns jsonb language plpgsql as $$
declare
  candidate record;
  started turns;
  claimed jsonb := '[]';
  bytes bigint := 0;
begin
  for candidate in
    select w.session, octet_length(w.text) as bytes from turns w
    where w.status = 'accepted'
      and not exists (select from turns r where r.session = w.session and r.status = 'running')
      and not exists (select from turns e where e.session = w.session and e.status = 'accepted' and e.seq < w.seq)
    order by w.seq
  loop
    exit when jsonb_array_length(claimed) >= (write->>'limit')::integer;
    exit when jsonb_array_length(claimed) > 0 and bytes + candidate.bytes > (write->>'max_bytes')::bigint;
    continue when not pg_try_advisory_xact_lock(lock_key_1('session', candidate.session));
    started := start_next_1(me, candidate.session, (write->>'at')::bigint);
    continue when started.id is null;
    bytes := bytes + octet_length(started.text);
    claimed := claimed || jsonb_build_array(open_turn_1(started));
  end loop;
  return jsonb_build_object('claimed', claimed);
end
$$;

create function give_back_1(me uuid, write jsonb) returns jsonb language plpgsql as $$
declare
  of_session text;
begin
  update turns set status = 'accepted', owner = null, started_at = null, attempts = (write->>'attempts')::integer,
      agent_group = null, agent_start_time = null, agent_epoch = null
    where id = write->>'id' and status = 'running' and owner = me
    returning session into of_session;
  return jsonb_build_object('session', of_session, 'waits', of_session is not null);
end
$$;

create function record_agent_1(me uuid, write jsonb) returns jsonb language plpgsql as $$
begin
  update turns t set agent_group = (write->>'group')::bigint, agent_start_time = write->>'start_time',
      agent_epoch = write->>'epoch'
    where t.id = write->>'id' and (t.status = 'running' and t.owner = me or t.status = 'accepted');
  return case when found then '{}' else '{"code": "ERR_NO_SUCH_TURN"}' end::jsonb;
end
$$;

create function notice_1(write jsonb) returns jsonb language plpgsql as $$
begin
  insert into drain_notices (session, drain, gateway, told_at)
    values (write->>'session', write->>'drain', write->>'gateway', (write->>'at')::bigint)
    on conflict do nothing;
  if not found then
    return '{}';
  end if;
  return jsonb_build_object('event', store_announcement_1(write->'announcement'));
end
$$;

create function drain_end_1(write jsonb) returns jsonb language plpgsql as $$
begin
  update drain_notices set back_at = (write->>'at')::bigint
    where session = write->>'session' and gateway = write->>'gateway' and back_at is null;
  return jsonb_build_object('event', store_announcement_1(write->'announcement'));
end
$$;

create function delivery_1(write jsonb) returns jsonb language plpgsql as $$
begin
  if write->>'op' = 'delivered' then
    delete from deliveries where seq = (write->>'seq')::bigint;
  else
    update deliveries set attempts = attempts + 1, error = write->>'error',
        next_at = coalesce((write->>'next_at')::bigint, next_at),
        dead_at = case when write->>'next_at' is null then (write->>'at')::bigint end
      where seq = (write->>'seq')::bigint;
  end if;
  return '{}';
end
$$;

-- Looks at the next rows of a table that is nearly in the order of time, and deletes those that are old.
create function prune_1(write jsonb) returns jsonb language plpgsql as $$
declare
  before bigint := (write->>'before')::bigint;
  lim integer := (write->>'limit')::integer;
  after bigint := (write->>'after')::bigint;
  last bigint;
  looked integer;
  odd integer := 1;
  forgotten integer;
begin
  if not pg_try_advisory_xact_lock(lock_key_1('prune', '')) then
    return '{"forgotten": 0, "next": null}';
  end if;
  case write->>'table'
    when 'turns' then
      select max(seq), count(*), count(*) filter (where time < before or time > (write->>'now')::bigint)
        into last, looked, odd
        from (select seq, accepted_at as time from turns where seq > after order by seq limit lim) as page;
      if odd > 0 then
        -- The start of a conversation stays as long as a turn before it, which would else be part of the conversation.
        delete from turns t where t.seq > after and t.seq <= last and t.ended_at < before and (t.conversation <> 'start'
          or not exists (select from turns e where e.session = t.session and e.seq < t.seq and e.conversation <> 'separate'));
      end if;
    when 'events' then
      select max(seq), count(*), count(*) filter (where time < before or time > (write->>'now')::bigint)
        into last, looked, odd
        from (select seq, at as time from events where seq > after order by seq limit lim) as page;
      if odd > 0 then
        delete from events where seq > after and seq <= last and at < before;
      end if;
    when 'notices' then
      delete from drain_notices where (session, drain) in (
        select session, drain from drain_notices where back_at < before limit lim);
    when 'deliveries' then
      delete from deliveries where seq in (select seq from deliveries where dead_at < before limit lim);
  end case;
  if odd = 0 then
    return '{"forgotten": 0, "next": null}';
  end if;
  get diagnostics forgotten = row_count;
  return jsonb_build_object('forgotten', forgotten, 'next', case
    when last is null then case when forgotten = lim then 0 end
    when looked = lim then last end);
end
$$;

create function apply_one_1(me uuid, write jsonb) returns jsonb language plpgsql as $$
begin
  return case write->>'op'
    when 'accept' then accept_1(me, write)
    when 'answer' then answer_1(write)
    when 'start' then start_1(me, write)
    when 'agent' then record_agent_1(me, write)
    when 'end' then end_1(me, write)
    when 'claim' then claim_1(me, write)
    when 'give back' then give_back_1(me, write)
    when 'tell' then jsonb_build_object('event', store_announcement_1(write->'announcement'))
    when 'notice' then notice_1(write)
    when 'drain end' then drain_end_1(write)
    when 'delivered' then delivery_1(write)
    when 'delivery failed' then delivery_1(write)
    when 'prune' then prune_1(write)
    when 'probe' then '{}'::jsonb
  end;
end
$$;

create function texts_1(ids text[]) returns jsonb language sql stable as $$
  select coalesce(jsonb_object_agg(id, text), '{}') from turns where id = any (ids)
$$;

-- Applies the writes of a gateway in order, in one transaction, and returns their results and the texts of the turns that
-- were started. The transactions of one gateway exclude each other, so that a batch that is sent again, after its
-- connection broke, is applied once; "gone" says that its turns have been taken over since. Locks are taken in the order of their keys: two batches never wait for each other.
create function apply_1(me uuid, batch_number bigint, batch jsonb) returns jsonb language plpgsql as $$
declare
  is_gone boolean;
  known batches;
  key bigint;
  write jsonb;
  result jsonb;
  results jsonb[] := '{}';
  started text[] := '{}';
begin
  perform pg_advisory_xact_lock(lock_key_1('writer', me::text));
  select * into known from batches b where b.owner = me and b.number = batch_number;
  is_gone := not exists (select from gateways g where g.owner = me and g.gone_at is null);
  if known.number is not null then
    return jsonb_build_object('results', known.results, 'texts', texts_1(known.texts), 'gone', is_gone);
  end if;
  if is_gone then
    raise exception using errcode = 'HG001', message = 'this gateway was declared dead by another one';
  end if;
  for key in
    select distinct lock_key_1('session', s.session) as k from (
      select w->>'session' as session from jsonb_array_elements(batch) as w
      union select w->'announcement'->>'session' from jsonb_array_elements(batch) as w
      union select t.session from turns t where t.id in (select w->>'id' from jsonb_array_elements(batch) as w)
    ) as s where s.session is not null order by k
  loop
    perform pg_advisory_xact_lock(key);
  end loop;
  for write in select value from jsonb_array_elements(batch) loop
    result := apply_one_1(me, write);
    results := array_append(results, result);
    if result ? 'started' then
      started := array_append(started, result->>'started');
    elsif result ? 'claimed' then
      started := started || array(select c->>'id' from jsonb_array_elements(result->'claimed') as c);
    end if;
  end loop;
  insert into batches (owner, number, results, texts) values (me, batch_number, to_jsonb(results), started)
    on conflict (owner) do update set number = excluded.number, results = excluded.results, texts = excluded.texts;
  return jsonb_build_object('results', to_jsonb(results), 'texts', texts_1(started), 'gone', false);
end
$$;

-- A number between the events of a session so far and its later ones. Its lock ends the writes that are in flight.
create function last_event_1(of_session text) returns bigint language plpgsql as $$
declare
  number bigint := (select max(seq) from events where session = of_session);
begin
  if number is not null then
    return number;
  end if;
  perform pg_advisory_xact_lock(lock_key_1('session', of_session));
  number := (select max(seq) from events where session = of_session);
  return coalesce(number, (select case when is_called then last_value else 0 end from events_seq_seq));
end
$$;
`;
