-- Bands of amounts, in minor units of a report's currency, by the day from which they hold: our own choice,
-- no rule of law. A set that was ever in force stays here, as what was counted refers to it; another is added
-- below with ids of its own and the day from which it holds, and its days are counted anew by themselves.
delete from report.amount_band;
insert into report.amount_band (id, valid_from, from_minor, until_minor) values
  (101, '2000-01-01', 0, 10000),
  (102, '2000-01-01', 10000, 50000),
  (103, '2000-01-01', 50000, 100000),
  (104, '2000-01-01', 100000, 500000),
  (105, '2000-01-01', 500000, 2000000),
  (106, '2000-01-01', 2000000, 5000000),
  (107, '2000-01-01', 5000000, null);
