-- depends: 0015_documents
-- squawk-ignore-file ban-drop-view
-- How many records of a kind stand in a state, and how many changes are open, by operator: one row each,
-- so that overviews of operators are sorted and cut into pages by an index, however many there are.
-- squawk-ignore-file require-concurrent-index-creation, prefer-robust-stmts, ban-drop-function
-- squawk-ignore-file require-timeout-settings
set local lock_timeout = '10s';

create table registry.operator_count (
  operator_id integer not null,
  kind text not null,
  state text not null,
  record_count bigint not null,
  primary key (operator_id, kind, state)
);
create index operator_count_number on registry.operator_count (kind, state, record_count, operator_id);
comment on table registry.operator_count is
  'How many present records of each operator, kind and state, and how many open changes: exact at commit.';

insert into registry.operator_count (operator_id, kind, state, record_count)
select operator_id, kind, state, sum(record_count) as record_count
from registry.entry_count group by 1, 2, 3;
insert into registry.operator_count (operator_id, kind, state, record_count)
select operator_id, 'change' as kind, 'open' as state, count(*) as record_count from registry.change
where operator_id is not null and state in ('submitted', 'in_review', 'returned') group by 1;
-- An operator without any is found in its place too.
insert into registry.operator_count (operator_id, kind, state, record_count)
select o.id as operator_id, p.kind, p.state, 0 as record_count
from registry.operator as o
cross join (values
  ('licence', 'active'), ('venue', 'active'), ('website', 'active'), ('mobile_application', 'active'),
  ('equipment', 'installed'), ('game', 'active'), ('change', 'open')
) as p (kind, state)
on conflict do nothing;

-- Counts of one kind.
create index entry_count_kind on registry.entry_count (kind);

-- Words of one or two letters, in which there is no trigram: the letters of a text and its pairs of letters,
-- those that begin at every second letter and those between. Searches name this very expression
-- (api.registry_conditions).
create index entry_letters on registry.entry using gin (
  kind public.text_ops,
  (
    string_to_array(search_text, null)
    || string_to_array(regexp_replace(search_text, '(..)', '\1 ', 'g'), ' ')
    || string_to_array(regexp_replace(' ' || search_text, '(..)', '\1 ', 'g'), ' ')
  )
) where recorded_until = 'infinity';

-- New parameters make new functions.
drop function if exists api.registry_conditions(text, jsonb, text, timestamptz, text);
drop function if exists api.operators_at_a_glance();
drop function if exists api.registry_list(
  text, jsonb, text, text, boolean, text, boolean, integer, timestamptz
);
drop function if exists api.registry_facets(text, jsonb, text, timestamptz);
