package remote

import (
	_ "embed" // for stop.sh
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/ssh"
)

//go:embed stop.sh
var stopScript string

// graceAfterTerm is how long a command that is to be stopped has after signal TERM before it gets KILL.
const graceAfterTerm = 5 * time.Second

// graceAfterKill is how long its end may then take to be reported.
const graceAfterKill = 10 * time.Second

// stop ends a running command and says what became of it.
func stop(session *ssh.Session, l *link, ended <-chan error) string {
	go func() {
		if err := l.stopCommands(); err != nil {
			_ = session.Signal(ssh.SIGTERM)
		}
	}()
	timer := time.NewTimer(graceAfterTerm + graceAfterKill)
	defer timer.Stop()
	select {
	case <-ended:
		return "the command was stopped"
	case <-timer.C:
	}
	l.close()
	<-ended
	return "the command did not end on signals, it may still be running on the server"
}

// stopCommands runs stop.sh on the server. It is a second session on the same connection: by that the script knows
// which processes are meant.
func (l *link) stopCommands() error {
	session, err := l.client.NewSession()
	if err != nil {
		return err
	}
	defer func() { _ = session.Close() }()
	session.Stdin = strings.NewReader(stopScript)
	return session.Run(fmt.Sprintf("exec /bin/sh -s %d", int(graceAfterTerm.Seconds())))
}
