package test

import (
	"net"
	"strings"
	"testing"
	"time"

	"dallinger.invalid/pulumi-resource-command/internal/sshtest"
)

// silent is the port of a server that accepts connections and says nothing.
func silent(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	wantSuccess(t, err)
	t.Cleanup(func() { _ = listener.Close() })
	return listener.Addr().(*net.TCPAddr).Port
}

// closed is a port that nothing listens on.
func closed(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	wantSuccess(t, err)
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

func TestARefusedConnectionIsTriedAsOftenAsDialErrorLimitSays(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	for limit, tries := range map[int]string{0: "failed 1 times", 2: "failed 3 times"} {
		nowhere := base["connection"].(values).with(values{"port": closed(t), "dialErrorLimit": limit})
		err := command.Create(inputs(values{"connection": nowhere, "create": "true"}))
		wantError(t, err, tries, "connection refused")
	}
}

func TestAServerThatIsNotUpYetIsWaitedFor(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	server := base["connection"].(values)
	port := closed(t)
	go func() {
		time.Sleep(500 * time.Millisecond)
		relay(t, port, server["port"].(int))
	}()
	late := server.with(values{"port": port, "dialErrorLimit": -1})
	wantSuccess(t, command.Create(inputs(values{"connection": late, "create": "true"})))
}

func TestAServerThatSaysNothingIsGivenUpAfterPerDialTimeout(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	mute := base["connection"].(values).with(values{"port": silent(t), "dialErrorLimit": 0, "perDialTimeout": 1})
	begin := time.Now()
	err := command.Create(inputs(values{"connection": mute, "create": "true"}))
	wantError(t, err, "no answer within 1s")
	if took := time.Since(begin); took > 5*time.Second {
		t.Errorf("it took %s", took)
	}
}

func TestWaitingForAServerEndsWithTheTimeLimitOfTheOperation(t *testing.T) {
	t.Parallel()
	command, base := remote(t)
	command.Timeout = time.Second
	never := base["connection"].(values).with(values{"port": closed(t), "dialErrorLimit": -1})
	err := command.Create(inputs(values{"connection": never, "create": "true"}))
	wantError(t, err, "customTimeouts")
}

func TestABastionHostIsGoneThroughWithItsOwnHostKey(t *testing.T) {
	t.Parallel()
	bastion, server := sshtest.Start(t), sshtest.Start(t)
	command := startEngine(t).Resource(t, remoteCommand)
	through := connection(server).with(values{"proxy": connection(bastion)})
	wantSuccess(t, command.Create(inputs(values{"connection": through, "create": "echo $SSH_CONNECTION"})))
	if bastion.Connections(t) != 1 || server.Connections(t) != 1 {
		t.Errorf("%d and %d connections", bastion.Connections(t), server.Connections(t))
	}
	bastion.AwaitSessions(t, 0)
	server.AwaitSessions(t, 0)

	wrong := connection(bastion).with(values{"hostKey": server.HostKey.Public})
	err := command.Create(inputs(values{"connection": through.with(values{"proxy": wrong}), "create": "true"}))
	wantError(t, err, "proxy: ", "host key mismatch")
}

func TestEveryOperationClosesItsOneConnection(t *testing.T) {
	t.Parallel()
	server := sshtest.Start(t)
	command := startEngine(t).Resource(t, remoteCommand)
	base := values{"connection": connection(server), "create": "true", "delete": "true"}
	wantSuccess(t, command.Create(inputs(base)))
	server.AwaitSessions(t, 0)
	wantSuccess(t, command.Update(inputs(base.with(values{"stdin": "changed"}))))
	server.AwaitSessions(t, 0)
	wantSuccess(t, command.Delete())
	server.AwaitSessions(t, 0)
	wantError(t, command.Create(inputs(base.with(values{"create": "false"}))), "status 1")
	server.AwaitSessions(t, 0)
	if seen := server.Connections(t); seen != 4 {
		t.Errorf("%d connections for 4 operations:\n%s", seen, strings.TrimSpace(server.Log(t)))
	}
}
