-- The root key, under the vault key. Data keys, trails, labels and tokens follow from the root key, so that another vault
-- key changes this one row and nothing else.
CREATE TABLE root_key (
  one        boolean PRIMARY KEY DEFAULT true CHECK (one),
  wrapped    bytea NOT NULL,
  wrapped_at timestamptz(3) NOT NULL
);
