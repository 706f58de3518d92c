create or replace function api.checkpoints(
  p_before bigint default null,
  p_limit integer default 20
) returns table (
  size bigint,
  root bytea,
  signed_at timestamptz,
  note text,
  cosignatures jsonb,
  timestamps jsonb,
  quorum_met_at timestamptz,
  policy text
)
  language plpgsql stable
  set search_path = pg_catalog, pg_temp
as $body$
-- Checkpoints from the newest on, those smaller than p_before alone; who cosigned each
-- ([{witness, cosigned_at}]), who stamped its time ([{authority, stamped_at}]), when there was a
-- quorum, and the policy of that quorum; without one, the policy in force.
begin
  return query
    select
      c.size, c.root, c.signed_at, c.note,
      (
        select coalesce(
          jsonb_agg(
            jsonb_build_object('witness', w.witness, 'cosigned_at', w.cosigned_at)
            order by w.cosigned_at, w.witness),
          '[]')
        from api.cosignature as w where w.size = c.size
      ),
      (
        select coalesce(
          jsonb_agg(
            jsonb_build_object('authority', t.authority, 'stamped_at', t.stamped_at)
            order by t.stamped_at, t.authority),
          '[]')
        from api.timestamp_token as t where t.size = c.size
      ),
      q.met_at,
      (
        select p.policy from api.trust_policy as p
        where q.policy_id is null or p.id = q.policy_id order by p.id desc limit 1
      )
    from api.checkpoint as c
    left join api.quorum as q on c.size = q.size
    where p_before is null or c.size < p_before
    order by c.size desc
    limit least(p_limit, 200);
end
$body$;
comment on function api.checkpoints(bigint, integer) is
  'Published checkpoints, newest first, with what witnesses and time-stamping authorities signed.';
