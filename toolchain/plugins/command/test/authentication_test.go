package test

import (
	"testing"

	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
)

func TestLogsInByThePrivateKeyOfTheConnection(t *testing.T) {
	command, base := remote(t)
	wantSuccess(t, command.Create(inputs(base.with(values{"create": "echo hello"}))))
	wantText(t, "stdout", command.Output("stdout"), "hello")
}

func TestLogsInByTheAgentThatTheEnvironmentNames(t *testing.T) {
	server := sshtest.Start(t)
	t.Setenv("SSH_AUTH_SOCK", sshtest.StartAgent(t, sshtest.NewKey(t, "ed25519"), server.Client))
	command := startEngine(t).Resource(t, remoteCommand)
	byAgent := connection(server).with(values{"privateKey": nil})
	wantSuccess(t, command.Create(inputs(values{"connection": byAgent, "create": "echo hello"})))
	wantText(t, "stdout", command.Output("stdout"), "hello")
}

func TestLogsInByTheAgentThatTheConnectionNames(t *testing.T) {
	server := sshtest.Start(t)
	t.Setenv("SSH_AUTH_SOCK", "/nonexistent")
	command := startEngine(t).Resource(t, remoteCommand)
	byAgent := connection(server).with(values{
		"privateKey": nil, "agentSocketPath": sshtest.StartAgent(t, server.Client),
	})
	wantSuccess(t, command.Create(inputs(values{"connection": byAgent, "create": "true"})))
}

func TestLogsInByAnEncryptedPrivateKey(t *testing.T) {
	key := sshtest.NewEncryptedKey(t, "correct horse")
	server := sshtest.Start(t, sshtest.WithLine("AuthorizedKeysFile "+key.Path+".pub"))
	t.Setenv("SSH_AUTH_SOCK", "")
	command := startEngine(t).Resource(t, remoteCommand)
	encrypted := connection(server).with(values{"privateKey": key.Private})

	err := command.Create(inputs(values{"connection": encrypted, "create": "true"}))
	wantError(t, err, "connection.privateKey is encrypted: give connection.privateKeyPassword")

	encrypted["privateKeyPassword"] = "correct horse"
	wantSuccess(t, command.Create(inputs(values{"connection": encrypted, "create": "true"})))
}

func TestARefusedKeyIsNotTriedAgain(t *testing.T) {
	server := sshtest.Start(t)
	t.Setenv("SSH_AUTH_SOCK", "")
	command := startEngine(t).Resource(t, remoteCommand)
	stranger := connection(server).with(values{
		"privateKey": sshtest.NewKey(t, "ed25519").Private, "dialErrorLimit": 10,
	})
	err := command.Create(inputs(values{"connection": stranger, "create": "true"}))
	wantError(t, err, "authentication failed: the server accepted none of: private key", server.User+"@127.0.0.1")
	if seen := server.Connections(t); seen != 1 {
		t.Errorf("%d connections were made for one refused key", seen)
	}
}

func TestADeadAgentOfTheEnvironmentDoesNotMatterWhenThereIsAKey(t *testing.T) {
	command, base := remote(t)
	t.Setenv("SSH_AUTH_SOCK", "/nonexistent/agent")
	wantSuccess(t, command.Create(inputs(base.with(values{"create": "true"}))))
}

func TestADeadOrEmptyAgentIsSaidToBeTheReason(t *testing.T) {
	server := sshtest.Start(t)
	command := startEngine(t).Resource(t, remoteCommand)
	byAgent := inputs(values{"connection": connection(server).with(values{"privateKey": nil}), "create": "true"})

	t.Setenv("SSH_AUTH_SOCK", "/nonexistent/agent")
	wantError(t, command.Create(byAgent), "the ssh agent at /nonexistent/agent cannot be used")
	t.Setenv("SSH_AUTH_SOCK", sshtest.StartAgent(t))
	wantError(t, command.Create(byAgent), "no way to log in as", "ssh-add")
	t.Setenv("SSH_AUTH_SOCK", "")
	wantError(t, command.Create(byAgent), "no way to log in as", "SSH_AUTH_SOCK")
	if seen := server.Connections(t); seen != 0 {
		t.Errorf("%d connections were made without a way to log in", seen)
	}
}
