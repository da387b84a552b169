package remote

import (
	"fmt"
	"net"
	"strconv"
	"time"
)

// target is an endpoint with its defaults applied and its key texts parsed.
type target struct {
	user, address string
	password      string
	key           keyText
	agentSocket   string
	dialErrors    int
	perDial       time.Duration
	hostKey       *expectedHostKey
}

// keyText is a private key as it was given.
type keyText struct{ pem, passphrase string }

func (e Endpoint) target() (target, error) {
	if e.Host == "" {
		return target{}, fmt.Errorf("connection.host is empty")
	}
	port := strconv.Itoa(int(or(e.Port, defaultPort)))
	t := target{
		user:        or(e.User, defaultUser),
		address:     net.JoinHostPort(e.Host, port),
		password:    or(e.Password, ""),
		key:         keyText{or(e.PrivateKey, ""), or(e.PrivateKeyPassword, "")},
		agentSocket: or(e.AgentSocketPath, ""),
		dialErrors:  or(e.DialErrorLimit, defaultDialErrorLimit),
		perDial:     time.Duration(or(e.PerDialTimeout, defaultPerDialTimeout)) * time.Second,
	}
	var err error
	if given := or(e.HostKey, ""); given != "" {
		t.hostKey, err = parseHostKey(given)
	}
	return t, err
}

// String names the target in messages.
func (t target) String() string { return t.user + "@" + t.address }

func or[T any](optional *T, fallback T) T {
	if optional == nil {
		return fallback
	}
	return *optional
}

// place names the server without credentials: two connections with the same place lead to the same files.
func (c Connection) place() string {
	name := fmt.Sprintf("%s@%s:%d", or(c.User, defaultUser), c.Host, int(or(c.Port, defaultPort)))
	if c.Proxy != nil {
		name += fmt.Sprintf(" through %s:%d", c.Proxy.Host, int(or(c.Proxy.Port, defaultPort)))
	}
	return name
}
