-- depends: 0004_identity
-- How much one access key may send: rows and bytes a second, and how much of each at once. What a
-- key leaves null is the default of registry.key_limit. What is left of it at the moment stands in
-- registry.key_allowance.
-- squawk-ignore-file constraint-missing-not-valid, ban-drop-function
set local lock_timeout = '10s';

create table registry.key_limit (
  singleton boolean primary key default true,
  rows_per_s bigint not null,
  burst_rows bigint not null,
  bytes_per_s bigint not null,
  burst_bytes bigint not null,
  constraint ck_key_limit_singleton check (singleton),
  constraint ck_key_limit_rows check (
    rows_per_s between 1 and 1000000000
    and burst_rows between greatest(rows_per_s, 20000) and 10000000000
  ),
  constraint ck_key_limit_bytes check (
    bytes_per_s between 1 and 1000000000000
    and burst_bytes between greatest(bytes_per_s, 16777216) and 10000000000000
  )
);
insert into registry.key_limit (rows_per_s, burst_rows, bytes_per_s, burst_bytes)
-- 20,000 records a second and 100,000 at once; 16 MiB a second and 64 MiB at once.
values (20000, 105000, 16777216, 71303168);
comment on table registry.key_limit is
  'What an access key may send if it has no limits of its own. A burst is at least a second''s '
  'allowance and two of the largest batches, so that the largest batch always fits.';
comment on column registry.key_limit.singleton is 'There is one row.';
comment on column registry.key_limit.rows_per_s is 'Records a second, sustained.';
comment on column registry.key_limit.burst_rows is
  'Most records in any moment; at once after a pause it is a quarter second''s allowance less.';
comment on column registry.key_limit.bytes_per_s is 'Bytes of bodies a second, sustained.';
comment on column registry.key_limit.burst_bytes is
  'Most bytes in any moment; at once after a pause it is a quarter second''s allowance less.';

alter table registry.access_key
  add column rows_per_s bigint,
  add column burst_rows bigint,
  add column bytes_per_s bigint,
  add column burst_bytes bigint;
comment on column registry.access_key.rows_per_s is
  'Records a second, sustained; null: the default of registry.key_limit.';
comment on column registry.access_key.burst_rows is
  'Records at once after a pause; null: the default of registry.key_limit.';
comment on column registry.access_key.bytes_per_s is
  'Bytes of bodies a second, sustained; null: the default of registry.key_limit.';
comment on column registry.access_key.burst_bytes is
  'Bytes of bodies at once after a pause; null: the default of registry.key_limit.';
-- One alone would mix with a default that may change: rates and bursts are set together.
alter table registry.access_key add constraint ck_access_key_row_limit check (
  num_nulls(rows_per_s, burst_rows) = 2
  or num_nulls(rows_per_s, burst_rows) = 0
  and rows_per_s between 1 and 1000000000
  and burst_rows between greatest(rows_per_s, 20000) and 10000000000
) not valid;
alter table registry.access_key validate constraint ck_access_key_row_limit;
alter table registry.access_key add constraint ck_access_key_byte_limit check (
  num_nulls(bytes_per_s, burst_bytes) = 2
  or num_nulls(bytes_per_s, burst_bytes) = 0
  and bytes_per_s between 1 and 1000000000000
  and burst_bytes between greatest(bytes_per_s, 16777216) and 10000000000000
) not valid;
alter table registry.access_key validate constraint ck_access_key_byte_limit;

-- Unlogged: after a crash every key starts with a full allowance, and no commit waits for the disk.
create unlogged table registry.key_allowance (
  access_key_id integer primary key,
  operator_id integer not null,
  rows_left double precision not null,
  bytes_left double precision not null,
  counted_at timestamptz not null
) with (fillfactor = 50);
comment on table registry.key_allowance is
  'Token buckets: what each access key may still send at once. It fills with time; see '
  'ledger.take_allowance. Lost in a crash, and on standbys there is nothing of it.';
comment on column registry.key_allowance.access_key_id is 'The key (registry.access_key).';
comment on column registry.key_allowance.operator_id is 'Whose key it is.';
comment on column registry.key_allowance.rows_left is 'Records left at counted_at.';
comment on column registry.key_allowance.bytes_left is 'Bytes of bodies left at counted_at.';
comment on column registry.key_allowance.counted_at is 'When it was last filled and taken from.';

-- It comes back with the limits among its columns.
drop function if exists api.access_keys();
