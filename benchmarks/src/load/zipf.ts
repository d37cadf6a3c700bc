/**
 * Draws places from 0 on, of which the n-th is drawn as often as 1/n says (Zipf, exponent 1): a few polls of large rooms have
 * most of the votes.
 *
 * @param random from 0 to below 1
 */
export function createZipf(count: number, random: () => number = Math.random): () => number {
  let sum = 0;
  const upTo = Array.from({ length: count }, (_, place) => {
    sum += 1 / (place + 1);
    return sum;
  });
  return () => {
    const drawn = random() * sum;
    let low = 0;
    let high = count - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((upTo[middle] as number) > drawn) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}
