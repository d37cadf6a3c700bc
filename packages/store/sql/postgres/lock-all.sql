-- In the order in which votes are recorded, so that nobody waits for each other.
LOCK TABLE votes, tallies, timeline, pipeline, polls, rooms IN ACCESS EXCLUSIVE MODE
