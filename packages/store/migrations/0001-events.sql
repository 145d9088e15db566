-- The event log. Everything else that Candor knows of a run is a fold over these rows.
create table candor.events (
  run text not null,
  seq integer not null check (seq > 0),
  -- milliseconds since the epoch
  at bigint not null,
  type text not null,
  -- sha256 of the event before, and of this one (src/chain/chain.ts)
  prev bytea not null,
  hash bytea not null,
  -- AES-256-GCM with the run's key: compressing it again would only cost time
  payload bytea not null,
  primary key (run, seq)
);
alter table candor.events alter column payload set storage external;
