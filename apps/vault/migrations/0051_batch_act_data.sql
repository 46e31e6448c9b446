-- What an act was judged from, such as a logger's readings, apart from what was found: who packs a kit reads every finding and
-- none of these.
ALTER TABLE batch_act ADD COLUMN sealed_request bytea;
