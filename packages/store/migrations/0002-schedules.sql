-- What is to be started again and again, such as re-audits.
create table candor.schedules (
  id text primary key,
  every_ms bigint not null check (every_ms > 0),
  -- milliseconds since the epoch
  next_at bigint not null,
  -- sealed with the master key
  payload bytea not null
);
