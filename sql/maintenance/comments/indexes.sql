-- What the indexes are for.

comment on index maintenance.finding_run is 'Findings of a run.';
comment on index maintenance.run_job is 'History of a job, newest last.';
