package remote

import (
	"context"
	"strings"
	"testing"
	"time"

	"dallinger.invalid/pulumi-resource-command/internal/output"
	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
)

func TestAServerThatFallsSilentIsNoticed(t *testing.T) {
	t.Setenv("SSH_AUTH_SOCK", "")
	usual := defaultKeepAlive
	defaultKeepAlive = keepAlive{interval: 200 * time.Millisecond, patience: 500 * time.Millisecond}
	t.Cleanup(func() { defaultKeepAlive = usual })
	link := open(t, sshtest.Start(t))
	ended := make(chan error, 1)
	go func() {
		capture := output.NewCapture(context.Background(), output.None)
		ended <- execution{command: "sleep 60"}.run(context.Background(), link.link, capture)
	}()
	select {
	case err := <-ended:
		t.Fatalf("the keep-alive ends a healthy connection: %v", err)
	case <-time.After(1500 * time.Millisecond):
	}
	link.server.FreezeSessions()
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "was lost") {
			t.Errorf("the error is %v", err)
		}
	case <-time.After(5 * time.Second):
		t.Fatal("nobody notices that the server is silent")
	}
}

type opened struct {
	link   *link
	server *sshtest.Server
}

func open(t *testing.T, server *sshtest.Server) opened {
	t.Helper()
	port := float64(server.Port)
	connection := Connection{Endpoint: Endpoint{
		Host: server.Host, Port: &port, User: &server.User,
		PrivateKey: &server.Client.Private, HostKey: &server.HostKey.Public,
	}}
	link, err := connection.open(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(link.close)
	return opened{link, server}
}
