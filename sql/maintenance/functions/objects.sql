create or replace function maintenance.objects()
  returns table (kind text, name text, definition text)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- Everything of ours that somebody could change by hand, and whatever else is there that is neither
-- ours nor an extension's, each with a definition that changes when the object does. Chunks come and
-- go with the data and are left out, but for a fence that they lack; so are the system's triggers.
-- The pinned search_path makes PostgreSQL write every name with its schema.
declare
  ours constant oid[] := array(
    select n.oid from pg_namespace as n
    where n.nspname in (
      'registry', 'identity', 'ledger', 'rollup', 'report', 'protection', 'audit', 'maintenance',
      'api')
  );
  -- Where nobody but an extension and the migrations' library makes anything.
  known constant oid[] := ours || array(
    select n.oid from pg_namespace as n
    where n.nspname ~ '^pg_' or n.nspname in ('information_schema', 'ledger_chunks', 'migration')
      or exists (
        select from pg_depend as d
        where d.classid = 'pg_namespace'::regclass and d.objid = n.oid and d.deptype = 'e')
  );
  roles constant oid[] := array(
    select r.oid from pg_roles as r
    where r.rolname ~ '^dozir_'
      or r.rolname in (
        'operator', 'regulator', 'tax_service', 'registrar', 'auditor', 'financial_monitoring',
        'fairness', 'administrator')
  );
begin
  -- Another major version writes definitions another way: migrate then records everything anew.
  return query
  select 'server', 'major version', current_setting('server_version_num')::integer / 10000 || '';

  return query
  select 'schema', n.nspname::text, format('owner %s', n.nspowner::regrole)
  from pg_namespace as n where n.oid = any (ours);

  return query
  select 'role', r.rolname::text, format(
    'login %s, superuser %s, inherit %s, create role %s, create database %s, replication %s, '
    'bypass row security %s; member of %s; settings %s; in this database %s',
    r.rolcanlogin, r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolreplication,
    r.rolbypassrls,
    array(
      select format('%s(inherit %s, set %s)', m.roleid::regrole, m.inherit_option, m.set_option)
      from pg_auth_members as m where m.member = r.oid order by 1
    ),
    array(select unnest(r.rolconfig) order by 1),
    array(
      select unnest(s.setconfig) from pg_db_role_setting as s
      where s.setrole = r.oid
        and s.setdatabase = (select d.oid from pg_database as d where d.datname = current_database())
      order by 1
    ))
  from pg_roles as r where r.oid = any (roles);

  return query
  select 'database', 'settings', array_to_string(array(select unnest(s.setconfig) order by 1), E'\n')
  from pg_db_role_setting as s join pg_database as d on d.oid = s.setdatabase
  where d.datname = current_database() and s.setrole = 0::oid;

  -- Whoever else can come in. The bootstrap superuser (10) is the one that runs migrate.
  return query
  select 'unknown role', r.rolname::text, format(
    'login %s, superuser %s, create role %s, create database %s, replication %s, '
    'bypass row security %s; member of %s',
    r.rolcanlogin, r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolreplication, r.rolbypassrls,
    array(
      select format('%s(inherit %s, set %s)', m.roleid::regrole, m.inherit_option, m.set_option)
      from pg_auth_members as m where m.member = r.oid order by 1
    ))
  from pg_roles as r
  where (r.rolcanlogin or r.rolsuper) and r.oid <> 10::oid and r.oid <> all (roles);

  -- Whatever lies outside of our schemas and belongs to no extension.
  return query
  select 'unknown schema', n.nspname::text, format('owner %s', n.nspowner::regrole)
  from pg_namespace as n where n.oid <> all (known) and n.nspname <> 'public';

  return query
  select case when c.relkind in ('v', 'm') then 'unknown view' else 'unknown table' end,
    format('%I.%I', n.nspname, c.relname),
    concat_ws(E'\n',
      format('owner %s', c.relowner::regrole),
      case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end)
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.relnamespace <> all (known) and c.relkind in ('r', 'p', 'v', 'm', 'f') and not exists (
    select from pg_depend as d
    where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e');

  return query
  select 'unknown function',
    case n.nspname when 'pg_catalog' then 'pg_catalog.' else '' end || p.oid::regprocedure,
    format(E'owner %s\n%s', p.proowner::regrole, pg_get_functiondef(p.oid))
  from pg_proc as p join pg_namespace as n on n.oid = p.pronamespace
  -- A superuser may put functions among the system's own, whose ids end at 16383.
  where p.pronamespace <> all (ours) and p.prokind in ('f', 'p', 'w')
    and p.oid >= 16384::oid and n.nspname !~ '^pg_temp_' and not exists (
      select from pg_depend as d
      where d.classid = 'pg_proc'::regclass and d.objid = p.oid and d.deptype = 'e');

  return query
  select 'unknown extension', e.extname::text, format('owner %s', e.extowner::regrole)
  from pg_extension as e
  where e.extname not in ('plpgsql', 'timescaledb', 'pg_stat_statements');

  return query
  select 'unknown event trigger', t.evtname::text, format(
    'owner %s, on %s, calls %s, enabled %s', t.evtowner::regrole, t.evtevent,
    t.evtfoid::regprocedure, t.evtenabled)
  from pg_event_trigger as t where not exists (
    select from pg_depend as d
    where d.classid = 'pg_event_trigger'::regclass and d.objid = t.oid and d.deptype = 'e');

  -- Whoever subscribes to one reads the tables past row security.
  return query
  select 'unknown publication', p.pubname::text, format(
    'owner %s, all tables %s, tables %s', p.pubowner::regrole, p.puballtables,
    array(select r.prrelid::regclass from pg_publication_rel as r where r.prpubid = p.oid order by 1))
  from pg_publication as p;

  return query
  select
    case c.relkind when 'v' then 'view' when 'S' then 'sequence' when 'c' then 'type' else 'table' end,
    format('%I.%I', n.nspname, c.relname),
    concat_ws(E'\n',
      format('owner %s', c.relowner::regrole),
      case when c.relkind in ('r', 'p') then format(
        'row security %s, forced %s', c.relrowsecurity, c.relforcerowsecurity) end,
      case when c.reloptions is not null then format('options %s', c.reloptions) end,
      case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end,
      (
        select format(
          'as %s start %s increment %s min %s max %s cycle %s', format_type(s.seqtypid, null),
          s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle)
        from pg_sequence as s where s.seqrelid = c.oid
      ))
  from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
  where c.relnamespace = any (ours) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'c', 'f');

  return query
  select 'column', format('%I.%I.%I', n.nspname, c.relname, a.attname), concat_ws(' ',
    format_type(a.atttypid, a.atttypmod),
    case when a.attcollation <> t.typcollation then format('collate %s', a.attcollation::regcollation) end,
    case when a.attnotnull then 'not null' end,
    case a.attidentity when 'a' then 'generated always as identity'
      when 'd' then 'generated by default as identity' end,
    case when d.adbin is not null then format(
      case a.attgenerated when '' then 'default %s' else 'generated always as (%s)' end,
      pg_get_expr(d.adbin, d.adrelid)) end)
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  join pg_attribute as a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type as t on t.oid = a.atttypid
  left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
  where c.relnamespace = any (ours) and c.relkind in ('r', 'p', 'c', 'f');

  return query
  select 'constraint', format('%s.%I', k.conrelid::regclass, k.conname),
    pg_get_constraintdef(k.oid) || case when k.convalidated then '' else ' (not validated)' end
  from pg_constraint as k
  where k.connamespace = any (ours) and k.conrelid <> 0 and k.contype in ('c', 'f', 'p', 'u', 'x');

  return query
  select 'index', format('%I.%I', n.nspname, c.relname),
    pg_get_indexdef(i.indexrelid) || case when i.indisvalid then '' else ' (invalid)' end
  from pg_index as i
  join pg_class as c on c.oid = i.indexrelid
  join pg_namespace as n on n.oid = c.relnamespace
  where c.relnamespace = any (ours);

  return query
  select case p.prokind when 'p' then 'procedure' else 'function' end, p.oid::regprocedure::text,
    format(E'owner %s\n%s', p.proowner::regrole, pg_get_functiondef(p.oid))
  from pg_proc as p where p.pronamespace = any (ours) and p.prokind in ('f', 'p');

  -- Of an aggregate there is no definition to be had whole.
  return query
  select 'aggregate', p.oid::regprocedure::text, format(
    'owner %s, steps %s %s, combined %s, ended %s, inverse %s, from %s', p.proowner::regrole, a.aggtransfn,
    a.aggtranstype::regtype, a.aggcombinefn, a.aggfinalfn, a.aggmtransfn, a.agginitval)
  from pg_proc as p join pg_aggregate as a on a.aggfnoid = p.oid
  where p.pronamespace = any (ours);

  return query
  select 'trigger', format('%s.%I', t.tgrelid::regclass, t.tgname),
    pg_get_triggerdef(t.oid) || case t.tgenabled
      when 'O' then '' when 'D' then ' (disabled)' when 'A' then ' (always)' else ' (replica)' end
  from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
  where c.relnamespace = any (ours) and not t.tgisinternal;

  -- Each chunk has the row triggers of its table: those that it lacks, or that are switched off.
  return query
  select 'chunk trigger', format('%s.%I', c.oid::regclass, t.tgname),
    case when o.oid is null then 'missing' else 'disabled' end
  from pg_class as c
  cross join pg_trigger as t
  join pg_proc as p on p.oid = t.tgfoid and p.pronamespace = any (ours)
  left join pg_trigger as o on o.tgrelid = c.oid and o.tgname = t.tgname
  where c.relnamespace = 'ledger_chunks'::regnamespace and c.relkind = 'r'
    and t.tgrelid = 'ledger.transaction'::regclass and not t.tgisinternal and t.tgtype & 1 = 1
    and o.tgenabled is distinct from t.tgenabled;

  return query
  select 'rule', format('%s.%I', w.ev_class::regclass, w.rulename), pg_get_ruledef(w.oid)
    || case w.ev_enabled
      when 'O' then '' when 'D' then ' (disabled)' when 'A' then ' (always)' else ' (replica)' end
  from pg_rewrite as w join pg_class as c on c.oid = w.ev_class
  where c.relnamespace = any (ours) and w.rulename <> '_RETURN';

  return query
  select 'policy', format('%s.%I', p.polrelid::regclass, p.polname), format(
    'for %s to %s using (%s) check (%s), permissive %s', p.polcmd,
    array(
      select case u.member when 0 then 'public' else u.member::regrole::text end
      from unnest(p.polroles) as u (member) order by 1
    ),
    pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid), p.polpermissive)
  from pg_policy as p join pg_class as c on c.oid = p.polrelid
  where c.relnamespace = any (ours);

  return query
  select 'grants', a.object, string_agg(
    format('%s to %s%s', lower(x.privilege_type),
      case x.grantee when 0 then 'public' else x.grantee::regrole::text end,
      case when x.is_grantable then ' with grant option' end),
    E'\n' order by case x.grantee when 0 then '' else x.grantee::regrole::text end, x.privilege_type)
  from (
    select 'database', d.datacl from pg_database as d where d.datname = current_database()
    union all
    select 'schema ' || n.nspname, n.nspacl from pg_namespace as n
    where n.oid = any (ours) or n.nspname in ('ledger_chunks', 'migration', 'public')
    union all
    select c.oid::regclass::text, c.relacl from pg_class as c
    where (c.relnamespace = any (ours) and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f'))
      or c.oid in ('pg_stats'::regclass, 'pg_stats_ext'::regclass, 'pg_stats_ext_exprs'::regclass)
    union all
    select format('%s.%I', t.attrelid::regclass, t.attname), t.attacl
    from pg_attribute as t join pg_class as c on c.oid = t.attrelid
    where c.relnamespace = any (ours) and not t.attisdropped and t.attacl is not null
    union all
    select p.oid::regprocedure::text, coalesce(p.proacl, acldefault('f', p.proowner))
    from pg_proc as p where p.pronamespace = any (ours)
    union all
    select format('new %s of %s', f.defaclobjtype, f.defaclrole::regrole), f.defaclacl
    from pg_default_acl as f where f.defaclrole = any (roles)
  ) as a (object, acl)
  cross join lateral aclexplode(a.acl) as x
  group by a.object;

  return query
  select 'comment', i.type || ' ' || i.identity, d.description
  from pg_description as d
  cross join lateral pg_identify_object(d.classoid, d.objoid, d.objsubid) as i
  where (i.schema in (select n.nspname from pg_namespace as n where n.oid = any (ours))
    or (d.classoid = 'pg_namespace'::regclass and d.objoid = any (ours))
    or exists (
      select from pg_constraint as k
      where d.classoid = 'pg_constraint'::regclass and k.oid = d.objoid
        and k.connamespace = any (ours))
    or exists (
      select from pg_trigger as t join pg_class as c on c.oid = t.tgrelid
      where d.classoid = 'pg_trigger'::regclass and t.oid = d.objoid
        and c.relnamespace = any (ours))
    or exists (
      select from pg_policy as p join pg_class as c on c.oid = p.polrelid
      where d.classoid = 'pg_policy'::regclass and p.oid = d.objoid
        and c.relnamespace = any (ours)));
end
$body$;
comment on function maintenance.objects() is
  'Every object of ours and every unknown one, each with its definition: what the record is made of.';
