// A TLS client and server on Go's crypto/tls, for the interop tests: it says in its own words what a handshake was.
package main

import (
	"bufio"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"flag"
	"fmt"
	"io"
	"log"
	"net"
	"net/textproto"
	"os"
	"strings"
)

type options struct {
	listen, connect   bool
	address, ca       string
	certs, keys       string
	ticketKeys        string
	suite, group      string
	allVersions, alpn bool
	tickets           bool
	connections       int
	clientCert        string
}

func main() {
	log.SetFlags(0)
	var o options
	flag.BoolVar(&o.listen, "listen", false, "be a server")
	flag.BoolVar(&o.connect, "connect", false, "be a client")
	flag.StringVar(&o.address, "address", "127.0.0.1:0", "where")
	flag.StringVar(&o.ca, "ca", "", "PEM file of the roots that the peer is verified with")
	flag.StringVar(&o.certs, "cert", "", "PEM files of the certificate chains, separated by commas")
	flag.StringVar(&o.keys, "key", "", "PEM files of their keys")
	flag.StringVar(&o.ticketKeys, "ticket-keys", "", "names of ticket keys, separated by commas; the first seals")
	flag.StringVar(&o.suite, "suite", "", "the only cipher suite")
	flag.StringVar(&o.group, "group", "", "the only group")
	flag.BoolVar(&o.tickets, "tickets", true, "use session tickets")
	flag.BoolVar(&o.allVersions, "all-versions", false, "speak TLS 1.3 too")
	flag.BoolVar(&o.alpn, "alpn", false, "negotiate http/1.1 by ALPN")
	flag.IntVar(&o.connections, "connections", 1, "how often to connect, one connection after the other")
	flag.StringVar(&o.clientCert, "client-cert", "None", "None, Optional or Required: whether to ask for a client certificate")
	flag.Parse()
	var err error
	switch {
	case o.listen:
		err = serve(o)
	case o.connect:
		err = connect(o)
	default:
		flag.Usage()
		os.Exit(2)
	}
	if err != nil {
		log.Fatal("failed: ", err)
	}
}

func config(o options) (*tls.Config, error) {
	c := &tls.Config{MinVersion: tls.VersionTLS12, MaxVersion: tls.VersionTLS12, SessionTicketsDisabled: !o.tickets, ServerName: "localhost"}
	if o.allVersions {
		c.MaxVersion = tls.VersionTLS13
	}
	if o.alpn {
		c.NextProtos = []string{"http/1.1"}
	}
	if o.ca != "" {
		pem, err := os.ReadFile(o.ca)
		if err != nil {
			return nil, err
		}
		c.RootCAs = x509.NewCertPool()
		c.RootCAs.AppendCertsFromPEM(pem)
		c.ClientCAs = c.RootCAs
	}
	if o.certs != "" {
		keys := strings.Split(o.keys, ",")
		for i, cert := range strings.Split(o.certs, ",") {
			pair, err := tls.LoadX509KeyPair(cert, keys[i])
			if err != nil {
				return nil, err
			}
			c.Certificates = append(c.Certificates, pair)
		}
	}
	for _, suite := range tls.CipherSuites() {
		if suite.Name == o.suite {
			c.CipherSuites = []uint16{suite.ID}
		}
	}
	groups := map[string]tls.CurveID{"X25519": tls.X25519, "P-256": tls.CurveP256, "P-384": tls.CurveP384, "P-521": tls.CurveP521}
	if o.group != "" {
		c.CurvePreferences = []tls.CurveID{groups[o.group]}
	}
	return c, nil
}

func serve(o options) error {
	c, err := config(o)
	if err != nil {
		return err
	}
	if o.ticketKeys != "" {
		var keys [][32]byte
		for _, name := range strings.Split(o.ticketKeys, ",") {
			keys = append(keys, sha256.Sum256([]byte(name)))
		}
		c.SetSessionTicketKeys(keys)
	}
	switch o.clientCert {
	case "Optional":
		c.ClientAuth = tls.VerifyClientCertIfGiven
	case "Required":
		c.ClientAuth = tls.RequireAndVerifyClientCert
	}
	listener, err := net.Listen("tcp", o.address)
	if err != nil {
		return err
	}
	fmt.Println("listening at", listener.Addr())
	for {
		conn, err := listener.Accept()
		if err != nil {
			return err
		}
		go answer(tls.Server(conn, c))
	}
}

func answer(conn *tls.Conn) {
	defer conn.Close()
	if err := conn.Handshake(); err != nil {
		fmt.Println("handshake failed:", err)
		return
	}
	reader := textproto.NewReader(bufio.NewReader(conn))
	for {
		line, err := reader.ReadLine()
		if err != nil {
			return
		}
		if line == "" {
			break
		}
	}
	words := describe(conn)
	fmt.Println(words)
	fmt.Fprintf(conn, "HTTP/1.0 200 OK\r\nContent-Length: %d\r\n\r\n%s\n", len(words)+1, words)
}

func connect(o options) error {
	c, err := config(o)
	if err != nil {
		return err
	}
	c.ClientSessionCache = tls.NewLRUClientSessionCache(8)
	for i := 0; i < o.connections; i++ {
		if err := get(o.address, c); err != nil {
			return err
		}
	}
	return nil
}

func get(address string, c *tls.Config) error {
	conn, err := tls.Dial("tcp", address, c)
	if err != nil {
		return err
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"); err != nil {
		return err
	}
	if _, err := io.ReadAll(conn); err != nil {
		return err
	}
	fmt.Println(describe(conn))
	return nil
}

func describe(conn *tls.Conn) string {
	state := conn.ConnectionState()
	return fmt.Sprintf("DidResume=%t CipherSuite=%s PeerCertificates=%d NegotiatedProtocol=%s",
		state.DidResume, tls.CipherSuiteName(state.CipherSuite), len(state.PeerCertificates), state.NegotiatedProtocol)
}
