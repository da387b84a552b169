package remote

import (
	"errors"
	"io"
	"sync"
	"time"

	"golang.org/x/crypto/ssh"
)

// keepAlive is how a server that is gone without a word is noticed.
type keepAlive struct{ interval, patience time.Duration }

// defaultKeepAlive notices it after 90 seconds at the latest.
var defaultKeepAlive = keepAlive{interval: 15 * time.Second, patience: 75 * time.Second}

// link is an open connection to a server.
type link struct {
	target  target
	client  *ssh.Client
	below   []io.Closer
	closing sync.Once
	closed  chan struct{}
}

func newLink(t target, client *ssh.Client, below ...io.Closer) *link {
	if client == nil {
		return nil
	}
	l := &link{target: t, client: client, below: below, closed: make(chan struct{})}
	go l.watch(defaultKeepAlive)
	return l
}

// close ends the connection and those that it goes through. It may be called more than once.
func (l *link) close() {
	l.closing.Do(func() {
		close(l.closed)
		_ = l.client.Close()
		for _, closer := range l.below {
			_ = closer.Close()
		}
	})
}

func (l *link) watch(every keepAlive) {
	ticker := time.NewTicker(every.interval)
	defer ticker.Stop()
	for {
		select {
		case <-l.closed:
			return
		case <-ticker.C:
		}
		if err := l.ping(every.patience); err != nil {
			l.close()
			return
		}
	}
}

func (l *link) ping(patience time.Duration) error {
	answered := make(chan error, 1)
	go func() {
		_, _, err := l.client.SendRequest("keepalive@openssh.com", true, nil)
		answered <- err
	}()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	select {
	case err := <-answered:
		return err
	case <-timer.C:
		return errors.New("no answer")
	case <-l.closed:
		return nil
	}
}
