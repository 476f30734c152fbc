/** The functions of version 1 by which gateways watch each other. */
export const FLEET_1 = `
-- The owners whose sign of life is there.
create function alive_1() returns setof uuid language sql volatile as $$
  select g.owner from gateways g
  join pg_locks l on l.locktype = 'advisory' and l.granted and l.objsubid = 1
    and l.database = (select oid from pg_database where datname = current_database())
    and (l.classid::bigint << 32 | l.objid::bigint) = g.life
  where g.gone_at is null
$$;

-- The owners that may be taken over: those that are gone but have running turns, and those whose sign of life is missing,
-- unless many have vanished together: after a restart of the server, after the connection of this gateway broke too (as at
-- a failover), or when most of several are missing, the grace period passes first.
create function dead_1(me uuid, grace interval, unbroken interval) returns setof uuid language plpgsql volatile as $$
declare
  alive uuid[] := array(select alive_1());
  peers integer;
  vanished integer;
begin
  return query
    select distinct t.owner from turns t
    where t.status = 'running' and not exists (select from gateways g where g.owner = t.owner and g.gone_at is null);
  if least(unbroken, clock_timestamp() - pg_postmaster_start_time()) < grace then
    return;
  end if;
  select count(*), count(*) filter (where g.owner <> all (alive) and g.seen_at > clock_timestamp() - grace)
    into peers, vanished from gateways g where g.gone_at is null and g.owner <> me;
  if peers >= 2 and vanished * 2 > peers then
    return;
  end if;
  return query
    select g.owner from gateways g where g.gone_at is null and g.owner <> me and g.owner <> all (alive);
end
$$;

-- Takes the running turns of a dead gateway over. Null if that was done by another gateway or it is not dead.
create function take_over_1(me uuid, dead uuid) returns jsonb language plpgsql as $$
declare
  gateway gateways;
  adopted jsonb;
begin
  if dead = me or not exists (select from gateways g where g.owner = me and g.gone_at is null) then
    return null;
  end if;
  -- What it has sent last must have ended before.
  perform pg_advisory_xact_lock(lock_key_1('writer', dead::text));
  select * into gateway from gateways g where g.owner = dead for update;
  if found and gateway.gone_at is null then
    if not pg_try_advisory_xact_lock(gateway.life) then
      return null;
    end if;
    update gateways set gone_at = clock_timestamp(), takes_turns = false where owner = dead;
  end if;
  with taken as (
    update turns t set owner = me where t.owner = dead and t.status = 'running' returning t.seq, open_turn_1(t) as turn
  )
  select coalesce(jsonb_agg(taken.turn order by taken.seq), '[]') into adopted from taken;
  return adopted;
end
$$;

-- Gives a gateway a lease, unless another one that is not gone has it.
create function lease_1(me uuid, lease text) returns boolean language plpgsql as $$
begin
  if not exists (select from gateways g where g.owner = me and g.gone_at is null) then
    return false;
  end if;
  insert into leases as l (name, owner) values (lease, me) on conflict (name) do update set owner = me
    where l.owner = me or not exists (select from gateways g where g.owner = l.owner and g.gone_at is null);
  return found;
end
$$;

-- Ends the connection with the sign of life of each of these gateways that has not renewed it: it is frozen.
create function evict_1(frozen uuid[], silent interval) returns void language plpgsql as $$
declare
  pids integer[];
begin
  -- First found, then ended: in one statement, the planner may end connections before it looks whose they are.
  select array_agg(l.pid) into pids from gateways g
    join pg_locks l on l.locktype = 'advisory' and l.granted and l.objsubid = 1
      and l.database = (select oid from pg_database where datname = current_database())
      and (l.classid::bigint << 32 | l.objid::bigint) = g.life
    where g.owner = any (frozen) and g.gone_at is null and g.seen_at < clock_timestamp() - silent;
  perform pg_terminate_backend(pid) from unnest(pids) as pid;
end
$$;
`;
