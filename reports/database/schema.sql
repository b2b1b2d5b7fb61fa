-- Results of spotmix, a run for each scenario simulated. Times in seconds, money in US dollars; unknown is NULL.
-- Amounts of single replications and bills are also there as integers of nano-dollars, which sum exactly.

CREATE TABLE run (
  run INTEGER PRIMARY KEY,
  recorded_utc TEXT NOT NULL,      -- when the run was appended
  spotmix_version TEXT NOT NULL,
  scenario TEXT NOT NULL,
  description TEXT NOT NULL,
  seed TEXT NOT NULL,              -- as text: it may not fit a signed integer
  replications INTEGER NOT NULL,
  deadline_s REAL,
  budget_usd REAL,
  result_json TEXT NOT NULL        -- the whole result, as result.json has it: `spotmix report` reads it
) STRICT;

CREATE TABLE mix (
  run INTEGER NOT NULL REFERENCES run,
  mix INTEGER NOT NULL,            -- from 0, in the order of the scenario
  name TEXT NOT NULL,
  feasible INTEGER NOT NULL,
  infeasible_reason TEXT,
  on_pareto_front INTEGER NOT NULL,
  fingerprint TEXT,
  PRIMARY KEY (run, mix)
) STRICT, WITHOUT ROWID;

CREATE TABLE metric (
  run INTEGER NOT NULL,
  mix INTEGER NOT NULL,
  metric TEXT NOT NULL,            -- path in the mix's object of the result, such as cost_usd.p95
  value REAL,
  PRIMARY KEY (run, mix, metric),
  FOREIGN KEY (run, mix) REFERENCES mix
) STRICT, WITHOUT ROWID;

CREATE TABLE threshold (
  run INTEGER NOT NULL REFERENCES run,
  mix TEXT NOT NULL,
  metric TEXT NOT NULL,
  min REAL,
  max REAL,
  value REAL,
  met INTEGER NOT NULL
) STRICT;

-- Every replication of every feasible mix.
CREATE TABLE replication (
  run INTEGER NOT NULL,
  mix INTEGER NOT NULL,
  replication INTEGER NOT NULL,
  time_to_train_s REAL,            -- NULL: it did not finish
  cost_usd REAL NOT NULL,
  cost_nano_usd INTEGER NOT NULL,
  interruptions INTEGER NOT NULL,
  goodput REAL NOT NULL,
  fingerprint TEXT NOT NULL,
  PRIMARY KEY (run, mix, replication),
  FOREIGN KEY (run, mix) REFERENCES mix
) STRICT, WITHOUT ROWID;

-- The bill of the replication that was replayed (--out, --replay).
CREATE TABLE bill (
  run INTEGER NOT NULL,
  mix INTEGER NOT NULL,
  replication INTEGER NOT NULL,
  item TEXT NOT NULL,              -- what the line charges for: instance, storage, cross_zone_transfer, …
  instance INTEGER,                -- NULL, as its pool below, where the line is for the whole job
  instance_type TEXT,
  zone TEXT,
  purchase TEXT,
  from_utc TEXT NOT NULL,
  to_utc TEXT NOT NULL,
  quantity_s REAL NOT NULL,
  unit_price_usd_per_h REAL NOT NULL,
  amount_usd REAL NOT NULL,
  amount_nano_usd INTEGER NOT NULL,
  FOREIGN KEY (run, mix) REFERENCES mix
) STRICT;

-- The figures most asked for, side by side.
CREATE VIEW summary AS
SELECT run.run, recorded_utc, scenario, mix.name AS mix,
  max(value) FILTER (WHERE metric = 'cost_usd.mean') AS cost_usd_mean,
  max(value) FILTER (WHERE metric = 'cost_usd.p95') AS cost_usd_p95,
  max(value) FILTER (WHERE metric = 'time_to_train_s.mean') AS time_to_train_s_mean,
  max(value) FILTER (WHERE metric = 'time_to_train_s.p95') AS time_to_train_s_p95,
  max(value) FILTER (WHERE metric = 'on_time_probability') AS on_time_probability,
  max(value) FILTER (WHERE metric = 'interruptions.mean') AS interruptions_mean,
  max(value) FILTER (WHERE metric = 'finished_fraction') AS finished_fraction
FROM run JOIN mix USING (run) LEFT JOIN metric USING (run, mix)
GROUP BY run.run, mix.mix;

PRAGMA application_id = 1936747896;
PRAGMA user_version = 1;
