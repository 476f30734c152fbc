/**
 * The functions of version 1. Their names carry the version: gateways of an older release call the older ones while a
 * newer release migrates.
 */
export const FUNCTIONS_1 = `
-- The key of an advisory lock. All schemas of a database share one space of keys.
create function lock_key_1(kind text, name text) returns bigint language sql stable as $$
  select hashtextextended(name, hashtextextended(current_schema()::text || '/' || kind, 0))
$$;

create function store_deliveries_1(announcement jsonb, event bigint) returns void language sql as $$
  insert into deliveries (channel, session, event, event_seq, at, next_at, expires_at)
    select d.channel, d.session, d.event, store_deliveries_1.event, (announcement->>'at')::bigint,
      (announcement->>'at')::bigint, d.expires_at
    from jsonb_to_recordset(announcement->'deliveries') as d (channel text, session text, event text, expires_at bigint)
$$;

create function store_announcement_1(announcement jsonb) returns bigint language plpgsql as $$
declare
  number bigint;
begin
  insert into events (session, type, data, at)
    select a.session, a.type, a.data, a.at
    from jsonb_to_record(announcement) as a (session text, type text, data text, at bigint)
    returning seq into number;
  perform store_deliveries_1(announcement, number);
  return number;
end
$$;

-- A turn without its text.
create function open_turn_1(t turns) returns jsonb language sql immutable as $$
  select jsonb_build_object('seq', t.seq, 'id', t.id, 'session', t.session, 'message_id', t.message_id, 'kind', t.kind,
    'conversation', t.conversation, 'fingerprint', t.fingerprint, 'form', t.form, 'status', t.status, 'attempts', t.attempts,
    'accepted_at', t.accepted_at,
    'started_at', t.started_at, 'bytes', octet_length(t.text))
$$;

-- Stores turns of different sessions; one to run only waits if its session has one that has not ended.
create function accept_1(me uuid, batch jsonb, chosen integer[]) returns table (n integer, result jsonb) language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    with asked as materialized (
      select c.n as number, w.*, has_none and w.status = 'running' as runs, has_none and w.status <> 'running' as waits
      from unnest(chosen) as c (n)
      cross join jsonb_to_record(batch->(c.n - 1)) as w (id text, session text, message_id text, kind text,
        conversation text, fingerprint text, form text, text text, status text, attempts integer, accepted_at bigint,
        started_at bigint)
      cross join lateral (select
        not exists (select from turns r where r.session = w.session and r.status = 'running')
        and not exists (select from turns a where a.session = w.session and a.status = 'accepted') as has_none) as s
    ), stored as (
      insert into turns (id, session, message_id, kind, conversation, fingerprint, form, text, status, attempts,
          accepted_at, started_at, owner)
        select a.id, a.session, a.message_id, a.kind, a.conversation, a.fingerprint, a.form, a.text,
          case when a.runs then 'running' else 'accepted' end,
          case when a.runs or a.status = 'accepted' then a.attempts else 0 end, a.accepted_at,
          case when a.runs then a.started_at end, case when a.runs then me end
        from asked a
        on conflict do nothing
        returning id, session, status
    )
    select a.number, case when t.id is null then '{"code": "ERR_DUPLICATE_TURN"}'::jsonb
        else jsonb_build_object('status', t.status, 'session', t.session, 'waits', a.waits) end
      from asked a left join stored t on t.id = a.id and t.session = a.session;
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

-- Ends turns of different sessions, with an event for each, and starts the next one of a session if that is asked for.
create function end_1(me uuid, batch jsonb, chosen integer[]) returns table (n integer, result jsonb) language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
declare
  ended record;
  next turns;
begin
  for ended in
    with asked as materialized (
      select c.n as number, w.* from unnest(chosen) as c (n)
      cross join jsonb_to_record(batch->(c.n - 1)) as w (id text, owner uuid, status text, reply text, problem text,
        ended_at bigint, announcement jsonb, claim_at bigint)
    ), over as (
      update turns t set status = a.status, reply = a.reply, problem = a.problem, ended_at = a.ended_at from asked a
        where t.id = a.id and a.owner = me and (t.status = 'running' and t.owner = me or t.status = 'accepted')
        returning a.number, t.session
    ), announced as (
      insert into events (session, type, data, at)
        select e.session, e.type, e.data, e.at from asked a join over o on o.number = a.number
        cross join jsonb_to_record(a.announcement) as e (session text, type text, data text, at bigint)
        returning seq, session
    )
    select a.number, a.announcement, a.claim_at, o.session, e.seq as event,
        exists (select from turns w where w.session = o.session and w.status = 'accepted' and w.id <> a.id) as waits
      from asked a left join over o on o.number = a.number
      left join announced e on e.session = a.announcement->>'session' and o.number is not null
  loop
    n := ended.number;
    if ended.session is null then
      result := '{"code": "ERR_NO_SUCH_TURN"}';
      return next;
      continue;
    end if;
    if jsonb_array_length(ended.announcement->'deliveries') > 0 then
      perform store_deliveries_1(ended.announcement, ended.event);
    end if;
    next := null;
    if ended.waits and ended.claim_at is not null then
      next := start_next_1(me, ended.session, ended.claim_at);
    end if;
    result := jsonb_build_object('event', ended.event, 'session', ended.session,
      'claimed', case when next.id is null then '[]' else jsonb_build_array(open_turn_1(next)) end,
      'waits', ended.waits and ended.claim_at is null);
    return next;
  end loop;
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

-- Applies a write that is neither an accept nor an end.
create function apply_one_1(me uuid, write jsonb) returns jsonb language plpgsql as $$
begin
  return case write->>'op'
    when 'answer' then answer_1(write)
    when 'start' then start_1(me, write)
    when 'agent' then record_agent_1(me, write)
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

-- The number of each write of a batch, from 1; the session that it is about, if any; and its rank among the writes of that
-- session, from 0.
create function ranked_1(batch jsonb) returns table (n integer, op text, session text, rank integer) language plpgsql
set enable_seqscan = off set enable_hashjoin = off set enable_mergejoin = off as $$
begin
  return query
    select w.n, w.op, w.session, case when w.session is null then 0
        else (row_number() over (partition by w.session order by w.n))::integer - 1 end
    from (
      select b.n::integer as n, b.write->>'op' as op, coalesce(b.write->>'session', b.write->'announcement'->>'session',
        (select t.session from turns t where t.id = b.write->>'id')) as session
      from jsonb_array_elements(batch) with ordinality as b (write, n)
    ) as w;
end
$$;

-- Applies the writes of a gateway in one transaction, those of a session in order, and returns their results and the texts
-- of the turns that were started. Writes of one kind that are about different sessions are applied together. The
-- transactions of one gateway exclude each other, so that a batch that is sent again, after its connection broke, is
-- applied once; "gone" says that its turns have been taken over since. Locks are taken in the order of their keys: two
-- batches never wait for each other.
create function apply_1(me uuid, batch_number bigint, batch jsonb) returns jsonb language plpgsql as $$
declare
  is_gone boolean;
  known batches;
  numbers integer[];
  ops text[];
  sessions text[];
  ranks integer[];
  step record;
  number integer;
  applied record;
  result jsonb;
  results jsonb[] := array_fill(null::jsonb, array[jsonb_array_length(batch)]);
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
  select array_agg(r.n), array_agg(r.op), array_agg(r.session), array_agg(r.rank)
    into numbers, ops, sessions, ranks from ranked_1(batch) as r;
  perform pg_advisory_xact_lock(k.key) from (
    select distinct lock_key_1('session', s.session) as key from unnest(sessions) as s (session)
    where s.session is not null order by key
  ) as k;
  for step in
    select r.rank, case when r.op in ('accept', 'end') then r.op else 'other' end as kind, array_agg(r.n order by r.n) as chosen
    from unnest(numbers, ops, ranks) as r (n, op, rank) group by 1, 2 order by 1, 2
  loop
    if step.kind = 'accept' then
      for applied in select * from accept_1(me, batch, step.chosen) loop
        results[applied.n] := applied.result;
      end loop;
    elsif step.kind = 'end' then
      for applied in select * from end_1(me, batch, step.chosen) loop
        results[applied.n] := applied.result;
      end loop;
    else
      foreach number in array step.chosen loop
        results[number] := apply_one_1(me, batch->(number - 1));
      end loop;
    end if;
  end loop;
  foreach result in array results loop
    if result ? 'started' then
      started := array_append(started, result->>'started');
    elsif jsonb_array_length(result->'claimed') > 0 then
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
