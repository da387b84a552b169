package sshtest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// StartAgent runs an ssh-agent that holds keys until the test ends, and gives its socket.
func StartAgent(t testing.TB, keys ...KeyPair) (socket string) {
	t.Helper()
	dir, err := os.MkdirTemp("", "agent")
	if err != nil {
		t.Fatal(err)
	}
	socket = filepath.Join(dir, "socket")
	agent := exec.Command("ssh-agent", "-D", "-a", socket)
	if err := agent.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = agent.Process.Kill()
		_ = agent.Wait()
		_ = os.RemoveAll(dir)
	})
	awaitSocket(t, socket)
	for _, key := range keys {
		add := exec.Command("ssh-add", "-q", key.Path)
		add.Env = append(os.Environ(), "SSH_AUTH_SOCK="+socket)
		if output, err := add.CombinedOutput(); err != nil {
			t.Fatalf("ssh-add: %v\n%s", err, output)
		}
	}
	return socket
}

func awaitSocket(t testing.TB, socket string) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if connection, err := net.Dial("unix", socket); err == nil {
			_ = connection.Close()
			return
		}
	}
	t.Fatal("ssh-agent does not start")
}
