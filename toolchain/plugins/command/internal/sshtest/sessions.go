package sshtest

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

const killSignal = syscall.SIGKILL

// KillSessions kills the sshd process of every open connection, which the client sees as a lost connection.
func (s *Server) KillSessions() { s.signalSessions(syscall.SIGKILL) }

// FreezeSessions stops the sshd process of every open connection, which the client sees as silence.
func (s *Server) FreezeSessions() { s.signalSessions(syscall.SIGSTOP) }

// AwaitSessions waits until n connections are open.
func (s *Server) AwaitSessions(t testing.TB, n int) {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(20 * time.Millisecond) {
		if len(s.sessions()) == n {
			return
		}
	}
	t.Fatalf("%d connections are open, not %d", len(s.sessions()), n)
}

func (s *Server) signalSessions(signal syscall.Signal) {
	for _, pid := range s.sessions() {
		for _, child := range children(pid) {
			if strings.HasPrefix(commandOf(child), "sshd") {
				_ = syscall.Kill(child, signal)
			}
		}
		_ = syscall.Kill(pid, signal)
	}
}

// sessions are the processes that the listening sshd has made, one for each connection.
func (s *Server) sessions() []int { return children(s.pid) }

func children(parent int) []int {
	tasks, err := os.ReadFile(fmt.Sprintf("/proc/%d/task/%d/children", parent, parent))
	if err != nil {
		return nil
	}
	var pids []int
	for _, field := range strings.Fields(string(tasks)) {
		if pid, err := strconv.Atoi(field); err == nil && commandOf(pid) != "" {
			pids = append(pids, pid)
		}
	}
	return pids
}

// commandOf is the command line of a process; empty if it has ended.
func commandOf(pid int) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	if err != nil {
		return ""
	}
	return string(text)
}
