package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"io"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// certificate makes a certificate for 127.0.0.1 that vouches for itself, and returns its
// files and who trusts it.
func certificate(t *testing.T) (cert, key string, trust *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "chaff"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, private.Public(), private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	trust = x509.NewCertPool()
	trust.AddCert(parsed)
	return cert, key, trust
}

// With a certificate the server speaks TLS 1.2 or later and nothing else, and with a token
// answers those alone who bring it. The token is in no log.
func TestServeOverTLS(t *testing.T) {
	cert, key, trust := certificate(t)
	const token = "correct horse battery staple"
	tokenFile := filepath.Join(t.TempDir(), "token")
	if err := os.WriteFile(tokenFile, []byte(token+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := startServe(t, t.TempDir(), "--tls-cert", cert, "--tls-key", key, "--token-file", tokenFile)
	if !strings.HasPrefix(s.url, "https://127.0.0.1:") {
		t.Fatalf("it serves on %s", s.url)
	}
	ask := func(url, bearer string, c *tls.Config) (int, error) {
		client := &http.Client{Transport: &http.Transport{TLSClientConfig: c, DisableKeepAlives: true}}
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/v1/submit", strings.NewReader(record("a", "The storks are back in the valley.")))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		if bearer != "" {
			req.Header.Set("Authorization", "Bearer "+bearer)
		}
		resp, err := client.Do(req)
		if err != nil {
			return 0, err
		}
		defer resp.Body.Close()
		_, err = io.Copy(io.Discard, resp.Body)
		return resp.StatusCode, err
	}
	for bearer, want := range map[string]int{"": http.StatusUnauthorized, token + "r": http.StatusUnauthorized, token: http.StatusOK} {
		if status, err := ask(s.url, bearer, &tls.Config{RootCAs: trust}); status != want || err != nil {
			t.Errorf("token %q: %d, %v", bearer, status, err)
		}
	}
	if _, err := ask(s.url, token, &tls.Config{}); err == nil {
		t.Error("a client that does not trust the certificate is answered")
	}
	if _, err := ask(s.url, token, &tls.Config{RootCAs: trust, MaxVersion: tls.VersionTLS11}); err == nil {
		t.Error("it speaks TLS 1.1")
	}
	if status, err := ask("http"+strings.TrimPrefix(s.url, "https"), token, nil); status == http.StatusOK {
		t.Errorf("without TLS: %d, %v", status, err)
	}
	s.terminate(t, exitDone)
	if strings.Contains(s.log.String(), token) {
		t.Errorf("the log has the token:\n%s", s.log)
	}
	// A key of another certificate is none.
	other, _, _ := certificate(t)
	if code := run([]string{"serve", "--index", t.TempDir(), "--tls-cert", other, "--tls-key", key}, nil, io.Discard, io.Discard); code != exitUsage {
		t.Errorf("a key of another certificate: %d", code)
	}
}
