-- What the columns hold.

comment on column maintenance.job.name is 'Also the name of its procedure in this schema.';
comment on column maintenance.job.every is 'Interval; null for a job that runs on demand only.';
comment on column maintenance.job.at_time is 'Time of day in Kyiv, for daily ones.';
comment on column maintenance.job.paused is 'Left out until resumed.';
comment on column maintenance.job.prompt is
  'Done beside the others: it may not wait until a long one has ended.';
comment on column maintenance.job.next_run_at is 'When it is due; null for one on demand.';
comment on column maintenance.job.failure_count is
  'Failures in a row, which lengthen the pause before the next attempt.';

comment on column maintenance.run.id is 'In the order of starting.';
comment on column maintenance.run.job is 'Which job.';
comment on column maintenance.run.started_at is 'When it started.';
comment on column maintenance.run.ended_at is 'When it ended; null while it runs.';
comment on column maintenance.run.outcome is
  'running, done, alarm (done, with findings), failed, stopped (on request), interrupted (its '
  'process was cut off).';
comment on column maintenance.run.sqlstate is 'Of the error, when it failed.';
comment on column maintenance.run.row_count is
  'How much it did: chunks, days, sessions or differences.';
comment on column maintenance.run.stop_asked is 'Somebody asked it to stop after its step.';

comment on column maintenance.finding.id is 'In the order found.';
comment on column maintenance.finding.run_id is 'The run that found it.';
comment on column maintenance.finding.object is 'What is concerned.';
comment on column maintenance.finding.found is 'What is wrong with it, in a sentence.';
comment on column maintenance.finding.detail is 'Both sides of the difference.';

comment on column maintenance.setting.singleton is 'There is one row.';
comment on column maintenance.setting.keep_days is
  'Days that the ledger keeps its transactions; null keeps them for ever.';
comment on column maintenance.setting.chunks_ahead is 'Days for which chunks are made ahead.';
comment on column maintenance.setting.keep_sessions_days is 'Days that an ended session is kept.';
comment on column maintenance.setting.keep_player_months is
  'Months that accounts of players are kept; their counts stay.';
comment on column maintenance.setting.drop_unarchived is
  'Whether retention may drop days that no archive holds: their rows are gone for good.';

comment on column maintenance.recorded_object.kind is 'Kind of object.';
comment on column maintenance.recorded_object.name is 'Its name with schema.';
comment on column maintenance.recorded_object.definition is
  'Its definition as the last migrate left it.';
comment on column maintenance.recorded_object.recorded_at is 'When this definition was recorded.';

comment on column maintenance.applied_file.path is 'Path in the source tree.';
comment on column maintenance.applied_file.sha256 is 'SHA-256 of the text that was run.';
comment on column maintenance.applied_file.applied_at is 'When.';
comment on column maintenance.setting.keep_exports_hours is
  'How long a file that was made while nobody waited can be taken.';
comment on column maintenance.setting.cash_from is
  'Closed days from this one on are counted by amount; set to an earlier day, those before it are, too.';
