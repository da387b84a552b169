package sshtest

import (
	"net"
	"path/filepath"
	"testing"
)

func TestAPortThatSomebodyElseHasTakenIsNoneToListenOn(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = taken.Close() }()
	dir := t.TempDir()
	server := &Server{
		Host: "127.0.0.1", Port: taken.Addr().(*net.TCPAddr).Port, log: filepath.Join(dir, "sshd.log"),
		HostKey: NewKey(t, "ed25519"), Client: NewKey(t, "ed25519"),
	}
	if server.run(t, server.configure(t, dir, settings{})) {
		t.Fatal("it was taken for listening")
	}
}
