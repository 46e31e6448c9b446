-- A salt in clear beside a commitment lets anyone who has a copy of this database try the few payloads there can be, and
-- so learn every arm without the key. Salts follow from the study's trail key and are not stored.
ALTER TABLE trail DROP COLUMN salt;
-- Rewrites the table, so that the dropped values are gone from the disk and not only from sight.
ALTER TABLE trail ALTER COLUMN seq TYPE bigint;
ALTER TABLE trail ALTER COLUMN seq TYPE integer;

-- Not unique by itself: requests of one study are in order by the lock on its row.
CREATE INDEX allocation_request ON allocation (study_id, request_id);

-- Which batch each intervention of a packed kit came from, under the study's data key.
ALTER TABLE allocation ADD COLUMN sealed_packing bytea;
