-- The trace that work belongs to, W3C Trace Context (https://www.w3.org/TR/trace-context/), kept for those who go on with
-- it: the relay and the sender. Only where that trace is recorded (its flag is 01), so that most rows hold null, which costs
-- nothing. It comes from the transaction, as the tenant does: whoever writes a row need not know of traces.
alter table invite_batches add column traceparent text default nullif(current_setting('flywheel.traceparent', true), '')
  check (traceparent ~ '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$');
alter table outbox add column traceparent text default nullif(current_setting('flywheel.traceparent', true), '')
  check (traceparent ~ '^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-01$');
