// Package test drives the whole plugin through gRPC, against a real sshd and a real ssh agent.
package test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"dallinger.invalid/pulumi-resource-command/internal/enginetest"
	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
	"dallinger.invalid/pulumi-resource-command/provider"
)

const (
	remoteCommand = "command:remote:Command"
	copyToRemote  = "command:remote:CopyToRemote"
	localCommand  = "command:local:Command"
)

// values are the inputs of a resource as a program writes them.
type values map[string]any

func inputs(given values) resource.PropertyMap { return resource.NewPropertyMapFromMap(given) }

// with is a copy of the values with changes on top; nil removes a value.
func (v values) with(changes values) values {
	result := values{}
	for name, value := range v {
		result[name] = value
	}
	for name, value := range changes {
		if result[name] = value; value == nil {
			delete(result, name)
		}
	}
	return result
}

func startEngine(t *testing.T) *enginetest.Engine {
	t.Helper()
	return enginetest.Start(t, provider.Name, "1.2.1", provider.New())
}

// connection is how the tests reach the server unless they are about something else: by key, with its host key.
func connection(server *sshtest.Server) values {
	return values{
		"host": server.Host, "port": server.Port, "user": server.User, "privateKey": server.Client.Private,
		"hostKey": server.HostKey.Public, "dialErrorLimit": 1,
	}
}

// remote starts a server and declares a command on it.
func remote(t *testing.T) (*enginetest.Resource, values) {
	t.Helper()
	server := sshtest.Start(t)
	return startEngine(t).Resource(t, remoteCommand), values{"connection": connection(server)}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %q, not %q", what, got, want)
	}
}

func wantSuccess(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError wants an error that contains each of the parts.
func wantError(t *testing.T, err error, parts ...string) {
	t.Helper()
	if err == nil {
		t.Fatal("no error")
	}
	for _, part := range parts {
		if !strings.Contains(err.Error(), part) {
			t.Errorf("the error does not contain %q:\n%v", part, err)
		}
	}
}

func wantFile(t *testing.T, path, want string) {
	t.Helper()
	got, err := os.ReadFile(path)
	wantSuccess(t, err)
	wantText(t, path, string(got), want)
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

func inTemp(t *testing.T, name string) string {
	t.Helper()
	return filepath.Join(t.TempDir(), name)
}
