create or replace view api.game with (security_invoker = true) as
select
  id, operator_id, code, title, provider, gambling_type_id, declared_rtp_ppm, declared_sigma_ppm,
  active_from, active_until, certificate, software_sha256, version
from registry.game;
comment on view api.game is 'Games offered.';
