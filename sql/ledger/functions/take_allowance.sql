create or replace function ledger.take_allowance(
  p_access_key_id integer,
  p_rows bigint,
  p_bytes bigint,
  p_more_rows bigint,
  p_more_bytes bigint,
  p_lease_s double precision,
  out granted boolean,
  out more_granted boolean,
  out wait_s double precision,
  out rows_left bigint,
  out bytes_left bigint,
  out rows_per_s bigint,
  out burst_rows bigint,
  out bytes_per_s bigint,
  out burst_bytes bigint
)
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
as $body$
-- Takes rows and bytes out of a key's token bucket, all of both or nothing: granted says which, and
-- wait_s how long it takes until they are there. p_more_* are wanted besides, for requests to come
-- within p_lease_s seconds; they are granted only while at least half a bucket remains.
-- A bucket holds the burst less what comes in during one lease: whatever is leased and used late,
-- a key never gets more than burst + rate * time in any stretch of time, over all workers.
-- The row lock is held for this statement alone: never call it inside another transaction.
declare
  longest_lease_s constant double precision := 0.25::double precision;
  k registry.access_key;
  d registry.key_limit;
  room_rows double precision;
  room_bytes double precision;
  have_rows double precision;
  have_bytes double precision;
  moment timestamptz;
  passed_s double precision;
  b registry.key_allowance;
begin
  select * into k from registry.access_key as a where a.id = p_access_key_id;
  if not found then
    raise exception using errcode = 'DZK01', message = 'unknown access key';
  end if;
  if p_rows < 0 or p_bytes < 0 or p_more_rows < 0 or p_more_bytes < 0
    or p_lease_s not between 0 and longest_lease_s
  then
    raise exception using errcode = '22023', message = 'no such amount';
  end if;
  select * into strict d from registry.key_limit;
  rows_per_s := coalesce(k.rows_per_s, d.rows_per_s);
  burst_rows := coalesce(k.burst_rows, d.burst_rows);
  bytes_per_s := coalesce(k.bytes_per_s, d.bytes_per_s);
  burst_bytes := coalesce(k.burst_bytes, d.burst_bytes);
  -- A burst is at least a second's allowance (migration 0005), so this leaves three quarters of it.
  room_rows := burst_rows - longest_lease_s * rows_per_s;
  room_bytes := burst_bytes - longest_lease_s * bytes_per_s;

  insert into registry.key_allowance as a (
    access_key_id, operator_id, rows_left, bytes_left, counted_at
  ) values (p_access_key_id, k.operator_id, room_rows, room_bytes, clock_timestamp())
  on conflict (access_key_id) do nothing;
  select * into strict b from registry.key_allowance as a
  where a.access_key_id = p_access_key_id for update;
  -- The clock is read under the lock, and may have been set back.
  moment := greatest(clock_timestamp(), b.counted_at);
  passed_s := extract(epoch from moment - b.counted_at)::double precision;
  have_rows := least(room_rows, b.rows_left + passed_s * rows_per_s);
  have_bytes := least(room_bytes, b.bytes_left + passed_s * bytes_per_s);

  granted := p_rows <= have_rows and p_bytes <= have_bytes;
  if granted then
    have_rows := have_rows - p_rows;
    have_bytes := have_bytes - p_bytes;
    wait_s := 0;
  else
    wait_s := greatest(
      (p_rows - have_rows) / rows_per_s, (p_bytes - have_bytes) / bytes_per_s, 0);
  end if;
  more_granted := granted
    and have_rows - p_more_rows >= room_rows / 2 and have_bytes - p_more_bytes >= room_bytes / 2;
  if more_granted then
    have_rows := have_rows - p_more_rows;
    have_bytes := have_bytes - p_more_bytes;
  end if;
  update registry.key_allowance as a
  set rows_left = have_rows, bytes_left = have_bytes, counted_at = moment
  where a.access_key_id = p_access_key_id;
  rows_left := floor(have_rows)::bigint;
  bytes_left := floor(have_bytes)::bigint;
end
$body$;
alter function ledger.take_allowance(integer, bigint, bigint, bigint, bigint, double precision)
  owner to dozir_writer;
comment on function ledger.take_allowance(integer, bigint, bigint, bigint, bigint, double precision) is
  'Takes what a request is about to use out of its key''s token bucket, or says how long to wait.';
