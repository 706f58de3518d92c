-- Roles, schemas and the extension: run first of all, by a superuser, before migrations.
-- Everything here may run again. Passwords are set by `dozir migrate`, never written in SQL.

create extension if not exists timescaledb with schema public;
-- Search by parts of words; periods that exclude each other.
create extension if not exists pg_trgm with schema public;
create extension if not exists btree_gist with schema public;
create extension if not exists btree_gin with schema public;

-- Which statement is slow, where the server offers it; its figures are the DBA's alone.
do $statements$
begin
  if current_setting('shared_preload_libraries') ~ 'pg_stat_statements' then
    create extension if not exists pg_stat_statements with schema public;
    revoke all on public.pg_stat_statements, public.pg_stat_statements_info from public;
    revoke execute on function
      public.pg_stat_statements(boolean), public.pg_stat_statements_info() from public;
  end if;
end
$statements$;

do $roles$
declare
  role_name text;
begin
  -- Who acts: what a request becomes for the length of one transaction.
  -- Who writes: dozir_writer owns the definer functions and no table.
  foreach role_name in array array[
    'operator', 'regulator', 'tax_service', 'registrar', 'auditor', 'financial_monitoring', 'fairness',
    'administrator', 'dozir_writer', 'dozir_chunks'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
      execute format('create role %I nologin', role_name);
    end if;
    execute format(
      'alter role %I nologin inherit nosuperuser nocreaterole nocreatedb noreplication nobypassrls',
      role_name);
  end loop;
  -- Who logs in: one role and one pool per trust class.
  foreach role_name in array array[
    'dozir_migrator', 'dozir_ingest', 'dozir_portal', 'dozir_sequencer', 'dozir_readonly',
    'dozir_jobs', 'dozir_public'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
      execute format('create role %I login noinherit', role_name);
    end if;
    execute format(
      'alter role %I login noinherit nosuperuser nocreaterole nocreatedb noreplication nobypassrls',
      role_name);
  end loop;
end
$roles$;

-- Settings and memberships that a role was given by hand are taken back; what it is to have follows
-- below, in the same transaction.
do $taken_back$
declare
  role_name text;
  stray record;
begin
  foreach role_name in array array[
    'operator', 'regulator', 'tax_service', 'registrar', 'auditor', 'financial_monitoring', 'fairness',
    'administrator', 'dozir_writer', 'dozir_chunks', 'dozir_migrator', 'dozir_ingest', 'dozir_portal', 'dozir_sequencer', 'dozir_readonly',
    'dozir_jobs', 'dozir_public'
  ] loop
    execute format('alter role %I reset all', role_name);
    execute format('alter role %I in database %I reset all', role_name, current_database());
    for stray in
      select m.roleid::regrole as granted, m.grantor::regrole as by_whom
      from pg_catalog.pg_auth_members as m
      where m.member = role_name::regrole and (
        m.admin_option
        or (m.roleid::regrole::text, role_name) not in (
          ('dozir_writer', 'dozir_migrator'), ('pg_read_all_stats', 'dozir_writer'),
          ('operator', 'dozir_portal'), ('regulator', 'dozir_portal'),
          ('tax_service', 'dozir_portal'), ('registrar', 'dozir_portal'),
          ('auditor', 'dozir_portal'), ('financial_monitoring', 'dozir_portal'),
          ('fairness', 'dozir_portal'), ('administrator', 'dozir_portal'),
          ('operator', 'dozir_migrator'), ('regulator', 'dozir_migrator'),
          ('tax_service', 'dozir_migrator'), ('registrar', 'dozir_migrator'))
        or exists (
          select from pg_catalog.pg_auth_members as other
          where other.roleid = m.roleid and other.member = m.member and other.grantor < m.grantor))
    loop
      execute format(
        'revoke %s from %I granted by %s cascade', stray.granted, role_name, stray.by_whom);
    end loop;
  end loop;
end
$taken_back$;

-- COPY is refused for a role under row-level security; dozir_ingest can insert and read nothing.
alter role dozir_ingest bypassrls;
-- The migrator hands functions to dozir_writer and replaces them later: it inherits that role.
alter role dozir_migrator inherit;
grant dozir_writer to dozir_migrator with inherit true, set true;
-- Ages of transactions, sizes: api.operating_figures() tells figures of them, and no query's text.
grant pg_read_all_stats to dozir_writer;
grant
  operator, regulator, tax_service, registrar, auditor, financial_monitoring, fairness, administrator
  to dozir_portal with inherit false, set true;
-- The command line and the demonstration act in these roles, too, and sign nothing: see
-- identity.demand_signature.
grant operator, regulator, tax_service, registrar to dozir_migrator with inherit false, set true;

comment on role dozir_migrator is 'Owns everything; used by the command line and the demonstration alone.';
comment on role dozir_ingest is 'Gateway of the API: inserts transactions, calls ingest functions, reads nothing.';
comment on role dozir_portal is 'Pages: becomes one of the portal roles for the length of a transaction.';
comment on role dozir_sequencer is 'The sequencer of the log: gives entries their leaves.';
comment on role dozir_readonly is 'DBAs and BI tools: reads the views of api.';
comment on role dozir_jobs is 'Runner of recurring work: calls the procedures of maintenance, reads no table.';
comment on role dozir_public is 'Public pages and open data: reads the views of open_data; may become nobody.';
comment on role dozir_chunks is 'Owns the one function that makes chunks ahead; nobody may become it.';
comment on role dozir_writer is 'Owns the definer functions and no table.';
comment on role "operator" is 'Portal role: an operator''s people and systems; own rows.';
comment on role regulator is 'Portal role: officials of the regulator; every row.';
comment on role tax_service is 'Portal role: the State Tax Service; every row, no player.';
comment on role registrar is 'Portal role: keeps registers; no transactions.';
comment on role auditor is 'Portal role: sees what is recorded, changes nothing; no player.';
comment on role financial_monitoring is 'Portal role: players'' cash flow and breaches; no player.';
comment on role fairness is 'Portal role: games, equipment, return to player; no deposits, no player.';
comment on role administrator is 'Portal role: accounts and roles; nothing of the market.';

alter role dozir_migrator set search_path = migration;
alter role dozir_ingest set search_path = pg_catalog;
alter role dozir_portal set search_path = pg_catalog;
alter role dozir_sequencer set search_path = pg_catalog;
alter role dozir_readonly set search_path = api, pg_catalog;
-- A page that takes longer says what to narrow; a stuck client does not hold locks.
alter role dozir_portal set statement_timeout = '15s';
alter role dozir_portal set idle_in_transaction_session_timeout = '30s';
alter role dozir_ingest set statement_timeout = '60s';
alter role dozir_ingest set idle_in_transaction_session_timeout = '60s';
-- A step that takes longer than a night's work is stuck; a runner that was killed is noticed.
alter role dozir_jobs set search_path = pg_catalog;
alter role dozir_jobs set statement_timeout = '2h';
alter role dozir_jobs set idle_in_transaction_session_timeout = '60s';
alter role dozir_jobs set client_connection_check_interval = '10s';
alter role dozir_readonly set default_transaction_read_only = on;
-- Whoever asks from outside waits for no long query, and neither does the server.
alter role dozir_public set search_path = pg_catalog;
alter role dozir_public set statement_timeout = '5s';
alter role dozir_public set idle_in_transaction_session_timeout = '10s';

create schema if not exists migration authorization dozir_migrator;
create schema if not exists registry authorization dozir_migrator;
create schema if not exists identity authorization dozir_migrator;
create schema if not exists ledger authorization dozir_migrator;
-- Chunks live where no one has USAGE: row-level security of a hypertable does not reach them.
create schema if not exists ledger_chunks authorization dozir_migrator;
create schema if not exists rollup authorization dozir_migrator;
create schema if not exists report authorization dozir_migrator;
create schema if not exists protection authorization dozir_migrator;
create schema if not exists audit authorization dozir_migrator;
create schema if not exists maintenance authorization dozir_migrator;
create schema if not exists blocking authorization dozir_migrator;
create schema if not exists open_data authorization dozir_migrator;
create schema if not exists api authorization dozir_migrator;

do $database$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to dozir_migrator, dozir_ingest, dozir_portal, '
    'dozir_sequencer, dozir_readonly, dozir_jobs, dozir_public', current_database());
end
$database$;
revoke all on schema public from public;
grant usage on schema public to public;

comment on schema migration is 'Which numbered migrations ran; belongs to the migrations'' library.';
comment on schema registry is 'Who may take bets: operators, licences, channels, equipment, games, keys.';
comment on schema identity is 'People and their sessions.';
comment on schema ledger is 'What was received, as it was received: append-only.';
comment on schema ledger_chunks is 'The days of ledger.transaction; no role may look in here.';
comment on schema rollup is 'Exact sums by hour and day, kept in the transaction that stores a batch.';
comment on schema report is 'Checks of the stored figures against the raw rows.';
comment on schema protection is 'Reserved for protection of players.';
comment on schema audit is 'The trail of who took what away, and the files that are being made for it.';
comment on schema maintenance is 'Recurring work: schedule, history, findings, and the record of objects.';
comment on schema blocking is 'Blocked addresses beside their register: the feed, complaints, what providers carry out.';
comment on schema open_data is 'The door for everyone: what is published of the market, without a login.';
comment on schema api is 'The door: all that a login role may touch.';

-- Functions are nobody's until granted, whoever of the two creates them.
alter default privileges for role dozir_migrator revoke all on functions from public;
alter default privileges for role dozir_writer revoke all on functions from public;

-- A chunk's statistics show other operators' ids, players and amounts.
revoke select on pg_catalog.pg_stats, pg_catalog.pg_stats_ext, pg_catalog.pg_stats_ext_exprs
  from public;

-- Whatever was given to another owner by hand comes back: else the owner could not replace it.
do $owners$
declare
  stray record;
begin
  for stray in
    select p.oid::regprocedure as name
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspowner = 'dozir_migrator'::regrole and p.proowner <> 'dozir_migrator'::regrole
      and not (p.prosecdef and p.proowner in ('dozir_writer'::regrole, 'dozir_chunks'::regrole))
  loop
    execute format('alter routine %s owner to dozir_migrator', stray.name);
  end loop;
  for stray in
    select c.oid::regclass as name
    from pg_catalog.pg_class as c
    join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
    where n.nspowner = 'dozir_migrator'::regrole and n.nspname <> 'ledger_chunks'
      and c.relkind in ('r', 'v') and c.relowner <> 'dozir_migrator'::regrole
  loop
    execute format('alter table %s owner to dozir_migrator', stray.name);
  end loop;
end
$owners$;

-- Chunks ahead of time. TimescaleDB's Apache edition makes a chunk only when a row comes for it, so
-- a row is put in and taken out again in one transaction, with triggers muted: nothing is counted,
-- and append-only tables refuse DELETE. Muting triggers is a right that even the owner of the
-- ledger must not have; hence a role of its own that nobody may become, bound by a policy to rows
-- of operator 0, which no operator is, and this file, which a superuser runs.
grant set on parameter session_replication_role to dozir_chunks;
create or replace function maintenance.make_chunk(p_day date) returns void
  language plpgsql security definer
  set search_path = pg_catalog, pg_temp
  set session_replication_role = replica
as $body$
-- Makes the chunk of one day (UTC) of the coming month; changes nothing where there is one.
declare
  moment constant timestamptz := p_day::timestamp at time zone 'UTC';
  nil constant uuid := '00000000-0000-0000-0000-000000000000'::uuid;
begin
  if p_day is null or p_day < current_date - 1 or p_day > current_date + 31 then
    raise exception using errcode = 'DZM02', message = 'chunks are made for the coming month';
  end if;
  insert into ledger.transaction (
    occurred_at, operator_id, id, batch_id, row_no, type, amount_minor, currency, licence_id,
    channel_id, equipment_id, game_id, round_id, player, payment, flags, breach, cancels,
    cancel_reason, exclusion_receipt
  ) values (moment, 0, nil, 0, 0, 0, 0, 0, 0, 0, 0, 0, nil, nil, 0, 0, 0, nil, 0, nil);
  delete from ledger.transaction as t
  where t.occurred_at = moment and t.operator_id = 0;
end
$body$;
alter function maintenance.make_chunk(date) owner to dozir_chunks;
revoke all on function maintenance.make_chunk(date) from public;
grant execute on function maintenance.make_chunk(date) to dozir_migrator with grant option;
comment on function maintenance.make_chunk(date) is
  'Makes the chunk of a coming day (UTC), so that the first batch after midnight need not.';
