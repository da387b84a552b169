package remote

import (
	"bytes"
	"errors"
	"fmt"
	"net"

	"golang.org/x/crypto/ssh"
)

// expectedHostKey is the key that a server has to prove to own.
type expectedHostKey struct{ key ssh.PublicKey }

func parseHostKey(text string) (*expectedHostKey, error) {
	key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(text))
	if err != nil {
		return nil, errors.New("connection.hostKey is not a public key in the format of authorized_keys " +
			"(\"ssh-ed25519 AAAA…\"): take the line from the server's /etc/ssh/ssh_host_ed25519_key.pub")
	}
	return &expectedHostKey{key}, nil
}

// algorithms are the signatures that prove the key. An RSA key has three, and servers no longer offer the oldest.
func (e *expectedHostKey) algorithms() []string {
	if e.key.Type() == ssh.KeyAlgoRSA {
		return []string{ssh.KeyAlgoRSASHA512, ssh.KeyAlgoRSASHA256}
	}
	return []string{e.key.Type()}
}

func (e *expectedHostKey) check(address string, _ net.Addr, presented ssh.PublicKey) error {
	if bytes.Equal(presented.Marshal(), e.key.Marshal()) {
		return nil
	}
	return &hostKeyError{fmt.Sprintf("host key mismatch: %s presented %s, connection.hostKey is %s: "+
		"another machine may be answering; nothing was sent to it", address, fingerprint(presented), fingerprint(e.key))}
}

// hostKeyError is a server's failure to prove its identity.
type hostKeyError struct{ message string }

func (e *hostKeyError) Error() string { return e.message }

func fingerprint(key ssh.PublicKey) string { return key.Type() + " " + ssh.FingerprintSHA256(key) }
