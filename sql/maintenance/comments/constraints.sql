-- Why the rules are there.

comment on constraint ck_job_name on maintenance.job is 'The name of a procedure.';
comment on constraint ck_job_every on maintenance.job is 'The runner is no timer for seconds.';
comment on constraint ck_job_at_time on maintenance.job is
  'A time of day makes sense for daily jobs.';
comment on constraint ck_job_next_run_at on maintenance.job is 'A job on demand is never due.';
comment on constraint ck_job_failure_count on maintenance.job is 'Counts.';

comment on constraint ck_run_outcome on maintenance.run is 'The outcomes there are.';
comment on constraint ck_run_ended_at on maintenance.run is 'A run that ended says when.';

comment on constraint ck_setting_singleton on maintenance.setting is 'One row.';
comment on constraint ck_setting_keep_days on maintenance.setting is
  'Thirteen months at least: a report over a year back can be followed to its transactions.';
comment on constraint ck_setting_chunks_ahead on maintenance.setting is
  'A day at least; each empty chunk costs planning time.';
comment on constraint ck_setting_keep_sessions_days on maintenance.setting is
  'At least the day it ended.';

comment on constraint ck_setting_keep_player_months on maintenance.setting is
  'A quarter and the month after it at least: they are counted from accounts.';
comment on constraint ck_applied_file_sha256 on maintenance.applied_file is 'SHA-256 has 32 bytes.';
comment on constraint ck_setting_keep_exports_hours on maintenance.setting is
  'From an hour to a year.';
