package sshtest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// KeyPair is an ssh key.
type KeyPair struct {
	Path    string // of the private key
	Private string
	Public  string // one line in the format of authorized_keys
}

// NewKey makes a key of a type that ssh-keygen knows.
func NewKey(t testing.TB, keyType string) KeyPair { return newKey(t, keyType, "") }

// NewEncryptedKey makes an ed25519 key with a passphrase.
func NewEncryptedKey(t testing.TB, passphrase string) KeyPair {
	return newKey(t, "ed25519", passphrase)
}

func newKey(t testing.TB, keyType, passphrase string) KeyPair {
	t.Helper()
	path := filepath.Join(t.TempDir(), "key")
	command := exec.Command("ssh-keygen", "-q", "-t", keyType, "-N", passphrase, "-C", "", "-f", path)
	if output, err := command.CombinedOutput(); err != nil {
		t.Fatalf("ssh-keygen: %v\n%s", err, output)
	}
	return KeyPair{Path: path, Private: readFile(t, path), Public: strings.TrimSpace(readFile(t, path+".pub"))}
}

func readFile(t testing.TB, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
