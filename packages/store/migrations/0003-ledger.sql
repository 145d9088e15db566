create table candor.ledger (
  id bigint generated always as identity primary key,
  stream text not null,
  run text,
  at bigint not null,
  payload bytea not null
);
create index ledger_stream on candor.ledger (stream, id);
create index ledger_run on candor.ledger (run) where run is not null;
