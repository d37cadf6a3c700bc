import { follow } from './connection.ts';

/** Goes to the results of the next poll when there is one. */
const following = follow({
  results({ poll }) {
    if (poll === null) return;
    following.stop();
    setTimeout(() => location.reload(), Math.random() * 2_000);
  },
  history() {},
  lost() {},
});
