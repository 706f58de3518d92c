-- What the scripts in tests/security and tests/sql may use besides pgTAP itself.
-- Everything here runs with the rights of whoever calls it, unless it says otherwise.

-- The schemas that no login may enter.
create function tap.closed_schemas() returns text[]
  language sql immutable
  return array[
    'registry', 'identity', 'ledger', 'ledger_chunks', 'rollup', 'report', 'protection', 'audit',
    'maintenance', 'migration'
  ];

-- Every table, chunk and sequence of the closed schemas, by name; the catalogue is open to all.
create function tap.closed_relations() returns table (kind "char", relation text, first_column text)
  language sql stable
begin atomic
  select c.relkind, format('%I.%I', n.nspname, c.relname), (
    select format('%I', a.attname) from pg_catalog.pg_attribute as a
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum limit 1
  )
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any (tap.closed_schemas()) and c.relkind in ('r', 'p', 'v', 'm', 'f', 'S')
  order by 1, 2;
end;

-- Finds a relation that the caller may not name.
create function tap.relation(p_schema text, p_name text) returns oid
  language sql stable
begin atomic
  select c.oid from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = p_schema and c.relname = p_name;
end;

-- Whom the stage knows, whoever asks (definer: a persona may not look it up).
create function tap.operator_id(p_code text) returns integer
  language sql stable security definer
begin atomic
  select o.id from registry.operator as o where o.code = p_code;
end;

create function tap.batch_of(p_code text) returns bigint
  language sql stable security definer
begin atomic
  select min(b.id) from ledger.batch as b
  join registry.operator as o on o.id = b.operator_id where o.code = p_code;
end;

create function tap.entry_hash_of(p_batch_id bigint) returns bytea
  language sql stable security definer
begin atomic
  select e.hash from ledger.batch as b join ledger.entry as e on e.id = b.entry_id
  where b.id = p_batch_id;
end;

create function tap.change_of(p_code text) returns bigint
  language sql stable security definer
begin atomic
  select min(c.id) from registry.change as c
  join registry.operator as o on o.id = c.operator_id where o.code = p_code;
end;

create function tap.key_of(p_code text) returns integer
  language sql stable security definer
begin atomic
  select min(k.id) from registry.access_key as k
  join registry.operator as o on o.id = k.operator_id where o.code = p_code;
end;

create function tap.transactions_of(p_code text) returns bigint
  language sql stable security definer
begin atomic
  select count(*) from ledger.transaction as t
  join registry.operator as o on o.id = t.operator_id where o.code = p_code;
end;

-- The api views whose rows belong to an operator, and the column that says to whom.
create function tap.own_views() returns table (name text, owner text)
  language sql stable
begin atomic
  select c.relname::text, case c.relname when 'operator' then 'id' else 'operator_id' end
  from pg_catalog.pg_class as c
  where c.relnamespace = 'api'::regnamespace and c.relkind = 'v'
    and c.relname not in (
      'gambling_type', 'currency', 'key_limit', 'job', 'job_run', 'job_finding', 'licence_kind',
      'licence_fee', 'record_kind', 'attribute', 'choice', 'workflow_state', 'workflow_transition',
      'change_event', 'change_row', 'checkpoint', 'cosignature', 'quorum', 'timestamp_token', 'trust_policy',
      'archived_day', 'dropped_day', 'player_progress', 'tax_class', 'tax_class_type', 'tax_rate', 'tax_rate_change',
      'declaration_deadline', 'settlement_rule', 'report', 'measure', 'dimension', 'report_measure',
      'report_dimension', 'decider', 'export', 'export_job', 'saved_view',
      'event', 'event_kind', 'reason_kind', 'role', 'permission',
      'role_permission', 'appointment', 'appointment_change', 'appointment_event', 'access_lock', 'signature', 'notice', 'notice_kind', 'notice_setting',
      'contact', 'subscription', 'delivery', 'mail', 'dashboard', 'blocked_change', 'compliance', 'complaint',
      'provider_key', 'provider_standing', 'connection_deadline', 'game_progress', 'arrival_progress',
      'certificate',
      'cash_limit', 'amount_band', 'cash_progress', 'account_period',
      'stake_band', 'rollup_market_mark_day'
    )
  order by 1;
end;

-- Become a portal role for the rest of the transaction, as portal.db.acting_as does.
create function tap.become(p_role text, p_operator integer default null) returns text
  language sql volatile
  return set_config('role', p_role, true)
    || set_config('dozir.operator_id', coalesce(p_operator::text, ''), true);

-- The JSON text of an entry: behind its head, which ends with the hash of no entry before (32 zero
-- bytes). Not behind the first brace: its moment and its texts may hold that byte, too.
create function tap.document(p_entry bytea) returns text
  language sql immutable
  return convert_from(substr(p_entry, 32 + position(decode(repeat('00', 32), 'hex') || '{'::bytea in p_entry)), 'UTF8');

-- Assertion: the statement is refused for want of a privilege, and for nothing else.
create function tap.cannot(p_statement text, p_description text default null) returns text
  language sql volatile
  return tap.throws_ok(p_statement, '42501', null, coalesce(p_description, 'cannot: ' || p_statement));

create function tap.cannot_read_closed_relations() returns setof text
  language plpgsql volatile
as $body$
declare
  r record;
begin
  for r in select * from tap.closed_relations() loop
    return next tap.cannot(format('select from %s limit 1', r.relation));
    return next tap.cannot(format('select %s from %s limit 1', r.first_column, r.relation));
  end loop;
end
$body$;

-- Chunks by name: their number is part of the description, so that none is silently left out.
create function tap.cannot_touch_chunks() returns setof text
  language plpgsql volatile
as $body$
declare
  chunk text;
  chunks constant text[] := array(
    select r.relation from tap.closed_relations() as r where r.relation ~ '^ledger_chunks\._hyper_'
  );
begin
  return next tap.cmp_ok(cardinality(chunks), '>', 3, format('there are %s chunks', cardinality(chunks)));
  foreach chunk in array chunks loop
    return next tap.cannot(format('select * from %s', chunk));
    return next tap.cannot(format('select count(*) from %s', chunk));
    return next tap.cannot(format('insert into %s default values', chunk));
    return next tap.cannot(format('update %s set amount_minor = 0', chunk));
    return next tap.cannot(format('delete from %s', chunk));
    return next tap.cannot(format('truncate %s', chunk));
  end loop;
end
$body$;

create function tap.cannot_read_statistics() returns setof text
  language plpgsql volatile
as $body$
declare
  relation text;
begin
  foreach relation in array array[
    'pg_stats', 'pg_stats_ext', 'pg_stats_ext_exprs', 'pg_statistic', 'pg_statistic_ext_data',
    'pg_authid'
  ] loop
    return next tap.cannot(format('select * from pg_catalog.%I limit 1', relation));
  end loop;
  if to_regclass('public.pg_stat_statements') is not null then
    return next tap.cannot('select * from public.pg_stat_statements limit 1');
    return next tap.cannot('select * from public.pg_stat_statements(true) limit 1');
  end if;
end
$body$;

create function tap.cannot_change_closed_relations() returns setof text
  language plpgsql volatile
as $body$
declare
  r record;
begin
  for r in select * from tap.closed_relations() as c where c.kind <> 'S' loop
    return next tap.cannot(format('insert into %s default values', r.relation));
    return next tap.cannot(format('update %s set %s = default', r.relation, r.first_column));
    return next tap.cannot(format('delete from %s', r.relation));
    return next tap.cannot(format('truncate %s', r.relation));
    return next tap.cannot(format('alter table %s disable trigger all', r.relation));
  end loop;
  for r in select * from tap.closed_relations() as c where c.kind = 'S' loop
    return next tap.cannot(format('select nextval(%L)', r.relation));
  end loop;
end
$body$;

-- api views show; they are no way to write.
create function tap.cannot_change_views() returns setof text
  language plpgsql volatile
as $body$
declare
  r record;
begin
  for r in
    select format('%I.%I', v.schemaname, v.viewname) as name, (
      select format('%I', a.attname) from pg_catalog.pg_attribute as a
      where a.attrelid = format('%I.%I', v.schemaname, v.viewname)::regclass
      order by a.attnum desc limit 1
    ) as last_column,
    pg_relation_is_updatable(format('%I.%I', v.schemaname, v.viewname)::regclass, true) = 0 as joined
    from pg_catalog.pg_views as v
    where v.schemaname = 'api' and has_schema_privilege('api', 'usage')
  loop
    -- A view of more than one table takes no writes from anybody.
    continue when r.joined;
    return next tap.cannot(format('insert into %s default values', r.name));
    return next tap.cannot(format('update %s set %s = default', r.name, r.last_column));
    return next tap.cannot(format('delete from %s', r.name));
  end loop;
end
$body$;

-- A call of a routine with a null for each argument.
create function tap.call_of(p_routine oid) returns text
  language sql stable
begin atomic
  select format(
    case p.prokind when 'p' then 'call %I.%I(%s)' else 'select * from %I.%I(%s)' end,
    n.nspname, p.proname, (
      select string_agg('null::' || format_type(t.type, null), ', ' order by t.position)
      from unnest(p.proargtypes) with ordinality as t (type, position)
    )
  )
  from pg_catalog.pg_proc as p
  join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
  where p.oid = p_routine;
end;

-- Every routine of ours but those named (schema.name) is refused.
create function tap.can_call_only(variadic p_allowed text[] default '{}') returns setof text
  language plpgsql volatile
as $body$
declare
  r record;
begin
  for r in
    select p.oid, n.nspname, n.nspname || '.' || p.proname as name, p.prorettype, p.proisstrict
    from pg_catalog.pg_proc as p
    join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
    where n.nspname = any (tap.closed_schemas() || 'api'::text)
      and p.prokind <> 'a' -- an aggregate knows what it is given, and nothing else
    order by 2
  loop
    if r.name = any (p_allowed) then
      return next tap.ok(
        has_function_privilege(r.oid, 'execute'), format('may call %s', r.name));
    elsif r.proisstrict then -- folded to null before anyone asks for privileges
      return next tap.ok(
        not has_function_privilege(r.oid, 'execute') or not has_schema_privilege(r.nspname, 'usage'),
        format('may not call %s', r.name));
    elsif r.prorettype <> 'trigger'::regtype then
      return next tap.cannot(tap.call_of(r.oid), format('may not call %s', r.name));
    end if;
  end loop;
  return next tap.is(
    array(
      select a from unnest(p_allowed) as u (a) where not exists (
        select from pg_catalog.pg_proc as p
        join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
        where n.nspname || '.' || p.proname = a)
    ),
    '{}'::text[], 'every routine named here exists');
end
$body$;

-- Every view of api but those named is refused.
create function tap.can_read_only(variadic p_allowed text[] default '{}') returns setof text
  language plpgsql volatile
as $body$
declare
  v record;
begin
  for v in
    select c.relname, format('select * from api.%I limit 1', c.relname) as query
    from pg_catalog.pg_class as c
    where c.relnamespace = (select oid from pg_catalog.pg_namespace where nspname = 'api')
      and c.relkind in ('v', 'r', 'm')
    order by 1
  loop
    if v.relname = any (p_allowed) then
      return next tap.lives_ok(v.query, format('may read api.%s', v.relname));
    else
      return next tap.cannot(v.query, format('may not read api.%s', v.relname));
    end if;
  end loop;
end
$body$;

-- A view shows rows of each operator of the stage.
create function tap.sees_every_operator(variadic p_views text[]) returns setof text
  language plpgsql volatile
as $body$
declare
  v text;
begin
  foreach v in array p_views loop
    return next tap.results_eq(
      format(
        'select distinct %I from api.%I order by 1',
        case v when 'operator' then 'id' else 'operator_id' end, v),
      array[
        tap.operator_id('TEST-ALPHA'), tap.operator_id('TEST-BETA'), tap.operator_id('TEST-GAMMA')],
      format('api.%s shows every operator', v));
  end loop;
end
$body$;

create function tap.cannot_become(variadic p_roles text[]) returns setof text
  language plpgsql volatile
as $body$
declare
  role_name text;
begin
  foreach role_name in array p_roles loop
    return next tap.cannot(format('set local role %I', role_name));
    return next tap.cannot(format('set session authorization %I', role_name));
    return next tap.cannot(format('grant %I to current_user', role_name));
  end loop;
end
$body$;

-- Nothing of the server itself.
create function tap.cannot_reach_the_server() returns setof text
  language plpgsql volatile
as $body$
begin
  return next tap.cannot('create schema mine');
  return next tap.cannot('create table public.mine (n integer)');
  return next tap.cannot('create table api.mine (n integer)');
  return next tap.cannot('create role mine');
  return next tap.cannot('create extension dblink');
  return next tap.cannot('set local session_replication_role = replica');
  return next tap.cannot('select pg_read_file(''postgresql.conf'')');
  return next tap.cannot('copy (select 1) to program ''true''');
  return next tap.cannot('copy (select 1) to ''/tmp/mine''');
end
$body$;

-- All of it that holds for every login and portal role alike.
create function tap.is_kept_out() returns setof text
  language plpgsql volatile
as $body$
begin
  return query select tap.cannot_read_closed_relations();
  return query select tap.cannot_touch_chunks();
  return query select tap.cannot_change_closed_relations();
  return query select tap.cannot_change_views();
  return query select tap.cannot_read_statistics();
  return query select tap.cannot_reach_the_server();
  return query select tap.cannot_become('postgres', 'dozir_migrator', 'dozir_writer');
end
$body$;

grant usage on schema tap to public;
do $temp$
begin
  execute format('grant temporary on database %I to public', current_database());
end
$temp$;

-- Whoever was put into identity.person gets the role that may most of what the database role may.
create function tap.appoint_all() returns void
  language sql volatile security definer
begin atomic
  insert into identity.appointment (person_id, role, state, active_from)
  select p.id, case p.role
    when 'regulator' then 'supervisor' when 'tax_service' then 'tax_supervisor'
    else (
      select r.code from identity.role as r
      where r.database_role = p.role order by r.position limit 1) end, 'in_force', p.active_from
  from identity.person as p
  where (p.role <> 'operator' or p.operator_id is not null)
    and not exists (select from identity.appointment as a where a.person_id = p.id);
end;
