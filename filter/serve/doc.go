// Package serve answers over HTTP what package filter tells of articles: JSON for
// programs, and a page for a person who pastes an article.
//
// What there is to ask is declared once, in the table of routes; the OpenAPI document at
// /openapi.json is made from that table and from the Go types it names. Errors are
// problem details (RFC 9457).
//
// # What bounds it
//
// A request takes a seat before its body is read, and a slot before it is worked on.
// Where no seat is free it is turned away at once, with 503 and Retry-After. Seats times
// the largest body bound the memory of what waits, slots times what one article needs
// that of the work. Bodies, articles, and the time of a request are limited; of a bulk
// stream each line is, and the stream is read no faster than its answers are taken. The
// articles that a stream submits are judged in its order.
//
// # Who may ask
//
// Without a token everyone may who reaches the address. Then a request must name the
// server by a loopback name or address if it came to one, so that no page of another
// site can reach it through a name of its own. With or without a token, requests that a
// browser makes for another site are refused.
package serve
