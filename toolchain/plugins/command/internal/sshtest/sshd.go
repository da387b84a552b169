// Package sshtest gives tests a real OpenSSH server and a real ssh agent on this machine.
package sshtest

import (
	"bytes"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// sshd has to be started by its absolute path.
const sshdPath = "/usr/sbin/sshd"

// privilegeSeparation is the empty folder that Debian's sshd insists on when it is started by root.
const privilegeSeparation = "/run/sshd"

// Server is a running sshd that listens on loopback.
type Server struct {
	Host    string
	Port    int
	User    string
	HostKey KeyPair // what it identifies itself with
	Client  KeyPair // what it accepts
	log     string
	pid     int
}

// Option changes the configuration of a server before it starts.
type Option func(*settings)

type settings struct {
	hostKeyType       string
	refuseEnvironment bool
	lines             []string
}

// WithHostKey makes the server identify itself by a key of another type than ed25519.
func WithHostKey(keyType string) Option { return func(s *settings) { s.hostKeyType = keyType } }

// WithoutEnvironment makes the server refuse every environment variable, as sshd does when it is not told otherwise.
func WithoutEnvironment() Option { return func(s *settings) { s.refuseEnvironment = true } }

// WithLine adds a line to sshd_config; it wins over the line that would be there without it.
func WithLine(line string) Option { return func(s *settings) { s.lines = append(s.lines, line) } }

// Start runs an sshd until the test ends.
func Start(t testing.TB, options ...Option) *Server {
	t.Helper()
	settings := settings{hostKeyType: "ed25519"}
	for _, option := range options {
		option(&settings)
	}
	current, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	server := &Server{
		Host: "127.0.0.1", User: current.Username, log: filepath.Join(dir, "sshd.log"),
		HostKey: NewKey(t, settings.hostKeyType), Client: NewKey(t, "ed25519"),
	}
	// Between our asking for a free port and sshd's taking it, another process can: tests of other packages run beside these.
	for try := 1; ; try++ {
		server.Port = freePort(t)
		if server.run(t, server.configure(t, dir, settings)) {
			return server
		}
		if try == 10 {
			t.Fatalf("sshd does not start:\n%s", server.Log(t))
		}
	}
}

func (s *Server) configure(t testing.TB, dir string, settings settings) (path string) {
	t.Helper()
	accepted := filepath.Join(dir, "authorized_keys")
	writeFile(t, accepted, s.Client.Public)
	lines := append(settings.lines, // first: sshd takes the first value that it finds
		"ListenAddress "+s.Host, fmt.Sprint("Port ", s.Port), "HostKey "+s.HostKey.Path,
		"AuthorizedKeysFile "+accepted, "StrictModes no", "PidFile none", "LogLevel VERBOSE",
		"PermitRootLogin yes", "PasswordAuthentication no", "KbdInteractiveAuthentication no", "UsePAM no", "UseDNS no",
		"Subsystem sftp internal-sftp",
		// A login shell's own files could print something or take long: the tests are not about those.
		"SetEnv HOME="+dir,
	)
	if !settings.refuseEnvironment {
		lines = append(lines, "AcceptEnv PULUMI_COMMAND_* ACCEPTED_*")
	}
	path = filepath.Join(dir, "sshd_config")
	writeFile(t, path, strings.Join(lines, "\n")+"\n")
	return path
}

// run starts it, and says whether it listens: false where somebody else has its port.
func (s *Server) run(t testing.TB, config string) bool {
	t.Helper()
	if os.Getuid() == 0 {
		if err := os.MkdirAll(privilegeSeparation, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	log, err := os.Create(s.log)
	if err != nil {
		t.Fatal(err)
	}
	sshd := exec.Command(sshdPath, "-D", "-e", "-f", config)
	sshd.Stderr = log
	if err := sshd.Start(); err != nil {
		t.Fatalf("the tests need OpenSSH's server (apt-get install openssh-server): %v", err)
	}
	s.pid = sshd.Process.Pid
	t.Cleanup(func() {
		s.signalSessions(killSignal)
		_ = sshd.Process.Kill()
		_ = sshd.Wait()
		_ = log.Close()
		if t.Failed() {
			t.Logf("sshd:\n%s", s.Log(t))
		}
	})
	return s.await(t)
}

func (s *Server) await(t testing.TB) bool {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		switch log := s.Log(t); {
		case strings.Contains(log, "Server listening on"):
			return true
		case strings.Contains(log, "Address already in use"):
			return false
		}
	}
	t.Fatalf("sshd does not start:\n%s", s.Log(t))
	return false
}

// Log is what sshd has logged so far.
func (s *Server) Log(t testing.TB) string {
	t.Helper()
	text, err := os.ReadFile(s.log)
	if err != nil {
		t.Fatal(err)
	}
	return string(bytes.ReplaceAll(text, []byte("\r"), nil))
}

// Connections counts the connections that sshd has seen so far.
func (s *Server) Connections(t testing.TB) int {
	t.Helper()
	return strings.Count(s.Log(t), "Connection from ")
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

func writeFile(t testing.TB, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}
