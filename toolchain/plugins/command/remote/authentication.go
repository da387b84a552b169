package remote

import (
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// authentication is how a target is logged in to, in the order in which it is tried.
type authentication struct {
	methods []ssh.AuthMethod
	tried   []string
	agent   io.Closer
}

// authenticate prepares the ways to log in that the target's connection names. The agent of the environment is asked
// only when no private key is given; one that the connection names is always asked. Close the result.
func (t target) authenticate() (*authentication, error) {
	a := &authentication{}
	signers, err := t.key.signers()
	if err != nil {
		return nil, err
	}
	if len(signers) > 0 {
		a.tried = append(a.tried, "private key")
	}
	agentSigners, err := t.agentSigners(a, len(signers) > 0)
	if err != nil {
		a.close()
		return nil, err
	}
	if signers = append(signers, agentSigners...); len(signers) > 0 {
		a.methods = append(a.methods, ssh.PublicKeys(signers...))
	}
	a.addPassword(t.password)
	if len(a.methods) == 0 {
		a.close()
		return nil, fmt.Errorf("no way to log in as %s: give connection.privateKey or connection.password, "+
			"or start an ssh agent, load a key into it (ssh-add) and set SSH_AUTH_SOCK", t)
	}
	return a, nil
}

func (k keyText) signers() ([]ssh.Signer, error) {
	if k.pem == "" {
		return nil, nil
	}
	signer, err := ssh.ParsePrivateKey([]byte(k.pem))
	if k.passphrase != "" {
		signer, err = ssh.ParsePrivateKeyWithPassphrase([]byte(k.pem), []byte(k.passphrase))
	}
	var missing *ssh.PassphraseMissingError
	switch {
	case errors.As(err, &missing):
		return nil, errors.New("connection.privateKey is encrypted: give connection.privateKeyPassword")
	case err != nil:
		return nil, errors.New("connection.privateKey cannot be read: it has to be the whole text of a private key, " +
			"and connection.privateKeyPassword its passphrase if it has one")
	}
	return []ssh.Signer{signer}, nil
}

func (t target) agentSigners(a *authentication, haveKey bool) ([]ssh.Signer, error) {
	socket, named := t.agentSocket, t.agentSocket != ""
	if !named {
		socket = os.Getenv("SSH_AUTH_SOCK")
	}
	if socket == "" || (haveKey && !named) {
		return nil, nil
	}
	signers, err := a.askAgent(socket)
	if err != nil && (named || t.password == "") {
		return nil, fmt.Errorf("the ssh agent at %s cannot be used: %w", socket, err)
	}
	if len(signers) > 0 {
		a.tried = append(a.tried, fmt.Sprintf("%d keys of the ssh agent", len(signers)))
	}
	return signers, nil
}

func (a *authentication) askAgent(socket string) ([]ssh.Signer, error) {
	connection, err := net.Dial("unix", socket)
	if err != nil {
		return nil, err
	}
	a.agent = connection
	return agent.NewClient(connection).Signers()
}

func (a *authentication) addPassword(password string) {
	if password == "" {
		return
	}
	a.tried = append(a.tried, "password")
	a.methods = append(a.methods, ssh.Password(password), ssh.KeyboardInteractive(
		func(_, _ string, questions []string, _ []bool) ([]string, error) {
			answers := make([]string, len(questions))
			for i := range answers {
				answers[i] = password
			}
			return answers, nil
		}))
}

func (a *authentication) close() {
	if a.agent != nil {
		_ = a.agent.Close()
	}
}

// String lists what is tried, for errors.
func (a *authentication) String() string { return strings.Join(a.tried, ", ") }
