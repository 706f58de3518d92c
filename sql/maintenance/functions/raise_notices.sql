create or replace procedure maintenance.raise_notices(p_run bigint, inout p_rows bigint)
  language plpgsql
as $body$
-- Job: what time alone brings to people's notice. No SET clause: it would forbid COMMIT.
begin
  p_rows := maintenance.raise_expiring();
  commit;
  if maintenance.stop_asked(p_run) then
    return;
  end if;
  p_rows := p_rows + maintenance.raise_returned();
  commit;
  if maintenance.stop_asked(p_run) then
    return;
  end if;
  p_rows := p_rows + maintenance.raise_missing();
  commit;
end
$body$;
comment on procedure maintenance.raise_notices(bigint, bigint) is -- noqa: LT01
  'Job: notices of terms that end, applications that were returned, days without data.';
