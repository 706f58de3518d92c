create or replace function api.log_half_evidence(
  p_z double precision, p_wide double precision, p_spread double precision
) returns double precision
  language sql immutable parallel safe
-- One of the mixtures of api.log_evidence: p_wide is the variance of its half-normal prior.
return 0.5 * ln(p_wide / (p_wide + p_spread)) + case
  -- Where erfc would underflow: its leading term.
  when p_z > 25 then -ln(p_z * 1.7724538509055159) else p_z * p_z + ln(erfc(p_z)) end;
comment on function api.log_half_evidence(double precision, double precision, double precision) is
  'Logarithm of one mixture of api.log_evidence.';
