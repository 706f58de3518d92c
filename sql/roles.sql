-- Roles, schemas and the extension: run first of all, by a superuser, before migrations.
-- Everything here may run again. Passwords are set by `dozir migrate`, never written in SQL.

create extension if not exists timescaledb with schema public;

do $roles$
declare
  role_name text;
begin
  -- Who acts: what a request becomes for the length of one transaction.
  -- Who writes: dozir_writer owns the definer functions and no table.
  foreach role_name in array array[
    'operator', 'regulator', 'tax_service', 'registrar', 'auditor', 'dozir_writer'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
      execute format('create role %I nologin', role_name);
    end if;
  end loop;
  -- Who logs in: one role and one pool per trust class.
  foreach role_name in array array[
    'dozir_migrator', 'dozir_ingest', 'dozir_portal', 'dozir_sequencer', 'dozir_readonly'
  ] loop
    if not exists (select from pg_catalog.pg_roles where rolname = role_name) then
      execute format('create role %I login noinherit', role_name);
    end if;
  end loop;
end
$roles$;

-- COPY is refused for a role under row-level security; dozir_ingest can insert and read nothing.
alter role dozir_ingest bypassrls;
-- The migrator hands functions to dozir_writer and replaces them later: it inherits that role.
alter role dozir_migrator inherit;
grant dozir_writer to dozir_migrator with inherit true, set true;
-- Ages of transactions, sizes: api.operating_figures() tells figures of them, and no query's text.
grant pg_read_all_stats to dozir_writer;
grant operator, regulator, tax_service, registrar, auditor
  to dozir_portal with inherit false, set true;

comment on role dozir_migrator is 'Owns everything; used by dozir migrate, demo and verify alone.';
comment on role dozir_ingest is 'Gateway of the API: inserts transactions, calls ingest functions, reads nothing.';
comment on role dozir_portal is 'Pages: becomes one of the portal roles for the length of a transaction.';
comment on role dozir_sequencer is 'Reserved for the sequencer of the log.';
comment on role dozir_readonly is 'DBAs and BI tools: reads the views of api.';
comment on role dozir_writer is 'Owns the definer functions and no table.';
comment on role "operator" is 'Portal role: an operator''s people and systems; own rows.';
comment on role regulator is 'Portal role: officials of the regulator; every row.';
comment on role tax_service is 'Portal role: the State Tax Service; every row, no player.';
comment on role registrar is 'Portal role: keeps registers; no transactions.';
comment on role auditor is 'Portal role: sees what is recorded, changes nothing; no player.';

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
alter role dozir_readonly set default_transaction_read_only = on;

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
create schema if not exists api authorization dozir_migrator;

do $database$
begin
  execute format('revoke all on database %I from public', current_database());
  execute format(
    'grant connect on database %I to dozir_migrator, dozir_ingest, dozir_portal, '
    'dozir_sequencer, dozir_readonly', current_database());
end
$database$;
revoke all on schema public from public;
grant usage on schema public to public;

-- Functions are nobody's until granted, whoever of the two creates them.
alter default privileges for role dozir_migrator revoke all on functions from public;
alter default privileges for role dozir_writer revoke all on functions from public;

-- A chunk's statistics show other operators' ids, players and amounts.
revoke select on pg_catalog.pg_stats, pg_catalog.pg_stats_ext, pg_catalog.pg_stats_ext_exprs
  from public;
