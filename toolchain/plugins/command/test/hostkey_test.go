package test

import (
	"strings"
	"testing"

	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
)

func TestAWrongHostKeyIsRefusedAtOnceAndNothingRuns(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t)
	command := startEngine(t).Resource(t, remoteCommand)
	proof := inTemp(t, "ran")
	wrong := connection(server).with(values{"hostKey": sshtest.NewKey(t, "ed25519").Public, "dialErrorLimit": 10})
	err := command.Create(inputs(values{"connection": wrong, "create": "touch " + proof}))
	wantError(t, err, "host key mismatch", "SHA256:")
	if seen := server.Connections(t); seen != 1 {
		t.Errorf("%d connections were made to a server with a wrong host key", seen)
	}
	if exists(proof) || strings.Contains(server.Log(t), "Accepted") {
		t.Error("the wrong server was logged in to")
	}
}

func TestAHostKeyOfATypeThatTheServerLacksIsRefusedAtOnce(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t)
	command := startEngine(t).Resource(t, remoteCommand)
	wrong := connection(server).with(values{"hostKey": sshtest.NewKey(t, "ecdsa").Public, "dialErrorLimit": 10})
	err := command.Create(inputs(values{"connection": wrong, "create": "true"}))
	wantError(t, err, "host key mismatch", "it offers ssh-ed25519")
	if seen := server.Connections(t); seen != 1 {
		t.Errorf("%d connections were made", seen)
	}
}

func TestHostKeysOfEveryTypeAreAccepted(t *testing.T) {
	t.Parallel()
	for _, keyType := range []string{"ed25519", "ecdsa", "rsa"} {
		server := sshtest.Start(t, sshtest.WithHostKey(keyType))
		command := startEngine(t).Resource(t, remoteCommand)
		err := command.Create(inputs(values{"connection": connection(server), "create": "true"}))
		if err != nil {
			t.Errorf("%s: %v", keyType, err)
		}
	}
}

func TestWithoutAHostKeyAnyServerIsAcceptedWithAWarning(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t)
	engine := startEngine(t)
	command := engine.Resource(t, remoteCommand)
	unchecked := connection(server).with(values{"hostKey": nil})
	wantSuccess(t, command.Create(inputs(values{"connection": unchecked, "create": "true"})))
	if !strings.Contains(engine.Logs(), "WARNING connection.hostKey is not set") {
		t.Errorf("no warning:\n%s", engine.Logs())
	}
}

func TestAHostKeyThatIsNoneIsExplained(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	broken := base["connection"].(values).with(values{"hostKey": "SHA256:abc"})
	err := command.Create(inputs(values{"connection": broken, "create": "true"}))
	wantError(t, err, "connection.hostKey is not a public key", "authorized_keys")
}
