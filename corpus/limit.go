package corpus

import "context"

// limited reports whether the articles are counted, which needs the chunks to
// take their turns: there is one feeder, and each chunk waits for the one before
// it when it has found out how many articles it holds.
func (c *Corpus) limited() bool { return c.opts.Limit > 0 }

// unlimited is how many articles may be handed on where they aren't counted.
const unlimited = int(^uint(0) >> 1)

// take says how many of the articles in k may be handed on; count returns how
// many there are and is called only where it matters. 0 means that the reading
// is over before k, and that nothing is told of k. A chunk without an article
// may still tell its problems while there is a place left.
func (c *Corpus) take(ctx context.Context, k chunk, count func() int) int {
	if k.after == nil {
		return unlimited
	}
	n := count()
	if k.before != nil {
		select {
		case <-k.before:
		case <-ctx.Done():
			return 0
		}
	}
	defer close(k.after)
	left := c.left
	c.left -= min(n, left)
	if c.left == 0 {
		c.enough()
	}
	return left
}
