-- One index for all that has not gone out: what waits, and what is held until the customer writes.
DROP INDEX messages_outbox;
DROP INDEX messages_waiting;
CREATE INDEX messages_unsent ON messages (contact, seq)
    WHERE status IN ('held', 'pending', 'sending');
