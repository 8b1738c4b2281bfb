package serve

import (
	"crypto/sha256"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
	"strings"
)

// guarded puts before next what is asked of every request: that it names this server,
// and comes from no page of another site.
func (s *Server) guarded(next http.Handler) http.Handler {
	foreign := http.NewCrossOriginProtection()
	guarded := s.answered(func(w http.ResponseWriter, r *http.Request) error {
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Cache-Control", "no-store")
		h.Set("Referrer-Policy", "no-referrer")
		if s.token == "" && !named(r) {
			return problem(http.StatusMisdirectedRequest, "a server without a token that listens on a loopback address is asked by a loopback name; the header Host has another")
		}
		if err := foreign.Check(r); err != nil {
			return problem(http.StatusForbidden, "a page of another site may not ask this")
		}
		next.ServeHTTP(w, r)
		return nil
	})
	return s.logged(guarded)
}

// loopbackNames lets those requests through that came to a loopback address by the name
// of one, and those that came to another address.
func loopbackNames(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !named(r) {
			problem(http.StatusMisdirectedRequest, "the header Host names no loopback address").write(w, "")
			return
		}
		next.ServeHTTP(w, r)
	})
}

// named reports whether r names the server as it was reached: a request that came to a
// loopback address must name one. A page that has made its own name point to this machine
// can't (DNS rebinding).
func named(r *http.Request) bool {
	local, ok := r.Context().Value(http.LocalAddrContextKey).(net.Addr)
	if !ok || !loopback(local.String()) {
		return true
	}
	return loopback(r.Host)
}

// loopback reports whether a host, with a port or without, is this machine alone.
func loopback(host string) bool {
	if h, _, err := net.SplitHostPort(host); err == nil {
		host = h
	}
	if strings.EqualFold(strings.TrimSuffix(host, "."), "localhost") {
		return true
	}
	addr, err := netip.ParseAddr(strings.Trim(host, "[]"))
	return err == nil && addr.Unmap().IsLoopback()
}

// authorized fails unless r brings the token, if there is one: as a bearer token or,
// for a browser, as the password of basic authentication with any user name.
func (s *Server) authorized(w http.ResponseWriter, r *http.Request, browser bool) error {
	if s.token == "" {
		return nil
	}
	scheme, given, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		_, given, _ = r.BasicAuth()
	}
	// Hashes have one length, so that comparing tells nothing of the token's.
	want, got := sha256.Sum256([]byte(s.token)), sha256.Sum256([]byte(given))
	if subtle.ConstantTimeCompare(want[:], got[:]) == 1 {
		return nil
	}
	challenge := `Bearer realm="chaff"`
	if browser {
		challenge = `Basic realm="chaff: any name, and the token as the password", charset="UTF-8"`
	}
	w.Header().Set("WWW-Authenticate", challenge)
	return problem(http.StatusUnauthorized, "the token is missing or wrong")
}
