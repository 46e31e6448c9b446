-- The protocol document whose hash is committed, and the sites: for labels, the code break and the supply. Not secret.
ALTER TABLE study ADD COLUMN document text;
ALTER TABLE study ADD COLUMN sites text NOT NULL DEFAULT '[]';
