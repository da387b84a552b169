package remote

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"errors"
	"net"
	"strings"
	"testing"

	"golang.org/x/crypto/ssh"
)

// OpenSSH checks passwords against the accounts of the machine; so here, and only here, the server is one of Go's.
func TestLogsInByPasswordInBothWaysOfAskingForIt(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", "")
	check := func(given string) error {
		if given != "right" {
			return errors.New("wrong password")
		}
		return nil
	}
	for name, config := range map[string]*ssh.ServerConfig{
		"password": {PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			return nil, check(string(password))
		}},
		"keyboard-interactive": {KeyboardInteractiveCallback: func(
			_ ssh.ConnMetadata, ask ssh.KeyboardInteractiveChallenge,
		) (*ssh.Permissions, error) {
			answers, err := ask("", "", []string{"Password: "}, []bool{false})
			return nil, errors.Join(err, check(strings.Join(answers, ",")))
		}},
	} {
		connection := serve(t, config)
		for password, right := range map[string]bool{"right": true, "not-right": false} {
			connection.Password = &password
			link, err := connection.open(context.Background())
			if right && err != nil {
				t.Errorf("%s: %v", name, err)
			}
			if !right && (err == nil || !strings.Contains(err.Error(), "accepted none of: password")) {
				t.Errorf("%s: the error for a wrong password is %v", name, err)
			}
			if err == nil {
				link.close()
			}
		}
	}
}

// serve runs a server that accepts logins and nothing else.
func serve(t *testing.T, config *ssh.ServerConfig) Connection {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	config.AddHostKey(signer)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = listener.Close() })
	go func() {
		for {
			raw, err := listener.Accept()
			if err != nil {
				return
			}
			go func() { _, _, _, _ = ssh.NewServerConn(raw, config) }()
		}
	}()
	port := float64(listener.Addr().(*net.TCPAddr).Port)
	hostKey := string(ssh.MarshalAuthorizedKey(signer.PublicKey()))
	return Connection{Endpoint: Endpoint{Host: "127.0.0.1", Port: &port, HostKey: &hostKey}}
}
