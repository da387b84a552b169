package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"

	p "github.com/pulumi/pulumi-go-provider"
	"golang.org/x/crypto/ssh"
)

// dialer opens a network connection; both net.Dialer and ssh.Client are one.
type dialer interface {
	DialContext(ctx context.Context, network, address string) (net.Conn, error)
}

// open connects to the server, through its bastion host if it has one. Close the result: it ends both.
func (c Connection) open(ctx context.Context) (*link, error) {
	server, err := c.target()
	if err != nil {
		return nil, err
	}
	if c.Proxy == nil {
		client, err := server.connect(ctx, &net.Dialer{})
		return newLink(server, client), err
	}
	bastion, err := c.Proxy.target()
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	outer, err := bastion.connect(ctx, &net.Dialer{})
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	client, err := server.connect(ctx, outer)
	if err != nil {
		_ = outer.Close()
		return nil, err
	}
	return newLink(server, client, outer), nil
}

func (t target) connect(ctx context.Context, through dialer) (*ssh.Client, error) {
	access, err := t.authenticate()
	if err != nil {
		return nil, err
	}
	defer access.close()
	if t.hostKey == nil {
		p.GetLogger(ctx).Warningf("connection.hostKey is not set: the identity of %s is not checked", t.address)
	}
	return attempts(ctx, t, t.dialErrors, func(ctx context.Context) (*ssh.Client, error) {
		raw, err := through.DialContext(ctx, "tcp", t.address)
		if err != nil {
			return nil, err
		}
		return t.handshake(ctx, raw, access)
	})
}

func (t target) handshake(ctx context.Context, raw net.Conn, access *authentication) (*ssh.Client, error) {
	var mismatch error
	config := &ssh.ClientConfig{User: t.user, Auth: access.methods, HostKeyCallback: ssh.InsecureIgnoreHostKey()}
	if t.hostKey != nil {
		config.HostKeyAlgorithms = t.hostKey.algorithms()
		config.HostKeyCallback = func(host string, remote net.Addr, key ssh.PublicKey) error {
			mismatch = t.hostKey.check(host, remote, key)
			return mismatch
		}
	}
	release := context.AfterFunc(ctx, func() { _ = raw.Close() })
	connection, channels, requests, err := ssh.NewClientConn(raw, t.address, config)
	if !release() && err == nil {
		_ = connection.Close()
		err = ctx.Err()
	}
	if err != nil {
		_ = raw.Close()
		return nil, t.explain(err, mismatch, access)
	}
	return ssh.NewClient(connection, channels, requests), nil
}

// explain tells errors that a further attempt would only repeat, at the risk of being locked out, from passing ones.
func (t target) explain(err, mismatch error, access *authentication) error {
	var negotiation *ssh.AlgorithmNegotiationError
	switch {
	case mismatch != nil:
		return finalError{mismatch}
	case t.hostKey != nil && errors.As(err, &negotiation) && strings.Contains(negotiation.What, "host key"):
		return finalError{&hostKeyError{fmt.Sprintf("host key mismatch: connection.hostKey is %s, and the server has no "+
			"key of that type (it offers %s)", fingerprint(t.hostKey.key), strings.Join(negotiation.RequestedAlgorithms, ", "))}}
	case strings.Contains(err.Error(), "unable to authenticate"),
		strings.Contains(err.Error(), "Too many authentication failures"):
		return finalError{fmt.Errorf("authentication failed: the server accepted none of: %s (%w)", access, err)}
	}
	return err
}
