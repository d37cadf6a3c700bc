-- Nobody records while tallies are mended; reading goes on.
LOCK TABLE votes, tallies IN SHARE ROW EXCLUSIVE MODE
