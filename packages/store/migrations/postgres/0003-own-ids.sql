-- oldest code: 3

-- Whether voters are stored under an id of this poll alone. Where votes may be stored by the voters' own ids already
-- they go on so, because a voter has to be found again. Older code would store the same voter by the other id once more.
ALTER TABLE polls ADD COLUMN own_ids boolean NOT NULL DEFAULT false;
